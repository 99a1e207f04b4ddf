#include "redact/mask.h"
#include <errno.h>
#include "encode/json.h"
#include "redact/search.h"

#define LOOKS_MAX 4

/* Look for secrets; 1: m->spans has some, 0: none, -ENOMEM. */
static int look(struct tell_mask *m, const char *s, size_t n)
{
	struct tell_search x;
	tell_search_init(&x, s, n, &m->spans);
	tell_search_run(&x);
	if (__builtin_expect(m->spans.n == 0 && !m->spans.failed, 1))
		return 0;
	if (m->spans.failed)
		return -ENOMEM;
	tell_spans_settle(&m->spans);
	return 1;
}

static bool apply(struct tell_mask *m, const char *s, size_t n, struct tell_buf *out)
{
	tell_buf_clear(out);
	bool ok = tell_spans_apply(&m->spans, s, n, out);
	tell_spans_done(&m->spans);
	return ok;
}

static int mask_whole(struct tell_mask *m, enum tell_span_kind kind)
{
	tell_spans_done(&m->spans);
	tell_spans_add(&m->spans, (struct tell_span){ .to = 1, .kind = (uint8_t)kind });
	return apply(m, "x", 1, m->out) ? 1 : -ENOMEM;
}

static bool looks_like_json(const char *s, size_t n)
{
	size_t i = 0;
	while (i < n && (s[i] == ' ' || s[i] == '\n' || s[i] == '\t' || s[i] == '\r'))
		i++;
	return i < n && (s[i] == '{' || s[i] == '[' || s[i] == '"');
}

static bool is_json(struct tell_buf *scratch, const char *s, size_t n)
{
	tell_buf_clear(scratch);
	return tell_json_embed(scratch, s, n);
}

/* A span can break JSON only in text that was made for it. */
static bool breaks_json(struct tell_mask *m, const char *s, size_t n)
{
	return looks_like_json(s, n) && !is_json(m->work, m->out->data, m->out->len) &&
		is_json(m->work, s, n);
}

/* Look at what became of the text until nothing is found. 0, or 1: no end to it. */
static int come_to_rest(struct tell_mask *m)
{
	for (int i = 1; i < LOOKS_MAX; i++) {
		int found = look(m, m->out->data, m->out->len);
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

int tell_mask_text(struct tell_mask *m, const char *s, size_t n, bool *ret_whole)
{
	int found = look(m, s, n);
	if (__builtin_expect(found == 0, 1))
		return 0;
	if (found < 0) {
		tell_spans_done(&m->spans);
		return found;
	}
	enum tell_span_kind kind = m->spans.at[0].kind;
	for (size_t i = 0; i < m->spans.n; i++)
		m->found[m->spans.at[i].kind]++;
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
