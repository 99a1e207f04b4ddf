#pragma once
#include <stdint.h>

/* About how many bytes of a journal lie behind a time: files that end before it are none, files
 * that begin behind it are all of theirs, one in between is as much as of its span of time. So
 * it is an estimate, and knows nothing of what a source line leaves out.
 *
 * Shape:   a file's bytes are those up to its last object: journald makes them in advance.
 * Threads: pure but for the file system.
 * Source:  systemd.io/JOURNAL_FILE_FORMAT, "Header". */

/* In the directory, as `source journal directory=`; NULL: this machine's journal of that
 * namespace, as namespace= has it. */
uint64_t tell_journal_left(const char *directory, const char *name, uint64_t from_us);
