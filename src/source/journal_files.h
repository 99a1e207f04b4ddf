#pragma once
#include <stddef.h>

/* The files of a journal that libsystemd leaves out without a word: damaged at their begin, cut
 * off, or not ours to read.
 *
 * Threads: pure but for the file system. */
#define TELL_JOURNAL_FILE_NAME 512

struct tell_journal_unread {
	size_t n;
	char first[TELL_JOURNAL_FILE_NAME]; /* one of them... */
	int error; /* ...and why, -errno; -ENODATA: it is cut off */
};

/* In the directory; NULL: in this machine's. */
void tell_journal_unread(struct tell_journal_unread *ret, const char *directory);
