#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The files that a rotated log leaves beside itself, by their names and no others:
 *
 *	NAME.000042.20261127T015800Z		written up to that second, UTC
 *	NAME.000042.20261127T015800Z.zst	compressed since; or .gz
 *
 * The number tells the order, whatever the clock did; it has six digits, or more that begin
 * with none of 0. Whoever deletes asks here first: a file of any other name stays.
 *
 * Threads: pure but for the file system. */
#define TELL_GENERATION_MAX  256 /* a name with its NUL: NAME_MAX of limits.h */
#define TELL_GENERATION_LAST UINT64_C(999999999999) /* no log is rotated as often */
#define TELL_GENERATION_TEMP ".tmp"		    /* behind it: not whole yet */

enum tell_generation_form {
	TELL_GENERATION_PLAIN,
	TELL_GENERATION_ZSTD,
	TELL_GENERATION_GZIP,
};

struct tell_generation {
	uint64_t number;
	uint64_t ended_ns; /* realtime, whole seconds */
	uint64_t bytes;
	enum tell_generation_form form;
	char name[TELL_GENERATION_MAX];
};

struct tell_generations {
	struct tell_generation
		*list; /* oldest first; of one number the plain one first */
	size_t n, cap;
};

/* Room for the longest ending, and for the digits of every number. */
bool tell_generation_fits(const char *base);

/* base's next generation, ended at that time. */
void tell_generation_name(char name[TELL_GENERATION_MAX], const char *base,
	uint64_t number, uint64_t ended_ns);

/* How many bytes of name are the log's own name in front; 0: it is no generation. */
size_t tell_generation_base(const char *name, struct tell_generation *ret);

/* Those of base in the directory, regular files only. 0 or -errno; the caller ends it. */
int tell_generations_list(struct tell_generations *ret, int dir, const char *base);
void tell_generations_done(struct tell_generations *g);
