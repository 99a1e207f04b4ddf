#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The lines of a file of /proc, one after the other, however long it is.
 *
 *	struct tell_host_lines in;
 *	tell_host_lines_open(&in, "/proc", "meminfo");
 *	while ((line = tell_host_lines_next(&in)))
 *		...
 *	tell_host_lines_close(&in);
 *
 * Limits:  a line longer than the buffer ends there, and the rest of it is passed over.
 * Threads: one owner; nothing from malloc(). */
struct tell_host_lines {
	int fd; /* -1: there is no such file */
	size_t at, n;
	bool skips; /* the rest of a line that was too long */
	char bytes[2048];
};

void tell_host_lines_open(struct tell_host_lines *in, const char *dir, const char *name);

/* Without its newline, valid until the next; NULL: there are no more. */
char *tell_host_lines_next(struct tell_host_lines *in);
void tell_host_lines_close(struct tell_host_lines *in);

/* Reads the number at *text, behind blanks, and moves behind it. False: there is none. */
bool tell_host_number(const char **text, uint64_t *ret);
