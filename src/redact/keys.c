#include "redact/module.h"
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/number.h"
#include "record/walk.h"
#include "redact/names.h"
#include "redact/style.h"
#include "redact/text.h"

enum decision { NOT_YET, KEEP, MASK, MASK_UNLESS_PATH, MASK_IF_LONG };

struct keys {
	struct tell_names add, except;
	struct tell_style style;
	/* enum decision, by key id: made once a key. Threads may make it twice, alike. */
	_Atomic uint8_t decided[TELL_KEYS_MAX + 1];
	atomic_uint_fast64_t n_masked;
};

static void keys_close(void *state)
{
	struct keys *line = state;
	if (!line)
		return;
	tell_names_done(&line->add);
	tell_names_done(&line->except);
	free(line);
}

static int keys_open(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	struct keys *line = calloc(1, sizeof(*line));
	if (!line)
		return tell_refuse(
			why, -ENOMEM, NULL, "free some memory", "out of memory");
	int r = tell_names_add(&line->add, tell_args_text(args, "add"), "add", why);
	if (r == 0)
		r = tell_names_add_file(
			&line->add, tell_args_text(args, "file"), "file", why);
	if (r == 0)
		r = tell_names_add(
			&line->except, tell_args_text(args, "except"), "except", why);
	if (r == 0)
		r = tell_style_open(&line->style, args, why);
	if (r < 0) {
		keys_close(line);
		return r;
	}
	*ret = line;
	return 0;
}

/* ---- names ---- */

static enum decision decide(const struct keys *line, const char *name, size_t len)
{
	char folded[TELL_SECRET_NAME_MAX * 2];
	size_t n = tell_secret_fold(folded, name, len);
	if (tell_names_have(&line->except, folded, n))
		return KEEP;
	if (tell_names_end(&line->add, folded, n))
		return MASK;
	switch (tell_secret_name(name, len)) {
	case TELL_SECRET_NO:
		return KEEP;
	case TELL_SECRET_WORKDIR:
		return MASK_UNLESS_PATH;
	case TELL_SECRET_LONG:
		return MASK_IF_LONG;
	case TELL_SECRET_YES:
	case TELL_SECRET_SHORT:
	case TELL_SECRET_AUTH:
	case TELL_SECRET_COOKIES:
		return MASK;
	}
	return MASK;
}

static enum decision decision_of(struct keys *line, const struct tell_value *v)
{
	if (v->key == TELL_KEY_MESSAGE)
		return KEEP;
	if (v->key == TELL_KEY_INLINE || v->key > TELL_KEYS_MAX)
		return decide(line, v->name, v->name_len);
	enum decision d = atomic_load_explicit(
		&line->decided[v->key], memory_order_relaxed);
	if (__builtin_expect(d != NOT_YET, 1))
		return d;
	d = decide(line, v->name, v->name_len);
	atomic_store_explicit(&line->decided[v->key], (uint8_t)d, memory_order_relaxed);
	return d;
}

static bool keys_keeps(void *state, uint16_t key, const char *name, size_t len)
{
	const struct tell_value v = {
		.key = key, .name = name, .name_len = (uint8_t)len
	};
	return decision_of(state, &v) == KEEP;
}

/* pwd is where somebody works, or a password; sig is a signal, or a signature. */
static bool is_something_else(enum decision d, const struct tell_value *v)
{
	bool text = v->type == TELL_TYPE_STR;
	if (d == MASK_UNLESS_PATH)
		return text && v->len && *(const char *)v->data == '/';
	return d == MASK_IF_LONG && !(text && tell_secret_long(v->data, v->len));
}

/* Masked before, in a style that this one would make another of. */
static bool is_mask(const struct tell_value *v)
{
	return v->type == TELL_TYPE_STR && v->len &&
		tell_text_mask(v->data, v->len, 0) == v->len;
}

static int put_styled(
	const struct keys *line, struct tell_run *run, const struct tell_value *v)
{
	char digits[24];
	const char *secret = v->data;
	size_t len = v->len;
	uint64_t number;
	if (v->type == TELL_TYPE_I64 || v->type == TELL_TYPE_U64) {
		memcpy(&number, v->data, sizeof(number));
		bool minus = v->type == TELL_TYPE_I64 && (int64_t)number < 0;
		digits[0] = '-';
		len = (size_t)(tell_put_u64(digits + minus, minus ? -number : number) -
			digits);
		secret = digits;
	}
	tell_buf_clear(run->out);
	tell_style_put(&line->style, run->out, "key", secret, len);
	return run->out->cut ? -ENOMEM
			     : tell_record_replace(run->record, v, TELL_TYPE_STR,
				       run->out->data, run->out->len);
}

static int mask(const struct keys *line, struct tell_run *run, const struct tell_value *v)
{
	switch (line->style.kind) {
	case TELL_STYLE_KIND:
	case TELL_STYLE_FIXED:
		break;
	case TELL_STYLE_PARTIAL:
	case TELL_STYLE_HMAC:
		return is_mask(v) ? 0 : put_styled(line, run, v);
	case TELL_STYLE_DROP:
		tell_record_drop(run->record, v);
		return 0;
	}
	return tell_record_replace(run->record, v, TELL_TYPE_SECRET, "", 0);
}

static bool keys_counted(
	const void *state, size_t i, const char **ret_word, uint64_t *ret_n)
{
	const struct keys *line = state;
	*ret_word = "name";
	*ret_n = atomic_load_explicit(&line->n_masked, memory_order_relaxed);
	return i == 0;
}

static enum tell_verdict keys_run(void *state, struct tell_run *run)
{
	struct tell_value v;
	for (uint32_t pos = 0; tell_walk_next(run->record->head, &pos, &v);) {
		enum decision d = decision_of(state, &v);
		if (__builtin_expect(d == KEEP, 1))
			continue;
		if (v.type == TELL_TYPE_NULL || v.type == TELL_TYPE_SECRET ||
			is_something_else(d, &v))
			continue;
		if (mask(state, run, &v) < 0)
			return TELL_FAILED;
		struct keys *line = state;
		(void)atomic_fetch_add_explicit(
			&line->n_masked, 1, memory_order_relaxed); /* the sum matters */
	}
	return TELL_SUCCESS;
}

static const struct tell_option options[] = {
	{ .name = "add",
		.kind = TELL_OPTION_TEXT,
		.help = "more names whose values are masked: licence,account_number; also "
			"at the end of longer names" },
	{ .name = "except",
		.kind = TELL_OPTION_TEXT,
		.help = "names whose values are not masked: csrf_token,session_cookie" },
	{ .name = "file",
		.kind = TELL_OPTION_TEXT,
		.help = "a file with more names, one a line, as with add=" },
	TELL_STYLE_OPTIONS,
	{ 0 },
};

const struct tell_module tell_redact_keys = {
	.abi = TELL_MODULE_ABI,
	.type = "redact",
	.name = "keys",
	.summary = "masks fields whose names say that they hold a secret",
	.options = options,
	.open = keys_open,
	.run = keys_run,
	.close = keys_close,
	.in_call = true,
	.keeps = keys_keeps,
	.counted = keys_counted,
};
