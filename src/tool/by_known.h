#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "source/entry.h"

/* The names that records have, for who asked `query --by` for one that none of them has.
 *
 *	tell_by_known_fields(&known, entry);	as long as a name was not met
 *	tell_by_known_nearest(&known, "reqests_total", &text);
 *
 * Shape:   a table of hashes; fields, and metrics as they are asked for.
 * Limits:  TELL_BY_KNOWN_MAX names of at most 64 bytes, those that came first.
 * Threads: one owner. */
#define TELL_BY_KNOWN_MAX   512
#define TELL_BY_KNOWN_SLOTS 1024
#define TELL_BY_KNOWN_SHOWN 5

struct tell_by_known {
	char *names[TELL_BY_KNOWN_SLOTS];
	size_t n;
};

/* `ending` is put behind the name. Without memory it is not kept: only a hint is lost. */
void tell_by_known_add(
	struct tell_by_known *k, const char *name, size_t len, const char *ending);
void tell_by_known_fields(struct tell_by_known *k, const struct tell_entry *e);

/* Put the names that are near what was written, the nearest first, with commas; where none is
 * near the first few of all. False: there are none. */
bool tell_by_known_nearest(
	const struct tell_by_known *k, const char *written, struct tell_buf *out);

void tell_by_known_done(struct tell_by_known *k);
