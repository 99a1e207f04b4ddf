#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <telltale/module.h>

#include "base/held.h"
#include "sink/append.h"

/* A file of lines that others rotate: whoever does it renames it; we notice within a second,
 * or at once when told, and go on in a new one.
 *
 * Threads: one at a time. */
struct tell_rolled {
	char *path; /* the owner's, from / on */
	mode_t mode;
	struct tell_held held;
	struct tell_append append;
	const char *why; /* it could not be opened, in words; or NULL */
	uint64_t look_ns;
};

/* No file yet; path and mode are set by the owner. */
void tell_rolled_init(struct tell_rolled *f);

/* The file at path becomes ours. 0 or -errno; the old one is closed on 0 only. */
int tell_rolled_open(struct tell_rolled *f);

/* Go on in what stands at path now; without a descriptor left in the old one. 0 or -errno. */
int tell_rolled_renew(struct tell_rolled *f);

/* Append whole lines, opening the file where it is not: how many bytes, and the errno for the
 * rest. */
size_t tell_rolled_append(struct tell_rolled *f, const char *data, size_t len,
	struct tell_run *run, int *ret_error);

/* Until it is opened or appended to again. */
void tell_rolled_close(struct tell_rolled *f);
