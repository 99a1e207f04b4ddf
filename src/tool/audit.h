#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which numbers of TELL_SEQ, <run>.<lane>.<n>, were met, and so which were not: what
 * `query --audit` adds up. A number that is missing between two others is a record that did not
 * arrive; one that is met again is a record that arrived twice. Any order is right.
 *
 * Shape:   a lane is the spans of numbers that were met, by their order. A run is told by its
 *          8 hex digits alone: what was recovered came in another boot, by another process.
 * Limits:  TELL_AUDIT_LANES lanes; records of further ones are counted only. TELL_AUDIT_SPANS
 *          spans a lane and TELL_AUDIT_SPANS_ALL together: then a lane's lowest gaps are settled,
 *          counted as missing and no longer named; what comes for them later counts as twice.
 * Threads: one owner. */
#define TELL_AUDIT_LANES     10000
#define TELL_AUDIT_SPANS     16384
#define TELL_AUDIT_SPANS_ALL 1000000
#define TELL_AUDIT_SERVICE   64

struct tell_audit_span {
	uint64_t from, to; /* both were met */
};

/* What is known of the record with the lowest number. */
struct tell_audit_who {
	char service[TELL_AUDIT_SERVICE];
	char boot[33]; /* "" in files */
	uint32_t pid;
};

struct tell_audit_lane {
	uint32_t run;
	uint16_t lane;
	bool chosen; /* by one of its records */
	bool says;   /* its records said how many were lost */
	uint64_t lost_from,
		lost_to; /* of the run's count of lost ones, in what was read */
	uint64_t found, twice;
	uint64_t settled,
		n_settled; /* numbers that are missing below the spans, in how many gaps */
	uint64_t first;
	uint64_t begin_ns, end_ns; /* of what was found */
	struct tell_audit_who who;
	struct tell_audit_span *spans;
	size_t n_spans, cap;
};

struct tell_audit {
	struct tell_audit_lane *lanes;
	uint32_t *slots; /* of lanes by hash, one more; 0: free */
	size_t n_lanes, n_spans;
	uint64_t left_out; /* records of lanes beyond the limit */
	bool out_of_memory;
	uint8_t secret[16];
};

/* 0 or -ENOMEM: then done, too. */
int tell_audit_init(struct tell_audit *a);
void tell_audit_done(struct tell_audit *a);

/* The lane of a run. NULL: there are too many, counted, or memory is out, kept in the set. Valid
 * until the next. */
struct tell_audit_lane *tell_audit_lane(
	struct tell_audit *a, uint32_t run, uint16_t lane);

/* Number n was met in that lane; n > 0. True: it is the lowest so far, and who is to be known. */
bool tell_audit_meet(struct tell_audit *a, struct tell_audit_lane *l, uint64_t n);

/* A record said that `lost` were lost since the last such record and `total` in all. What is said
 * twice counts once, and so does what a record said that did not arrive. */
void tell_audit_said(struct tell_audit_lane *l, uint64_t lost, uint64_t total);

/* At the end: leave the lanes of runs that were chosen, by service, run and lane. A run is whose its
 * lowest lane is. */
void tell_audit_order(struct tell_audit *a);

/* Between the first and the last that was found. */
uint64_t tell_audit_missing(const struct tell_audit_lane *l);

/* How many the runs say they lost beyond what is missing: before the first or behind the last that
 * was found, or of a sink that was not read. In order. */
uint64_t tell_audit_beyond(const struct tell_audit *a);
