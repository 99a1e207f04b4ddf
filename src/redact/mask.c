#include "redact/mask.h"
#include <errno.h>
#include <string.h>
#include "base/unset.h"
#include "encode/json.h"
#include "redact/search.h"
#include "redact/unicode.h"

#define LOOKS_MAX 3

/* Search the text; what is seen is in m->spans and *x. */
static inline void search(
	struct tell_mask *m, struct tell_search *x, const char *s, size_t n)
{
	tell_search_init(x, s, n, &m->spans);
	x->pii = m->pii;
	tell_search_run(x);
}

static int settle(struct tell_mask *m)
{
	if (m->spans.failed)
		return -ENOMEM;
	tell_spans_settle(&m->spans);
	return m->spans.n > 0;
}

/* Look at the text with its \u00xx read: as found_by(). */
static __attribute__((noinline)) int look_at_plain(
	struct tell_mask *m, const char *s, size_t n)
{
	struct tell_search x __attribute__((uninitialized)); /* see tell_search_init() */
	if (!tell_unicode_plain(m->work, s, n))
		return -ENOMEM;
	search(m, &x, m->work->data, m->work->len);
	int found = settle(m);
	if (found > 0)
		tell_unicode_place(&m->spans, s, n);
	return found;
}

/* Look at text that has escapes: the plain text knows better where a secret ends; what only
 * the other one shows is found by the next look. As settle(). */
static int look_at_escaped(struct tell_mask *m, const char *s, size_t n)
{
	struct tell_search x __attribute__((uninitialized)); /* see tell_search_init() */
	int found = look_at_plain(m, s, n);
	if (found)
		return found;
	search(m, &x, s, n);
	return settle(m);
}

/* What the search of s saw, settled: 1: m->spans has some, 0: none, -ENOMEM. */
static int found_by(struct tell_mask *m, struct tell_search *x)
{
	if (!x->unicode)
		return settle(m);
	tell_spans_done(&m->spans);
	return look_at_escaped(m, x->s, x->n);
}

static inline bool saw_nothing(const struct tell_search *x)
{
	return x->spans->n == 0 && !x->spans->failed && !x->unicode;
}

static bool apply(struct tell_mask *m, const char *s, size_t n, struct tell_buf *out)
{
	tell_buf_clear(out);
	bool ok = tell_spans_apply(&m->spans, m->style, s, n, out);
	tell_spans_done(&m->spans);
	return ok;
}

/* Nothing of the text takes part: it is no secret whose hash would say anything. */
static int mask_whole(struct tell_mask *m, enum tell_span_kind kind)
{
	bool hmac = m->style && m->style->kind == TELL_STYLE_HMAC;
	tell_buf_clear(m->out);
	tell_style_put(hmac ? NULL : m->style, m->out, tell_span_kind_name(kind), "", 0);
	return m->out->cut ? -ENOMEM : 1;
}

static bool looks_like_json(const char *s, size_t n)
{
	size_t i = 0;
	while (i < n && (s[i] == ' ' || s[i] == '\n' || s[i] == '\t' || s[i] == '\r'))
		i++;
	return i < n && (s[i] == '{' || s[i] == '[' || s[i] == '"');
}

/* A span can break JSON only in text that was made for it. */
static bool breaks_json(struct tell_mask *m, const char *s, size_t n)
{
	return looks_like_json(s, n) &&
		!tell_json_holds(m->work, m->out->data, m->out->len) &&
		(tell_json_holds(m->work, s, n) || m->work->cut);
}

/* As settle(), of what became of the text. It is read once: whether it has escapes is asked
 * first. */
static int look_again(struct tell_mask *m, const char *s, size_t n)
{
	struct tell_search x __attribute__((uninitialized)); /* see tell_search_init() */
	if (tell_unicode_has(s, n))
		return look_at_escaped(m, s, n);
	search(m, &x, s, n);
	return saw_nothing(&x) ? 0 : settle(m);
}

/* Look at what became of the text until nothing is found. 0, or 1: no end to it. */
static int come_to_rest(struct tell_mask *m)
{
	for (int i = 1; i < LOOKS_MAX; i++) {
		int found = look_again(m, m->out->data, m->out->len);
		if (found <= 0)
			return found;
		if (!apply(m, m->out->data, m->out->len, m->work))
			return -ENOMEM;
		struct tell_buf swapped = *m->out;
		*m->out = *m->work;
		*m->work = swapped;
	}
	return 1;
}

static void count(struct tell_mask *m)
{
	if (!m->any)
		memset(m->found, 0, sizeof(m->found));
	m->any = true;
	for (size_t i = 0; i < m->spans.n; i++)
		m->found[m->spans.at[i].kind]++;
}

/* As tell_mask_text(), behind a first search that saw something. Apart, so that clean text
 * does not pay for it. */
static __attribute__((noinline)) int mask_found(
	struct tell_mask *m, struct tell_search *x, bool *ret_whole)
{
	const char *s = x->s;
	size_t n = x->n;
	int found = found_by(m, x);
	if (found <= 0) {
		tell_spans_done(&m->spans);
		return found;
	}
	enum tell_span_kind kind = m->spans.at[0].kind;
	count(m);
	if (!apply(m, s, n, m->out))
		return -ENOMEM;
	int restless = come_to_rest(m);
	if (restless < 0) {
		tell_spans_done(&m->spans);
		return restless;
	}
	*ret_whole = restless || breaks_json(m, s, n);
	return *ret_whole ? mask_whole(m, kind) : 1;
}

int tell_mask_text(struct tell_mask *m, const char *s, size_t n, bool *ret_whole)
{
	TELL_UNSET struct tell_search x; /* see tell_search_init() */
	search(m, &x, s, n);
	return __builtin_expect(saw_nothing(&x), 1) ? 0 : mask_found(m, &x, ret_whole);
}
