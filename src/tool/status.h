#pragma once
#include <stdio.h>
#include "meter/expose.h"
#include "decode/json_read.h"
#include "tool/notices.h"
#include "tool/running.h"

/* The status of running services, as they gave it (api/status.h), in the forms of `telltale
 * status`. What a process says is checked to be JSON, and escaped where it is shown. */
struct tell_status {
	const struct tell_running *of;
	struct tell_json_span all; /* the object */
	struct tell_suppressed
		suppressed; /* by journald, of a stack with a sink journald */
};

/* A member of what the service said: a number, else 0; a string, escaped for a terminal. */
uint64_t tell_status_u64(const struct tell_json_span *in, const char *key);
void tell_status_put_text(FILE *out, const struct tell_json_span *in, const char *key);

/* For people. */
void tell_status_text(FILE *out, const struct tell_status *s, bool color);

/* Which metrics it has, a line without their values; nothing where there are none. */
void tell_status_families(FILE *out, const struct tell_status *s);

/* All metrics of n processes, each with its service and pid; families of one name stand
 * together. A metric that has another type than its namesake before is left out and counted:
 * returns how many were. */
size_t tell_status_metrics(struct tell_buf *out, const struct tell_status *list, size_t n,
	enum tell_expose_format format);

/* A number, or one of the words that stand for those JSON has not. */
bool tell_status_read_number(const struct tell_json_span *v, struct tell_reading *ret);

/* A histogram's sample, and what its reading points into. False: it is none, or not whole. */
struct tell_status_buckets {
	struct tell_buckets b;
	double bounds[TELL_BOUNDS_MAX + 1];
	uint64_t counts[TELL_BOUNDS_MAX + 1];
	struct tell_exemplar exemplars[TELL_BOUNDS_MAX + 1];
};
bool tell_status_read_histogram(struct tell_status_buckets *to,
	const struct tell_json_span *sample, struct tell_reading *ret);
/* Put such a text into DIR, for node_exporter's textfile collector: whole or not at all. 0, or a
 * code of sysexits(3), said. */
#define TELL_STATUS_TEXTFILE "telltale.prom"
int tell_status_textfile(const char *dir, const struct tell_buf *text);

/* Print the metrics of all processes, or those of one service, as their records of kind metric in
 * the journal have them (metric publish): of each series the last value. Processes that were not
 * heard of for so long that they must have ended are left out. 0, or a code of sysexits(3), said. */
int tell_status_published(const char *service, enum tell_expose_format format);

/* Ask the journal for what the service cannot know: fills in s->suppressed. */
void tell_status_ask_journald(struct tell_status *s, struct tell_notices *notices);

/* As JSON: ,"journald":{...}; nothing where it is not known. */
void tell_status_put_journald(FILE *out, const struct tell_status *s);

/* As a sample of one family, which the first begins: true once it has begun. */
#define TELL_STATUS_SUPPRESSED "telltale_records_suppressed"
bool tell_status_expose_journald(
	struct tell_expose *e, const struct tell_status *s, bool begun);

/* What waits in the spools of its sinks. */
void tell_status_spools(FILE *out, const struct tell_status *s);

/* The same of one that is asked for it: 0 or a code of sysexits(3), said. */
int tell_status_show_spools(struct tell_running *r, const char *verb);

/* Ask one and show it as text: 0 or a code of sysexits(3), said. */
int tell_status_show(struct tell_running *r, const char *verb, bool color);

/* How far the ways of a forwarder are: a line each, of any other service none. */
void tell_status_forward(FILE *out, const struct tell_status *s, bool color);

/* The same for monitoring, each way's lag: " 'loki-a lag'=1.5s;;;0 'loki-a left'=0B;;;0" */
void tell_status_forward_perf(struct tell_buf *out, const struct tell_status *s);

/* How it is, for people. */
void tell_status_health(FILE *out, const struct tell_status *s, bool color);

/* For programs: 0 when all n are well, else 1; of nagios a line each, and 0 well, 1 degraded,
 * 2 unhealthy, 3 not known. */
#define TELL_STATUS_UNKNOWN 3
enum tell_status_probe {
	TELL_STATUS_NO_PROBE,
	TELL_STATUS_LIVE,
	TELL_STATUS_READY,
	TELL_STATUS_NAGIOS
};
int tell_status_probe(
	enum tell_status_probe probe, const struct tell_status *list, size_t n);
