#include "redact/spans.h"
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "redact/style.h"

static const char *const kind_names[TELL_SPAN_KINDS] = {
	[TELL_SPAN_BEARER] = "bearer",
	[TELL_SPAN_JWT] = "jwt",
	[TELL_SPAN_PEM] = "pem",
	[TELL_SPAN_CARD] = "card",
	[TELL_SPAN_IBAN] = "iban",
	[TELL_SPAN_TOKEN] = "token",
	[TELL_SPAN_URL] = "url",
	[TELL_SPAN_PAIR] = "pair",
	[TELL_SPAN_EMAIL] = "email",
	[TELL_SPAN_PHONE] = "phone",
	[TELL_SPAN_ID] = "id",
};

const char *tell_span_kind_name(enum tell_span_kind kind)
{
	return kind_names[kind];
}

void tell_spans_done(struct tell_spans *s)
{
	if (s->at != s->inside)
		free(s->at);
	tell_spans_init(s);
}

static bool grow(struct tell_spans *s)
{
	bool heap = s->at != s->inside;
	struct tell_span *at = reallocarray(heap ? s->at : NULL, s->cap, 2 * sizeof(*at));
	if (!at)
		return false;
	if (!heap)
		memcpy(at, s->inside, sizeof(s->inside));
	s->at = at;
	s->cap *= 2;
	return true;
}

void tell_spans_add(struct tell_spans *s, struct tell_span span)
{
	if (span.from >= span.to || s->failed)
		return;
	if (s->n == s->cap && !grow(s)) {
		s->failed = true;
		return;
	}
	/* Detectors run from left to right, so a span is at most a few places late. */
	size_t i = s->n++;
	for (; i > 0 && s->at[i - 1].from > span.from; i--)
		s->at[i] = s->at[i - 1];
	s->at[i] = span;
}

/* The span that covers two overlapping ones. */
static struct tell_span join(struct tell_span a, struct tell_span b)
{
	size_t a_len = a.to - a.from, b_len = b.to - b.from;
	struct tell_span both = b_len > a_len || (b_len == a_len && b.kind < a.kind) ? b
										     : a;
	both.from = a.from;
	both.to = a.to > b.to ? a.to : b.to;
	if (a.quoted && a.from == both.from && a.to == both.to)
		both.quoted = true, both.escapes = a.escapes;
	return both;
}

void tell_spans_settle(struct tell_spans *s)
{
	size_t kept = 0;
	for (size_t i = 0; i < s->n; i++) {
		if (kept && s->at[i].from < s->at[kept - 1].to)
			s->at[kept - 1] = join(s->at[kept - 1], s->at[i]);
		else
			s->at[kept++] = s->at[i];
	}
	s->n = kept;
}

static void put_quote(struct tell_buf *out, const struct tell_span *span)
{
	for (unsigned i = 0; i < span->escapes; i++)
		tell_buf_putc(out, '\\');
	tell_buf_putc(out, '"');
}

bool tell_spans_apply(const struct tell_spans *s, const struct tell_style *style,
	const char *text, size_t len, struct tell_buf *out)
{
	size_t done = 0;
	for (size_t i = 0; i < s->n; i++) {
		const struct tell_span *span = &s->at[i];
		tell_buf_put(out, text + done, span->from - done);
		if (span->quoted)
			put_quote(out, span);
		tell_style_put(style, out, kind_names[span->kind], text + span->from,
			span->to - span->from);
		if (span->quoted)
			put_quote(out, span);
		done = span->to;
	}
	tell_buf_put(out, text + done, len - done);
	return !out->cut;
}
