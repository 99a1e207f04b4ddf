#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tell_buf;
struct tell_style;

/* What the detectors found in one text: places to be masked.
 *
 * Shape:   spans [from, to) in bytes, sorted and not overlapping once
 *          tell_spans_settle() was called; 8 inside, more on the heap.
 * Limit:   none but memory; `failed` says that a span could not be kept.
 * Threads: one owner at a time. */

/* Most telling first: of two that cover the same bytes, the earlier gives its name. */
enum tell_span_kind {
	TELL_SPAN_BEARER,
	TELL_SPAN_JWT,
	TELL_SPAN_PEM,
	TELL_SPAN_CARD,
	TELL_SPAN_IBAN,
	TELL_SPAN_TOKEN,
	TELL_SPAN_URL,
	TELL_SPAN_PAIR,
	TELL_SPAN_EMAIL, /* these with profile=pii only */
	TELL_SPAN_PHONE,
	TELL_SPAN_ID,
	TELL_SPAN_KINDS
};

/* "bearer", "jwt", ...: what stands in [REDACTED:...] and in the counters' names. */
const char *tell_span_kind_name(enum tell_span_kind kind);

struct tell_span {
	size_t from, to;
	uint8_t kind;
	bool quoted; /* the mask needs quotes of its own: it replaces a JSON number ... */
	uint8_t escapes; /* ... and so many backslashes in front of each */
};

#define TELL_SPANS_INSIDE 8

struct tell_spans {
	struct tell_span *at;
	size_t n, cap;
	bool failed;
	struct tell_span inside[TELL_SPANS_INSIDE];
};

static inline void tell_spans_init(struct tell_spans *s)
{
	s->at = s->inside;
	s->n = 0;
	s->cap = TELL_SPANS_INSIDE;
	s->failed = false;
}

void tell_spans_done(struct tell_spans *s);

/* Add one; empty ones are left out. Cheapest when they come in order. */
void tell_spans_add(struct tell_spans *s, struct tell_span span);

/* Join what overlaps; the longest one gives the kind. */
void tell_spans_settle(struct tell_spans *s);

/* Write text with every span replaced by its mask in that style (NULL: the default). False:
 * out is cut, do not use it. */
bool tell_spans_apply(const struct tell_spans *s, const struct tell_style *style,
	const char *text, size_t len, struct tell_buf *out);
