#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "meter/grid.h"
#include "source/entry.h"

/* What `query --by` adds up: numbers by group (the values of some fields) and by time.
 *
 * Shape:   groups of cells; a cell is one group in one span of time, as wide as all others.
 * Limits:  TELL_BY_GROUPS_MAX groups, further ones are the group `other`; TELL_BY_CELLS_MAX
 *          cells, or TELL_BY_BYTES_MAX of what was measured (10 KiB a cell, 0.5 as a rule), then
 *          the spans are made wider. A value is cut at TELL_BY_VALUE_MAX bytes.
 * Error:   quantiles as in meter/grid.h.
 * Threads: one owner. */
#define TELL_BY_NAMES_MAX  8
#define TELL_BY_GROUPS_MAX 1000
#define TELL_BY_CELLS_MAX  20000
#define TELL_BY_BYTES_MAX  ((size_t)16 << 20) /* more than all groups need in one span */
#define TELL_BY_FIT	   60		      /* spans where the width was left to us */
#define TELL_BY_VALUE_MAX  100
#define TELL_BY_OF	   "duration"

#define TELL_BY_CHUNK  32
#define TELL_BY_CHUNKS ((TELL_GRID_PARTS + 2) / TELL_BY_CHUNK + 1)

enum tell_by_kind { TELL_BY_RECORDS, TELL_BY_COUNTER, TELL_BY_GAUGE, TELL_BY_HISTOGRAM };

/* What was measured, by places of a grid without bounds. */
struct tell_by_spread {
	double n, min, max;
	double *chunks[TELL_BY_CHUNKS];
};

struct tell_by_cell {
	uint64_t at;		       /* which span: the begin is at * width */
	double n;		       /* records; by how much a counter grew; a gauge */
	struct tell_by_spread *spread; /* NULL: nothing was measured */
};

/* Of each name '=' and its value, or '-' when it is missing; each with a NUL. */
struct tell_by_group {
	char *key;
	size_t key_len;
	struct tell_by_cell *cells; /* by time */
	size_t n_cells, cap;
};

struct tell_by_set {
	enum tell_by_kind kind;
	bool timed;		    /* else there is one span */
	bool fit;		    /* as wide as makes TELL_BY_FIT spans at most */
	bool wider;		    /* than was asked for: there were too many cells */
	uint64_t width_ns;	    /* 0: timed, and nobody said */
	uint64_t offset_ns;	    /* of local time: whole days are local ones */
	uint64_t first_ns, last_ns; /* of what was added */
	uint64_t min_at, max_at;
	struct tell_by_group *groups;
	size_t n_groups, n_cells;
	size_t n_bytes; /* of spreads */
	struct tell_by_group other;
	uint16_t *slots; /* of groups by hash, one more; 0: free */
	uint8_t secret[16];
	struct tell_grid grid;
	bool out_of_memory;
};

int tell_by_set_init(struct tell_by_set *s);
void tell_by_set_done(struct tell_by_set *s);

/* The cell of a key at a time. NULL: memory is out, kept in the set. Valid until the next. */
struct tell_by_cell *tell_by_cell(
	struct tell_by_set *s, const char *key, size_t len, uint64_t ns);

/* It is about this time, too, even with nothing in it. */
void tell_by_reach(struct tell_by_set *s, uint64_t ns);

/* weight times the value was measured. */
void tell_by_measure(
	struct tell_by_set *s, struct tell_by_cell *cell, double value, double weight);

/* A key's value begins at `at`, with its '=' or '-': cut it and end it. */
void tell_by_key_end(struct tell_buf *key, size_t at);

/* The same cells in spans that are factor times as wide. */
void tell_by_widen(struct tell_by_set *s, uint64_t factor);

/* When span number `at` begins. */
uint64_t tell_by_begin(const struct tell_by_set *s, uint64_t at);

/* To the next width. */
uint64_t tell_by_next_factor(const struct tell_by_set *s);

/* All cells of the group as one, whose spread is the caller's to free. */
struct tell_by_cell tell_by_sum(struct tell_by_set *s, const struct tell_by_group *g);
void tell_by_spread_free(struct tell_by_set *s, struct tell_by_spread *spread);

/* Put what is behind the greatest `rows` groups into `other`, or without groups leave only the
 * newest spans; order the groups, the greatest first. */
void tell_by_order(struct tell_by_set *s, uint64_t rows);

/* 0 < q < 1. */
double tell_by_quantile(
	const struct tell_by_set *s, const struct tell_by_spread *spread, double q);

/* What stands in a key for name number i. False: it was missing. */
bool tell_by_value(const struct tell_by_group *g, size_t i, const char **ret);
