/* redact regex: what an administrator's expression matches goes. A module of its own, so that
 * services without such a line have nothing of PCRE2. */
#define TELL_MODULE_LOADED
#define PCRE2_CODE_UNIT_WIDTH 8
#include <errno.h>
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <telltale/module.h>

/* Limits of one match, so that no value makes an expression run for seconds; what reaches one
 * is masked whole. */
#define MATCH_LIMIT 100000
#define DEPTH_LIMIT 10000
#define HEAP_KIB    4096
#define SPARES	    8 /* match data kept for the next record */
#define KIND_MAX    32
#define FAILED_MASK "[REDACTED:error]"

TELL_MODULE_API;

struct regex {
	pcre2_code *code;
	pcre2_match_context *limits;
	uint32_t group;
	const char *field; /* only this one; NULL: all, and the message */
	char mask[KIND_MAX + sizeof("[REDACTED:]")];
	size_t mask_len;
	pcre2_match_data *spare[SPARES]; /* atomic; NULL: taken */
};

static const struct tell_option options[] = {
	{ "match", TELL_OPTION_TEXT, NULL, NULL,
		"Perl's regular expression; in brackets when it has blanks: "
		"[match=CUST-\\d{6}]",
		true },
	{ "kind", TELL_OPTION_TEXT, "regex", NULL,
		"what the mask says: [REDACTED:KIND]; letters, digits, _ and -", false },
	{ "group", TELL_OPTION_COUNT, "0", NULL,
		"the group of the expression that goes; 0: all that matches", false },
	{ "field", TELL_OPTION_TEXT, NULL, NULL,
		"only values of this name; `message` is the message", false },
	{ "ignore_case", TELL_OPTION_BOOL, "no", NULL,
		"capitals and small letters are the same", false },
	{ NULL, TELL_OPTION_TEXT, NULL, NULL, NULL, false },
};

static void close_regex(void *state)
{
	struct regex *x = state;
	if (!x)
		return;
	for (int i = 0; i < SPARES; i++)
		pcre2_match_data_free(x->spare[i]);
	pcre2_match_context_free(x->limits);
	pcre2_code_free(x->code);
	free(x);
}

static int make_mask(struct regex *x, const char *kind, struct tell_refusal *why)
{
	size_t n = strlen(kind);
	if (n == 0 || n > KIND_MAX ||
		strspn(kind,
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			"0123456789_-") != n)
		return tell_refuse(why, -EINVAL, "kind",
			"write 1 to 32 letters, digits, _ or -", "kind=%s is no kind",
			kind);
	x->mask_len = (size_t)snprintf(x->mask, sizeof(x->mask), "[REDACTED:%s]", kind);
	return 0;
}

