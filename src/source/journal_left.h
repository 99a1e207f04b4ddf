#pragma once
#include <stdint.h>

/* About how many bytes of a journal lie behind an entry. Of the file that it is in, and of those that
 * have its row of numbers, it is as much as the numbers say; of others as much as of their span of time.
 * So it is an estimate, and knows nothing of what a source line leaves out.
 *
 * Shape:   a file's bytes are those up to its last object: journald makes them in advance.
 * Threads: pure but for the file system.
 * Source:  systemd.io/JOURNAL_FILE_FORMAT, "Header". */
struct tell_journal_spot {
	uint64_t us;	/* realtime */
	const char *id; /* of its row of numbers, hex; NULL: only the time is known */
	uint64_t number;
};

/* In the directory, as `source journal directory=`; NULL: this machine's journal of that
 * namespace, as namespace= has it. */
uint64_t tell_journal_left(
	const char *directory, const char *name, const struct tell_journal_spot *from);
