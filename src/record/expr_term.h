#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "record/expr.h"

/* A name of a metric in an expression (record/expr_metric.h), and what it is worth.
 *
 * Threads: one owner at a time. */
enum tell_term_member {
	TELL_TERM_PLAIN,
	TELL_TERM_RATE,
	TELL_TERM_AVG,
	TELL_TERM_COUNT,
	TELL_TERM_SUM,
	TELL_TERM_QUANTILE
};

struct tell_term {
	const char *text;	  /* borrowed; lives longer */
	size_t len;		  /* of the name, in front of { */
	struct tell_expr *labels; /* what is in {...}; NULL: none */
	char *key;		  /* of meter/recent.h: without the member */
	size_t family_len;	  /* the name without the member */
	enum tell_term_member member;
	double q;
	bool known;
	double value;
	uint64_t met;  /* in the window; UINT64_MAX: it is no counter or histogram */
	char why[160]; /* "": there was nothing */
};

/* text: "name" or "name{labels}". 0; -EINVAL with the reason; -ENOMEM. Then too it is to be done
 * away with. */
int tell_term_init(struct tell_term *t, const char *text, struct tell_expr_error *error);
void tell_term_done(struct tell_term *t);

/* known, value, met, why: as it is now. */
void tell_term_read(
	struct tell_term *t, const char *service, uint64_t window_ns, uint64_t now_ns);

/* Fill the error, give -EINVAL. */
int tell_term_refuse(struct tell_expr_error *error, const char *fix, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
