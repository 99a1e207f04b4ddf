#pragma once
#include "tool/by.h"
#include "tool/print.h"

/* What --by found, as a table with bars for people, or as JSON lines.
 *
 * Table:   bars where a line is a group or a span of time; where it is a group over time, a
 *          row of small bars, each line to its own scale.
 * Threads: one owner. */
struct tell_by_view {
	struct tell_by_set *set;
	const char *const *names; /* of its groups */
	size_t n_names;
	const char *metric;	   /* NULL: records were counted */
	const char *of;		   /* what was measured */
	uint64_t begin_ns, end_ns; /* which time it is about, for rates */
	struct tell_print *print;
	unsigned columns; /* of the terminal */
	bool utf8, reverse;
};

/* A line of it: a group, or a span of time, or many of those with nothing in them. */
struct tell_by_line {
	const struct tell_by_group *group;
	struct tell_by_cell sum; /* its spread is borrowed when `cell` */
	double low, high;	 /* of a gauge over time */
	uint64_t empty;		 /* > 0: so many spans */
	bool cell, other;
};

void tell_by_table(const struct tell_by_view *v, struct tell_buf *out);
void tell_by_json(const struct tell_by_view *v, struct tell_buf *out);

/* Is a line a span of time: is there but one group? */
bool tell_by_is_plain(const struct tell_by_view *v);

/* Seconds of all that was asked about; 0: a moment. */
double tell_by_seconds(const struct tell_by_view *v);

/* ---- by_graph.c ---- */

/* A bar of `share` (0 to 1) of n columns. */
void tell_by_bar(struct tell_buf *out, bool utf8, double share, unsigned n);

/* A group's cells as small bars, `each` spans one. */
void tell_by_spark(const struct tell_by_view *v, struct tell_buf *out,
	const struct tell_by_group *g, uint64_t each);

/* A number with three digits that count, or all before the point. */
void tell_by_put_number(struct tell_buf *out, double n);

/* Text for a line of a table: no more than `max` columns; returns how many. */
unsigned tell_by_put_text(
	struct tell_buf *out, bool utf8, const char *text, unsigned max);
