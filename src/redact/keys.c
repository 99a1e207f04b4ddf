#include "redact/module.h"
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include "record/walk.h"
#include "redact/secret.h"

enum decision { NOT_YET, KEEP, MASK, MASK_UNLESS_PATH };

struct name {
	char text[TELL_SECRET_NAME_MAX * 2]; /* as tell_secret_fold() writes it */
	size_t len;
};

struct names {
	struct name *at;
	size_t n;
};

struct keys {
	struct names add, except;
	/* enum decision, by key id: made once a key. Threads may make it twice, alike. */
	_Atomic uint8_t decided[TELL_KEYS_MAX + 1];
};

static void keys_close(void *state)
{
	struct keys *line = state;
	if (!line)
		return;
	free(line->add.at);
	free(line->except.at);
	free(line);
}

/* ---- options ---- */

/* Split "a,b" into names. 0, -ENOMEM, or -EINVAL: one of them is no name. */
static int names_read(struct names *ret, const char *text)
{
	if (!text)
		return 0;
	size_t n = 1;
	for (const char *p = text; *p; p++)
		n += *p == ',';
	ret->at = calloc(n, sizeof(*ret->at));
	if (!ret->at)
		return -ENOMEM;
	for (const char *p = text;; p++) {
		size_t len = strcspn(p, ",");
		struct name *name = &ret->at[ret->n++];
		name->len = len > TELL_SECRET_NAME_MAX
			? 0
			: tell_secret_fold(name->text, p, len);
		if (!name->len)
			return -EINVAL;
		p += len;
		if (!*p)
			return 0;
	}
}

static int read_option(struct names *ret, const struct tell_args *args,
	const char *option, struct tell_refusal *why)
{
	int r = names_read(ret, tell_args_text(args, option));
	if (r == -EINVAL)
		return tell_refuse(why, r, option,
			"write field names with commas between: licence,account_number",
			"a name in %s= is empty or longer than %d bytes", option,
			TELL_SECRET_NAME_MAX);
	if (r < 0)
		return tell_refuse(why, r, option, "free some memory", "out of memory");
	return 0;
}

static int keys_open(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	struct keys *line = calloc(1, sizeof(*line));
	if (!line)
		return tell_refuse(
			why, -ENOMEM, NULL, "free some memory", "out of memory");
	int r = read_option(&line->add, args, "add", why);
	if (r == 0)
		r = read_option(&line->except, args, "except", why);
	if (r < 0) {
		keys_close(line);
		return r;
	}
	*ret = line;
	return 0;
}

/* ---- names ---- */

static bool has_whole(const struct names *names, const char *folded, size_t n)
{
	for (size_t i = 0; i < names->n; i++)
		if (names->at[i].len == n && memcmp(names->at[i].text, folded, n) == 0)
			return true;
	return false;
}

/* The whole name, or its last words. */
static bool has_end(const struct names *names, const char *folded, size_t n)
{
	for (size_t i = 0; i < names->n; i++) {
		const struct name *name = &names->at[i];
		if (n < name->len ||
			memcmp(folded + n - name->len, name->text, name->len) != 0)
			continue;
		if (n == name->len || folded[n - name->len - 1] == '_')
			return true;
	}
	return false;
}

static enum decision decide(const struct keys *line, const char *name, size_t len)
{
	char folded[TELL_SECRET_NAME_MAX * 2];
	size_t n = tell_secret_fold(folded, name, len);
	if (has_whole(&line->except, folded, n))
		return KEEP;
	if (has_end(&line->add, folded, n))
		return MASK;
	switch (tell_secret_name(name, len)) {
	case TELL_SECRET_NO:
		return KEEP;
	case TELL_SECRET_WORKDIR:
		return MASK_UNLESS_PATH;
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

static bool is_path(const struct tell_value *v)
{
	return v->type == TELL_TYPE_STR && v->len && *(const char *)v->data == '/';
}

static enum tell_verdict keys_run(void *state, struct tell_run *run)
{
	struct tell_value v;
	for (uint32_t pos = 0; tell_walk_next(run->record->head, &pos, &v);) {
		enum decision d = decision_of(state, &v);
		if (__builtin_expect(d == KEEP, 1))
			continue;
		if (v.type == TELL_TYPE_NULL || v.type == TELL_TYPE_SECRET ||
			(d == MASK_UNLESS_PATH && is_path(&v)))
			continue;
		if (tell_record_replace(run->record, &v, TELL_TYPE_SECRET, "", 0) < 0)
			return TELL_FAILED;
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
};
