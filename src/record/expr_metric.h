#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "record/expr.h"

/* A condition on the process's own metrics, by the grammar of record/expr.h.
 *
 *	requests_total{status>=500} / requests_total > 0.05
 *	request_duration_seconds.p95 > 2 or process_resident_memory_bytes > 2e9
 *
 * Names:   a counter is what was counted in the window, NAME.rate that a second; a gauge is what
 *          it is now; of a histogram, NAME.p50 .p95 .p99 .p999, .avg, .count, .sum and .rate of
 *          what was observed in the window. All series of the name together (of a gauge: their
 *          sum), or those whose labels are as {...} says, in the same grammar.
 * Others:  what has no handle, process_... and telltale_..., is looked for where it is shown
 *          (meter/gather.h): a counter of those is what it is now.
 * Open:    0/0, quantiles of nothing, names that no metric has yet.
 * Limits:  TELL_METRIC_TERMS names; those of meter/recent.h.
 * Threads: one owner at a time; what is kept of the metrics is the process's. */
#define TELL_METRIC_TERMS 16

struct tell_metric_expr;

/* 0; -EINVAL with the reason; -ENOMEM. A name that no metric has yet is fine. */
int tell_metric_expr_new(struct tell_metric_expr **ret, const char *text,
	struct tell_expr_error *ret_error);
struct tell_metric_expr *tell_metric_expr_free(struct tell_metric_expr *e);

/* Ask the metrics, then judge. service: whose telltale_... are meant. */
void tell_metric_expr_read(struct tell_metric_expr *e, const char *service,
	uint64_t window_ns, uint64_t now_ns);
enum tell_expr_truth tell_metric_expr_judge(const struct tell_metric_expr *e);

/* How much the busiest of its counters and histograms met; UINT64_MAX: it has none. */
uint64_t tell_metric_expr_traffic(const struct tell_metric_expr *e);

/* The names of it, each once: as written, with '_' for '.'. known: value is a number; else why is
 * a sentence, or NULL: there was nothing. */
struct tell_metric_term {
	const char *name; /* with {...} */
	bool chosen;	  /* it has {...} */
	bool known;
	double value;
	const char *why;
};
bool tell_metric_expr_next(
	const struct tell_metric_expr *e, size_t *pos, struct tell_metric_term *ret);
