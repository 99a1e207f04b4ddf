#pragma once
#include <stddef.h>
#include "source/sequence.h"

/* The files of a journal themselves, for libsystemd says nothing of what it leaves out: files
 * that are damaged at their begin, cut off, or not ours to read.
 *
 * Threads: pure but for the file system. */
#define TELL_JOURNAL_FILE_NAME 512

/* Which: the directory, and the machines' in it; or, of NULL, this machine's of the namespace,
 * as sd_journal_open_namespace() and journalctl --namespace= take them: NULL, NAME, +NAME, * */
struct tell_journal_place {
	const char *directory, *name;
};

struct tell_journal_unread {
	size_t n;
	char first[TELL_JOURNAL_FILE_NAME]; /* one of them... */
	int error; /* ...and why, -errno; -ENODATA: it is cut off */
};

void tell_journal_unread(
	struct tell_journal_unread *ret, const struct tell_journal_place *place);

/* What the heads of all files say; those that have none of a journal's are left out. */
void tell_journal_parts(struct tell_sequences *s, const struct tell_journal_place *place);
