#include <stdlib.h>
#include <string.h>
#include "base/number.h"
#include "decode/input.h"
#include "decode/json_field.h"
#include "decode/json_read.h"

/* The content of a JSON string, kept in l->text. */
static const char *keep_string(
	struct tell_input *l, const struct tell_json_span *s, size_t *ret_len)
{
	char *at = tell_input_keep(l, s->len);
	size_t before = l->text.len;
	if (at)
		tell_json_decode(&l->text, s);
	*ret_len = l->text.len - before;
	return at ? at : "";
}

/* The same with a NUL behind it: its two quotes leave the room. */
static const char *keep_cstr(struct tell_input *l, const struct tell_json_span *s)
{
	size_t len;
	if (s->kind != TELL_JSON_STRING || !tell_input_keep(l, s->len))
		return NULL;
	const char *at = keep_string(l, s, &len);
	tell_buf_putc(&l->text, '\0');
	return at;
}

/* The text between a string's quotes, or a number as it stands. */
static bool scalar(struct tell_input *l, const struct tell_json_span *v, const char **ret,
	size_t *ret_len)
{
	if (v->kind == TELL_JSON_STRING) {
		*ret = keep_string(l, v, ret_len);
		return true;
	}
	*ret = v->text;
	*ret_len = v->len;
	return v->kind == TELL_JSON_NUMBER;
}

static bool take_role(struct tell_input *l, enum tell_role role,
	const struct tell_json_span *v, bool *has_message)
{
	const char *text;
	size_t len, mark = l->text.len;
	bool taken = false;
	switch (role) {
	case TELL_ROLE_FIELD:
		return false;
	case TELL_ROLE_MESSAGE:
		if (*has_message || v->kind != TELL_JSON_STRING)
			return false;
		l->message = keep_string(l, v, &l->message_len);
		return *has_message = true;
	case TELL_ROLE_LEVEL:
		taken = scalar(l, v, &text, &len) && tell_input_level(l, text, len);
		break;
	case TELL_ROLE_TIME:
		taken = scalar(l, v, &text, &len) && tell_input_time(l, text, len);
		break;
	}
	l->text.len = mark; /* only looked at */
	return taken;
}

static bool take_u32(const struct tell_json_span *v, uint32_t *ret)
{
	uint64_t n;
	if (v->kind != TELL_JSON_NUMBER || !tell_parse_u64(v->text, v->len, &n) ||
		n > UINT32_MAX)
		return false;
	*ret = (uint32_t)n;
	return true;
}

/* {"file":"cart.c","line":42,"function":"add_item"} as we write it, or "cart.c:42" as
 * other loggers do. */
static bool take_caller(struct tell_input *l, const struct tell_json_span *v)
{
	struct tell_json_span k, part;
	if (v->kind == TELL_JSON_OBJECT) {
		for (size_t pos = 0; tell_json_next(v, &pos, &k, &part);) {
			if (tell_json_key_is(&k, "file"))
				l->file = keep_cstr(l, &part);
			else if (tell_json_key_is(&k, "function"))
				l->func = keep_cstr(l, &part);
			else if (tell_json_key_is(&k, "line"))
				(void)take_u32(&part, &l->file_line); /* else 0 */
		}
		return l->file != NULL;
	}

	size_t mark = l->text.len;
	char *at = tell_input_keep(l, v->len);
	char *colon = at && keep_cstr(l, v) ? strrchr(at, ':') : NULL;
	uint64_t n;
	if (!colon || !tell_parse_u64(colon + 1, strlen(colon + 1), &n) ||
		n > UINT32_MAX) {
		l->text.len = mark;
		return false;
	}
	*colon = '\0';
	l->file = at;
	l->file_line = (uint32_t)n;
	return true;
}

static bool take_word(
	struct tell_input *l, const char **word, const struct tell_json_span *v)
{
	const char *text = *word ? NULL : keep_cstr(l, v);
	if (text)
		*word = text;
	return text != NULL;
}

/* Where the record comes from: as we write it, and other loggers do. */
static bool take_origin(struct tell_input *l, const struct tell_json_span *k,
	const struct tell_json_span *v)
{
	if (tell_json_key_is(k, "logger"))
		return take_word(l, &l->logger, v);
	return tell_json_key_is(k, "caller") && !l->file && take_caller(l, v);
}

/* Members that our own files write beside the fields (DESIGN 5). */
static bool take_head(struct tell_input *l, const struct tell_json_span *k,
	const struct tell_json_span *v)
{
	if (tell_json_key_is(k, "service"))
		return take_word(l, &l->service, v);
	if (tell_json_key_is(k, "seq"))
		return take_word(l, &l->seq, v);
	if (tell_json_key_is(k, "pid"))
		return take_u32(v, &l->pid);
	return tell_json_key_is(k, "tid") && take_u32(v, &l->tid);
}

static bool may_be_object(const char *text, size_t len)
{
	while (len && (*text == ' ' || *text == '\t'))
		text++, len--;
	return len && *text == '{';
}

bool tell_input_json(struct tell_input *l, const char *text, size_t len)
{
	struct tell_json_span object, k, v;
	if (!may_be_object(text, len) || !tell_json_check(text, len, &object) ||
		object.kind != TELL_JSON_OBJECT)
		return false;

	bool has_message = false;
	l->json = true;
	l->message = "";
	l->message_len = 0;
	for (size_t pos = 0; tell_json_next(&object, &pos, &k, &v);) {
		enum tell_role role = tell_role_of(k.text + 1, k.len - 2);
		if (take_role(l, role, &v, &has_message) || take_origin(l, &k, &v) ||
			(l->heads && take_head(l, &k, &v)))
			continue;
		size_t key_len;
		const char *key = keep_string(l, &k, &key_len);
		tell_input_add(l, key, key_len, tell_json_field(&l->text, &v));
	}
	return true;
}
