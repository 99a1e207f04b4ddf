#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"
#include "meter/collect.h"

/* One number as a line of StatsD, `shop.requests_total:3|c`, or of DogStatsD, which has labels
 * as tags, `...|#endpoint:/,method:GET`.
 *
 * Shape:   a name of letters, digits, '_', '-' and '.'; anything else is '_'. Plain StatsD has
 *          no tags: the labels' values are further parts of the name. In tags only what would
 *          end them is replaced: controls, ',', '|', '#', and ':' in names. A line ends with
 *          no line feed.
 * Threads: pure functions.
 * Source:  github.com/statsd/statsd, docs/metric_types.md; DogStatsD, "Datagram format". */
struct tell_statsd_line {
	const char *prefix; /* "" or "shop." */
	bool tags;	    /* DogStatsD */
	const char *name;
	const char *end; /* of the name: "_total" or "" */
	bool counter;	 /* value is what came in addition */
	const struct tell_label *labels;
	size_t n_labels;
	struct tell_reading value;
};

/* False: the value is one that cannot be said, NaN or infinite. */
bool tell_statsd_put(struct tell_buf *out, const struct tell_statsd_line *line);
