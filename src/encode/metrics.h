#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"
#include "meter/collect.h"

/* Metrics as a JSON array: what `telltale status -o json` shows, and the field METRICS of a
 * record of kind metric.
 *
 *	[{"name":"requests","type":"counter","help":"Answered.","samples":[
 *	  {"labels":{"endpoint":"/"},"value":340}]}]
 *
 *	struct tell_metrics_json m;
 *	tell_metrics_begin(&m, &buf);
 *	tell_collect_registry(&(struct tell_collector){
 *		tell_metrics_family, tell_metrics_sample, &m });
 *	tell_metrics_end(&m);
 *
 * Shape:   names as in meter/collect.h; what is no number in JSON is "NaN", "+Inf", "-Inf".
 * Threads: one owner at a time. */
struct tell_metrics_json {
	struct tell_buf *out;
	bool begun; /* a family is open */
};

void tell_metrics_begin(struct tell_metrics_json *m, struct tell_buf *out);
void tell_metrics_family(void *m, const struct tell_metric *family);
void tell_metrics_sample(
	void *m, const struct tell_label *labels, size_t n, struct tell_reading value);
void tell_metrics_end(struct tell_metrics_json *m);
