#include "redact/detect.h"
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include "base/buf.h"
#include "encode/json.h"
#include "record/walk.h"
#include "record/slot.h"
#include "redact/module.h"
#include "redact/search.h"

struct detect {
	atomic_uint_fast64_t found[TELL_SPAN_KINDS];
};

/* One run: the line, the runner's scratch, and room for what is found in a value. */
struct job {
	struct detect *line;
	struct tell_run *run;
	struct tell_spans spans;
};

static int detect_open(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	(void)args;
	struct detect *line = calloc(1, sizeof(*line));
	if (!line)
		return tell_refuse(
			why, -ENOMEM, NULL, "free some memory", "out of memory");
	*ret = line;
	return 0;
}

static void detect_close(void *state)
{
	free(state);
}

uint64_t tell_redact_detect_found(const void *state, enum tell_span_kind kind)
{
	const struct detect *line = state;
	return atomic_load_explicit(&line->found[kind], memory_order_relaxed);
}

static void count(struct job *job)
{
	for (size_t i = 0; i < job->spans.n; i++)
		(void)atomic_fetch_add_explicit(&job->line->found[job->spans.at[i].kind],
			1, memory_order_relaxed); /* only the sum matters */
}

static bool is_text(uint8_t type)
{
	return type == TELL_TYPE_STR || type == TELL_TYPE_JSON || type == TELL_TYPE_BYTES;
}

/* Fill job->spans. 1: something was found; 0: nothing; else -ENOMEM. */
static int search(struct job *job, const struct tell_value *v)
{
	struct tell_search x;
	tell_search_init(&x, v->data, v->len, &job->spans);
	tell_search_run(&x);
	if (__builtin_expect(job->spans.n == 0 && !job->spans.failed, 1))
		return 0;
	if (job->spans.failed)
		return -ENOMEM;
	tell_spans_settle(&job->spans);
	count(job);
	return 1;
}

/* ---- JSON ---- */

static bool looks_like_json(const struct tell_value *v)
{
	const char *s = v->data;
	size_t i = 0;
	while (i < v->len &&
		(s[i] == ' ' || s[i] == '\n' || s[i] == '\t' || s[i] == '\r'))
		i++;
	return i < v->len && (s[i] == '{' || s[i] == '[' || s[i] == '"');
}

static bool is_json(struct job *job, const char *s, size_t n)
{
	tell_buf_clear(job->run->work);
	return tell_json_embed(job->run->work, s, n);
}

/* Text that was JSON stays JSON. A span can break it only in text that is made to do so;
 * then all of it goes. */
static bool breaks_json(struct job *job, const struct tell_value *v)
{
	const struct tell_buf *out = job->run->out;
	return looks_like_json(v) && !is_json(job, out->data, out->len) &&
		is_json(job, v->data, v->len);
}

static void mask_all(struct job *job, const struct tell_value *v)
{
	struct tell_span all = { .from = 0, .to = v->len, .kind = job->spans.at[0].kind };
	job->spans.n = 0;
	tell_spans_add(&job->spans, all);
	tell_buf_clear(job->run->out);
}

/* ---- values ---- */

static int mask_text(struct job *job, const struct tell_value *v)
{
	int found = search(job, v);
	if (found <= 0)
		return found;
	struct tell_buf *out = job->run->out;
	uint8_t type = v->type;
	tell_buf_clear(out);
	bool whole = tell_spans_apply(&job->spans, v->data, v->len, out);
	if (whole && breaks_json(job, v)) {
		mask_all(job, v);
		whole = tell_spans_apply(&job->spans, v->data, v->len, out);
		type = TELL_TYPE_STR;
	}
	tell_spans_done(&job->spans);
	if (!whole)
		return -ENOMEM;
	return tell_record_replace(job->run->record, v, type, out->data, out->len);
}

static void put_padded(struct tell_buf *out, const void *bytes, size_t len)
{
	static const char zeros[8];
	tell_buf_put(out, bytes, len);
	tell_buf_put(out, zeros, tell_pad8(len) - len);
}

/* An element with its spans masked, as a slot. */
static void put_masked(struct job *job, const struct tell_value *e)
{
	struct tell_buf *out = job->run->out, *work = job->run->work;
	tell_buf_clear(work);
	if (!tell_spans_apply(&job->spans, e->data, e->len, work))
		out->cut = true;
	struct tell_slot s = { TELL_KEY_MESSAGE, e->type, 0, (uint32_t)work->len };
	put_padded(out, &s, sizeof(s));
	put_padded(out, work->data, work->len);
}

static int mask_list(struct job *job, const struct tell_value *list)
{
	struct tell_buf *out = job->run->out;
	struct tell_value e;
	uint32_t pos = 0, copied = 0;
	tell_buf_clear(out);
	for (uint32_t at = 0; tell_value_next(list, &pos, &e); at = pos) {
		int found = is_text(e.type) ? search(job, &e) : 0;
		if (found < 0)
			return found;
		if (!found)
			continue;
		tell_buf_put(out, (const char *)list->data + copied, at - copied);
		put_masked(job, &e);
		tell_spans_done(&job->spans);
		copied = pos;
	}
	if (!copied)
		return 0;
	tell_buf_put(out, (const char *)list->data + copied, list->len - copied);
	if (out->cut)
		return -ENOMEM;
	return tell_record_replace(
		job->run->record, list, TELL_TYPE_LIST, out->data, out->len);
}

static enum tell_verdict detect_run(void *state, struct tell_run *run)
{
	struct job job = { .line = state, .run = run };
	tell_spans_init(&job.spans);
	int r = 0;
	struct tell_value v;
	for (uint32_t pos = 0; r >= 0 && tell_walk_next(run->record->head, &pos, &v);) {
		if (v.flags & TELL_SLOT_SAFE)
			continue;
		if (is_text(v.type))
			r = mask_text(&job, &v);
		else if (v.type == TELL_TYPE_LIST)
			r = mask_list(&job, &v);
	}
	tell_spans_done(&job.spans);
	return r < 0 ? TELL_FAILED : TELL_SUCCESS;
}

const struct tell_module tell_redact_detect = {
	.abi = TELL_MODULE_ABI,
	.type = "redact",
	.name = "detect",
	.summary =
		"masks what looks like a secret in messages and values: bearer and basic "
		"credentials, JWTs, private keys, card numbers, passwords in URLs, "
		"password=x pairs",
	.open = detect_open,
	.run = detect_run,
	.close = detect_close,
};
