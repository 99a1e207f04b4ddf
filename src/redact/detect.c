#include "redact/detect.h"
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include "base/number.h"
#include "base/unset.h"
#include "record/walk.h"
#include "record/slot.h"
#include "redact/mask.h"
#include "redact/module.h"

struct detect {
	struct tell_style style;
	bool pii;
	atomic_uint_fast64_t found[TELL_SPAN_KINDS];
};

/* One run. */
struct job {
	struct tell_record *record;
	struct tell_mask mask;
	struct tell_buf list; /* a list being rebuilt; no memory until there is one */
};

static int detect_open(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	struct detect *line = calloc(1, sizeof(*line));
	if (!line)
		return tell_refuse(
			why, -ENOMEM, NULL, "free some memory", "out of memory");
	int r = tell_style_open(&line->style, args, why);
	if (r < 0) {
		free(line);
		return r;
	}
	line->pii = tell_args_choice(args, "profile") == 1;
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

static bool detect_counted(
	const void *state, size_t i, const char **ret_word, uint64_t *ret_n)
{
	if (i >= TELL_SPAN_KINDS)
		return false;
	*ret_word = tell_span_kind_name((enum tell_span_kind)i);
	*ret_n = tell_redact_detect_found(state, (enum tell_span_kind)i);
	return true;
}

static void count(struct detect *line, const struct tell_mask *m)
{
	if (__builtin_expect(!m->any, 1))
		return;
	for (size_t i = 0; i < TELL_SPAN_KINDS; i++)
		if (m->found[i])
			(void)atomic_fetch_add_explicit(&line->found[i], m->found[i],
				memory_order_relaxed); /* only the sum matters */
}

static bool is_text(uint8_t type)
{
	return type == TELL_TYPE_STR || type == TELL_TYPE_JSON || type == TELL_TYPE_BYTES;
}

/* A card's number may come as a number. No card has fewer digits than that: most numbers
 * are done with one comparison. */
#define CARD_MIN INT64_C(1000000000000)

static bool is_long_number(const struct tell_value *v, uint64_t *ret)
{
	if (v->type == TELL_TYPE_I64 || v->type == TELL_TYPE_U64) {
		memcpy(ret, v->data, sizeof(*ret));
		return *ret >= (uint64_t)CARD_MIN &&
			(v->type == TELL_TYPE_U64 || *ret <= INT64_MAX);
	}
	if (v->type != TELL_TYPE_F64)
		return false;
	double d;
	memcpy(&d, v->data, sizeof(d));
	if (!(d >= (double)CARD_MIN && d <= 0x1p53)) /* integers end at 2^53 */
		return false;
	*ret = (uint64_t)d;
	return (double)*ret == d;
}

/* As tell_mask_text(), of any value: what cannot hold a secret has none. */
static int mask_value(struct job *job, const struct tell_value *v, bool *ret_whole)
{
	if (is_text(v->type))
		return tell_mask_text(&job->mask, v->data, v->len, ret_whole);
	uint64_t number;
	if (__builtin_expect(!is_long_number(v, &number), 1))
		return 0;
	char digits[24];
	size_t n = (size_t)(tell_put_u64(digits, number) - digits);
	int found = tell_mask_text(&job->mask, digits, n, ret_whole);
	*ret_whole = found > 0;
	return found;
}

/* With style=drop a field goes as a whole. */
static bool is_dropped(const struct job *job, const struct tell_value *v)
{
	return job->mask.style->kind == TELL_STYLE_DROP && v->key != TELL_KEY_MESSAGE;
}

static int mask_one(struct job *job, const struct tell_value *v)
{
	bool whole = false;
	int found = mask_value(job, v, &whole);
	if (__builtin_expect(found <= 0, 1))
		return found;
	if (is_dropped(job, v)) {
		tell_record_drop(job->record, v);
		return found;
	}
	uint8_t type = whole ? TELL_TYPE_STR : v->type;
	const struct tell_buf *out = job->mask.out;
	return tell_record_replace(job->record, v, type, out->data, out->len);
}

/* ---- lists ---- */

static void put_padded(struct tell_buf *out, const void *bytes, size_t len)
{
	static const char zeros[8];
	tell_buf_put(out, bytes, len);
	tell_buf_put(out, zeros, tell_pad8(len) - len);
}

/* Append what became of an element, as a slot. */
static void put_masked(struct job *job, const struct tell_value *e, bool whole)
{
	const struct tell_buf *text = job->mask.out;
	struct tell_slot s = { TELL_KEY_MESSAGE, whole ? TELL_TYPE_STR : e->type, 0,
		(uint32_t)text->len };
	tell_buf_put(&job->list, &s, sizeof(s));
	put_padded(&job->list, text->data, text->len);
	job->list.cut |= text->cut;
}

static int mask_list(struct job *job, const struct tell_value *list)
{
	const char *data = list->data;
	struct tell_value e;
	uint32_t pos = 0, copied = 0;
	tell_buf_clear(&job->list);
	for (uint32_t at = 0; tell_value_next(list, &pos, &e); at = pos) {
		bool whole = false;
		int found = mask_value(job, &e, &whole);
		if (found < 0)
			return found;
		if (!found)
			continue;
		tell_buf_put(&job->list, data + copied, at - copied);
		put_masked(job, &e, whole);
		copied = pos;
	}
	if (!copied)
		return 0;
	if (is_dropped(job, list)) {
		tell_record_drop(job->record, list);
		return 1;
	}
	tell_buf_put(&job->list, data + copied, list->len - copied);
	if (job->list.cut)
		return -ENOMEM;
	return tell_record_replace(
		job->record, list, TELL_TYPE_LIST, job->list.data, job->list.len);
}

static enum tell_verdict detect_run(void *state, struct tell_run *run)
{
	TELL_UNSET struct job job; /* here, and by tell_mask_init() */
	struct detect *line = state;
	job.record = run->record;
	job.list = (struct tell_buf){ 0 };
	tell_mask_init(&job.mask, run->out, run->work);
	job.mask.style = &line->style;
	job.mask.pii = line->pii;
	int r = 0;
	struct tell_value v;
	for (uint32_t pos = 0; r >= 0 && tell_walk_next(run->record->head, &pos, &v);) {
		if (v.flags & TELL_SLOT_SAFE)
			continue;
		r = v.type == TELL_TYPE_LIST ? mask_list(&job, &v) : mask_one(&job, &v);
	}
	count(line, &job.mask);
	tell_mask_done(&job.mask);
	if (__builtin_expect(job.list.data != NULL, 0))
		tell_buf_done(&job.list);
	return r < 0 ? TELL_FAILED : TELL_SUCCESS;
}

static const struct tell_option options[] = {
	{ .name = "profile",
		.kind = TELL_OPTION_CHOICE,
		.deflt = "default",
		.choices = "default pii",
		.help = "pii: also e-mail addresses, telephone and national numbers" },
	TELL_STYLE_OPTIONS,
	{ 0 },
};

const struct tell_module tell_redact_detect = {
	.abi = TELL_MODULE_ABI,
	.type = "redact",
	.name = "detect",
	.summary =
		"masks what looks like a secret in messages and values: credentials, keys, "
		"tokens of known issuers, card and account numbers, password=x in all its "
		"spellings",
	.options = options,
	.open = detect_open,
	.run = detect_run,
	.close = detect_close,
	.counted = detect_counted,
};
