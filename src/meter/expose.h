#pragma once
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "meter/collect.h"
#include "meter/exemplar.h"

/* Metrics as text that Prometheus and its kin read.
 *
 *	struct tell_expose e = { .out = &buf, .format = TELL_EXPOSE_PROMETHEUS };
 *	tell_expose_family(&e, &(struct tell_metric){ "requests", "Answered.", TELL_METRIC_COUNTER });
 *	tell_expose_sample(&e, labels, 2, value);	(each series)
 *	tell_expose_end(&e);
 *
 * Shape:   a family's samples stand together, each set of labels once: the caller sees to it.
 *          Values of labels are text of any kind: escaped, ill-formed UTF-8 as U+FFFD.
 * Threads: one owner at a time.
 *          A histogram's sample is all its buckets, its sum and its count.
 * Source:  Prometheus text format 0.0.4; OpenMetrics 1.0, which wants counters' families
 *          without "_total", units named and an end. */
enum tell_expose_format { TELL_EXPOSE_PROMETHEUS, TELL_EXPOSE_OPENMETRICS };

/* What HTTP calls them, Content-Type. */
#define TELL_EXPOSE_PROMETHEUS_TYPE "text/plain; version=0.0.4; charset=utf-8"
#define TELL_EXPOSE_OPENMETRICS_TYPE                                                     \
	"application/openmetrics-text; version=1.0.0; charset=utf-8"

struct tell_expose {
	struct tell_buf *out;
	enum tell_expose_format format;
	struct tell_metric now; /* the family that samples belong to */
};

void tell_expose_family(struct tell_expose *e, const struct tell_metric *m);
void tell_expose_sample(struct tell_expose *e, const struct tell_label *labels, size_t n,
	struct tell_reading value);
void tell_expose_end(struct tell_expose *e);

/* What `le` is of a bound: the same text in both formats, "1.0", "1e-05", "1.5e+07", as
 * OpenMetrics' "Canonical Numbers" and Prometheus' Python client have them. */
void tell_expose_put_bound(struct tell_buf *out, double bound);
