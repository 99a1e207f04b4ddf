#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "meter/collect.h"

/* What of each series was told last, so that only what changed is told again, or by how much.
 *
 *	struct tell_told_row *row = tell_told_row(&t, family, labels, n);
 *	if (row && !(row->known && tell_reading_same(row->value, now))) {
 *		... tell, or remember row->hash and do so later ...
 *		tell_told_set(&t, row->hash, now);
 *	}
 *
 * Shape:   a table of hashes: 64 bits of a keyed hash stand for a series (two of 10,000 meet
 *          once in 10^11 processes), 32 bytes each; it doubles, and forgets nothing.
 * Limit:   TELL_TOLD_MAX series; there is no row for further ones.
 * Threads: one owner at a time. A row is good until the next one is asked for. */
#define TELL_TOLD_MAX ((size_t)1 << 20)

struct tell_told_row {
	uint64_t hash; /* 0: free */
	bool known;    /* value was told */
	struct tell_reading value;
};

struct tell_told {
	uint8_t key[16];
	struct tell_told_row *rows;
	size_t n, cap; /* cap: a power of two */
	struct tell_buf text;
};

void tell_told_init(struct tell_told *t);
void tell_told_done(struct tell_told *t);

/* Nothing was told: as in a forked child. */
void tell_told_forget(struct tell_told *t);

/* The series', which is made if need be. NULL: memory is out, or it is over the limit. */
struct tell_told_row *tell_told_row(struct tell_told *t, const char *family,
	const struct tell_label *labels, size_t n);

/* It was told. */
void tell_told_set(struct tell_told *t, uint64_t hash, struct tell_reading value);

/* The same number: bit by bit, as a NaN equals nothing else. */
bool tell_reading_same(struct tell_reading a, struct tell_reading b);

/* As a number that may have a part behind the point. */
static inline double tell_reading_f64(struct tell_reading r)
{
	return r.whole ? (double)r.u64 : r.f64;
}
