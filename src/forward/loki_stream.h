#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "forward/batch.h"
#include "forward/labels.h"
#include "forward/tenant.h"

/* A batch's streams as Loki has them: labels, and whose they are.
 *
 * Shape:   a stream's text is its few labels, the others and its tenant, each ended by a NUL, which
 *          JSON does not have. Tenants are the batch's groups, so a request is of one. A lessened
 *          stream has its few labels alone; the others stand beside each of its lines.
 * Limit:   Loki has a limit of streams (max_streams_per_user): it stores what belongs to those it
 *          has, and refuses new ones for good. Which it has is known of what it took, which not of
 *          requests of one stream, remembered for TELL_LOKI_REFUSED_NS: such are lessened before
 *          they are sent. Over TELL_LOKI_ASK unknown ones at a time are taken for refused.
 * Threads: one owner. */
#define TELL_LOKI_ASK	     64
#define TELL_LOKI_REFUSED_NS (600 * UINT64_C(1000000000))

/* Hashes of streams; more than TELL_LOKI_STREAMS are not remembered. */
#define TELL_LOKI_STREAMS 12000
struct tell_loki_set {
	uint64_t *slots; /* 0: free */
	size_t n;
};

struct tell_loki_streams {
	struct tell_labels labels;
	struct tell_tenant tenant;
	struct tell_buf text;
	uint8_t key[16];
	struct tell_loki_set known, refused;
	uint64_t refused_since_ns; /* CLOCK_MONOTONIC */
};

/* The parts of a stream's text. */
struct tell_loki_stream {
	const char *few, *others, *tenant; /* C strings */
	bool lesser;
};

int tell_loki_streams_open(struct tell_loki_streams *s, const struct tell_args *args,
	struct tell_refusal *why);
void tell_loki_streams_done(struct tell_loki_streams *s);

/* The record's stream in the batch; -ENOSPC: there are too many. *ret_astray: what it says of its
 * tenant is none. */
int tell_loki_stream_of(struct tell_loki_streams *s, struct tell_batch *b,
	const struct tell_parcel *p, bool *ret_astray);
void tell_loki_stream_at(
	const struct tell_batch *b, size_t stream, struct tell_loki_stream *ret);

/* Append its labels as an object. */
void tell_loki_stream_put(const struct tell_loki_stream *s, struct tell_buf *out);

/* The entries from..to were taken. */
void tell_loki_streams_taken(
	struct tell_loki_streams *s, const struct tell_batch *b, size_t from, size_t to);

/* As a target's. */
enum tell_streams_next tell_loki_streams_next(struct tell_loki_streams *s,
	struct tell_batch *b, size_t from, size_t to, size_t *ret_n);
bool tell_loki_streams_have(
	const struct tell_loki_streams *s, const struct tell_batch *b, size_t i);
