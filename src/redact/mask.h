#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"
#include "redact/spans.h"
#include "redact/style.h"

/* A text with its secrets masked.
 *
 * Promise: masking the result again changes nothing: the text is looked at until nothing
 *          is found, at most three times; what never comes to rest is masked whole. Text
 *          that was one JSON value (as tell_json_holds() reads it) still is, or is
 *          masked whole.
 * Cost:    one look at text without secrets and no memory; at least two with.
 * Threads: one owner at a time. */
struct tell_mask {
	struct tell_buf *out, *work; /* lent; the result is in out */
	struct tell_spans spans;
	bool any;		       /* something was found: only then is found[] set */
	size_t found[TELL_SPAN_KINDS]; /* how many of each, by all calls */
	const struct tell_style *style; /* NULL: the default */
	bool pii;			/* personal data, too */
};

static inline void tell_mask_init(
	struct tell_mask *m, struct tell_buf *out, struct tell_buf *work)
{
	m->out = out;
	m->work = work;
	m->style = NULL;
	m->pii = false;
	m->any = false;
	tell_spans_init(&m->spans);
}

/* Release what many spans needed. */
static inline void tell_mask_done(struct tell_mask *m)
{
	if (__builtin_expect(m->spans.at != m->spans.inside, 0))
		tell_spans_done(&m->spans);
}

/* 1: secrets were found, out has the text without them; 0: none, out is as it was;
 * -ENOMEM. ret_whole, set with 1: all of it became one mask. */
int tell_mask_text(struct tell_mask *m, const char *s, size_t n, bool *ret_whole);
