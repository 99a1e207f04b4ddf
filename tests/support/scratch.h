#pragma once
#include <stddef.h>

/* A directory of one test, and files in it.
 *
 *	tell_scratch_make();
 *	const char *log = tell_scratch_path("log");	(static, four at a time)
 *	...
 *	tell_scratch_remove();
 *
 * Threads: one. */
void tell_scratch_make(void);
void tell_scratch_remove(void);
const char *tell_scratch_path(const char *name);

/* The whole file, NUL behind it; a missing one fails the test. The caller frees. */
char *tell_scratch_read(const char *path, size_t *ret_len);
void tell_scratch_write(const char *path, const char *text);

/* Lines in the file; 0 when it is missing. */
size_t tell_scratch_lines(const char *path);