static int compile(
	struct regex *x, const char *text, bool ignore_case, struct tell_refusal *why)
{
	int error = 0;
	uint32_t n_groups = 0;
	PCRE2_SIZE at = 0;
	uint32_t flags = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C |
		(ignore_case ? PCRE2_CASELESS : 0);
	x->code = pcre2_compile(
		(PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, flags, &error, &at, NULL);
	if (!x->code) {
		PCRE2_UCHAR said[120] = "";
		(void)pcre2_get_error_message(error, said, sizeof(said)); /* or none */
		return tell_refuse(why, -EINVAL, "match", "see pcre2pattern(3)",
			"behind its character %zu: %s", (size_t)at, (const char *)said);
	}
	(void)pcre2_pattern_info(x->code, PCRE2_INFO_CAPTURECOUNT, &n_groups);
	if (x->group > n_groups)
		return tell_refuse(why, -ERANGE, "group", "count its ( from the left",
			"the expression has %u groups", (unsigned)n_groups);
	(void)pcre2_jit_compile(x->code, PCRE2_JIT_COMPLETE); /* else it is slower */
	return 0;
}

static int open_regex(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	struct regex *x = calloc(1, sizeof(*x));
	if (!x)
		return -ENOMEM;
	x->field = tell_args_text(args, "field");
	x->group = (uint32_t)tell_args_u64(args, "group");
	int r = make_mask(x, tell_args_text(args, "kind"), why);
	if (r == 0)
		r = compile(x, tell_args_text(args, "match"),
			tell_args_bool(args, "ignore_case"), why);
	if (r == 0 && !(x->limits = pcre2_match_context_create(NULL)))
		r = -ENOMEM;
	if (r < 0) {
		close_regex(x);
		return r;
	}
	(void)pcre2_set_match_limit(x->limits, MATCH_LIMIT);
	(void)pcre2_set_depth_limit(x->limits, DEPTH_LIMIT);
	(void)pcre2_set_heap_limit(x->limits, HEAP_KIB);
	*ret = x;
	return 0;
}

static pcre2_match_data *match_data(struct regex *x)
{
	for (int i = 0; i < SPARES; i++) {
		pcre2_match_data *d = __atomic_exchange_n(
			&x->spare[i], NULL, __ATOMIC_ACQUIRE);
		if (d)
			return d;
	}
	return pcre2_match_data_create_from_pattern(x->code, NULL);
}

static void put_back(struct regex *x, pcre2_match_data *d)
{
	for (int i = 0; i < SPARES; i++) {
		pcre2_match_data *none = NULL;
		if (__atomic_compare_exchange_n(&x->spare[i], &none, d, false,
			    __ATOMIC_RELEASE, __ATOMIC_RELAXED))
			return;
	}
	pcre2_match_data_free(d);
}

/* A value, and what becomes of it. */
struct work {
	struct regex *x;
	pcre2_match_data *data;
	const char *text;
	size_t len;
	char *out; /* NULL: nothing matched so far */
	size_t out_len, cap;
};

static bool put(struct work *w, const char *bytes, size_t n)
{
	if (n > w->cap - w->out_len) {
		size_t cap = 2 * (w->out_len + n) + 64;
		char *more = realloc(w->out, cap);
		if (!more)
			return false;
		w->out = more;
		w->cap = cap;
	}
	if (n)
		memcpy(w->out + w->out_len, bytes, n);
	w->out_len += n;
	return true;
}

static int match(const struct work *w, size_t from)
{
	int r = pcre2_match(
		w->x->code, (PCRE2_SPTR)w->text, w->len, from, 0, w->data, w->x->limits);
	if (r == PCRE2_ERROR_JIT_STACKLIMIT) /* the interpreter's is on the heap */
		r = pcre2_match(w->x->code, (PCRE2_SPTR)w->text, w->len, from,
			PCRE2_NO_JIT, w->data, w->x->limits);
	return r;
}

/* 1: there is another text, in w->out; 0: nothing matched; -ENOMEM; -ETIME: a limit. */
static int replace_all(struct work *w)
{
	size_t done = 0;
	for (size_t from = 0; from <= w->len;) {
		int r = match(w, from);
		if (r == PCRE2_ERROR_NOMATCH)
			break;
		if (r < 0)
			return -ETIME;
		const PCRE2_SIZE *at = pcre2_get_ovector_pointer(w->data);
		size_t first = at[2 * w->x->group], last = at[2 * w->x->group + 1];
		from = at[1] > from ? at[1] : from + 1; /* an empty match */
		if ((uint32_t)r <= w->x->group || first == PCRE2_UNSET || first >= last ||
			first < done)
			continue; /* the group took no part, or looked behind */
		if (!put(w, w->text + done, first - done) ||
			!put(w, w->x->mask, w->x->mask_len))
			return -ENOMEM;
		done = last;
	}
	if (done == 0)
		return 0;
	return put(w, w->text + done, w->len - done) ? 1 : -ENOMEM;
}

static bool is_text(const struct tell_value *v)
{
	return v->type == TELL_TYPE_STR || v->type == TELL_TYPE_BYTES ||
		v->type == TELL_TYPE_JSON;
}

static bool is_asked(const struct regex *x, const struct tell_value *v)
{
	return is_text(v) && v->len &&
		(!x->field ||
			(strlen(x->field) == v->name_len &&
				memcmp(x->field, v->name, v->name_len) == 0));
}

/* 0 or -ENOMEM. */
static int one_value(struct work *w, struct tell_run *run, const struct tell_value *v)
{
	w->text = v->data;
	w->len = v->len;
	w->out_len = 0;
	int r = replace_all(w);
	if (r == -ETIME) {
		tell_note(run, TELL_WARNING, "regex-limit",
			"an expression took too long for a value of %.*s: it is masked",
			(int)v->name_len, v->name);
		return tell_record_replace(run->record, v, TELL_TYPE_STR, FAILED_MASK,
			sizeof(FAILED_MASK) - 1);
	}
	/* With a mask in it JSON may be none, and is shown as the text that it is. */
	uint8_t type = v->type == TELL_TYPE_JSON ? (uint8_t)TELL_TYPE_STR : v->type;
	return r <= 0 ? r : tell_record_replace(run->record, v, type, w->out, w->out_len);
}

static enum tell_verdict run_regex(void *state, struct tell_run *run)
{
	struct work w = { .x = state, .data = match_data(state) };
	struct tell_value v;
	int r = w.data ? 0 : -ENOMEM;
	for (uint32_t pos = 0; r == 0 && tell_record_next(run->record, &pos, &v);)
		if (is_asked(w.x, &v))
			r = one_value(&w, run, &v);
	if (w.data)
		put_back(w.x, w.data);
	free(w.out);
	return r < 0 ? TELL_FAILED : TELL_SUCCESS; /* failed: all values are masked */
}

TELL_MODULE_PUBLIC const struct tell_module tell_redact_regex = {
	TELL_MODULE_ABI,
	"redact",
	"regex",
	"masks what a Perl regular expression matches",
	.options = options,
	.open = open_regex,
	.run = run_regex,
	.close = close_regex,
};
