#include <math.h>
#include "base/bytes.h"
#include "base/number.h"
#include "encode/encode.h"
#include "encode/json.h"
#include "encode/room.h"
#include "encode/value.h"

static char *put_string(struct tell_buf *out, char *p, const char *s, size_t n)
{
	*p++ = '"';
	p = tell_json_text(out, p, s, n);
	if (p)
		*p++ = '"';
	return p;
}

/* A short value in quotes. Only the path in an address can need escapes. */
static char *put_quoted(struct tell_buf *out, char *p, const struct tell_value *v)
{
	char text[TELL_SHORT_MAX_CHARS];
	size_t n = (size_t)(tell_put_short(text, v) - text);
	p = tell_room(out, p, n + TELL_SLACK);
	return p ? put_string(out, p, text, n) : NULL;
}

/* Bytes as base64 or hex: `n` characters that need no escape. */
static char *put_encoded(struct tell_buf *out, char *p, const struct tell_value *v,
	size_t n, char *(*put)(char *, const void *, size_t))
{
	p = tell_room(out, p, n + TELL_SLACK);
	if (!p)
		return NULL;
	*p++ = '"';
	p = put(p, v->data, v->len);
	*p++ = '"';
	return p;
}

/* JSON as it came when it is sound; what only claims to be is a string. */
static char *put_json(struct tell_buf *out, char *p, const struct tell_value *v)
{
	out->len = (size_t)(p - out->data);
	if (tell_json_embed(out, v->data, v->len))
		return tell_room_begin(out, TELL_SLACK);
	p = tell_room_begin(out, v->len + TELL_SLACK);
	return p ? put_string(out, p, v->data, v->len) : NULL;
}

static char *put_list(struct tell_buf *out, char *p, const struct tell_value *list)
{
	struct tell_value v;
	*p++ = '[';
	for (uint32_t pos = 0; p && tell_value_next(list, &pos, &v);) {
		p = tell_room(out, p, v.len + TELL_SLACK);
		if (p)
			p = tell_json_value(out, p, &v);
		if (p)
			*p++ = ',';
	}
	if (!p)
		return NULL;
	p -= p[-1] == ',';
	*p++ = ']';
	return tell_room(out, p, TELL_SLACK);
}

char *tell_json_value(struct tell_buf *out, char *p, const struct tell_value *v)
{
	switch ((enum tell_type)v->type) {
	case TELL_TYPE_STR:
		return put_string(out, p, v->data, v->len);
	case TELL_TYPE_F64:
		if (!isfinite(tell_value_f64(v)))
			return TELL_PUT(p, "null");
		return tell_put_f64(p, tell_value_f64(v));
	case TELL_TYPE_NULL:
	case TELL_TYPE_BOOL:
	case TELL_TYPE_I64:
	case TELL_TYPE_U64:
	case TELL_TYPE_NS:
		return tell_put_short(p, v);
	case TELL_TYPE_TIME:
	case TELL_TYPE_PTR:
	case TELL_TYPE_ID128:
	case TELL_TYPE_SOCKADDR:
	case TELL_TYPE_SECRET:
		return put_quoted(out, p, v);
	case TELL_TYPE_BYTES:
		return put_encoded(out, p, v, tell_base64_len(v->len), tell_put_base64);
	case TELL_TYPE_HEX:
		return put_encoded(out, p, v, 2 * (size_t)v->len, tell_put_hexbytes);
	case TELL_TYPE_JSON:
		return put_json(out, p, v);
	case TELL_TYPE_LIST:
		return put_list(out, p, v);
	case TELL_TYPE_ERRNO: /* never in a record */
		break;
	}
	return TELL_PUT(p, "null");
}

static bool is_nonfinite(const struct tell_value *v)
{
	return v->type == TELL_TYPE_F64 && !isfinite(tell_value_f64(v));
}

bool tell_json_nonfinite(const struct tell_value *v)
{
	if (v->type != TELL_TYPE_LIST)
		return is_nonfinite(v);
	struct tell_value e;
	for (uint32_t pos = 0; tell_value_next(v, &pos, &e);)
		if (is_nonfinite(&e))
			return true;
	return false;
}

static char *put_word(char *p, const struct tell_value *v)
{
	if (!is_nonfinite(v))
		return TELL_PUT(p, "null");
	*p++ = '"';
	p = tell_put_f64(p, tell_value_f64(v));
	*p++ = '"';
	return p;
}

char *tell_json_nonfinite_put(struct tell_buf *out, char *p, const struct tell_value *v)
{
	if (v->type != TELL_TYPE_LIST)
		return put_word(p, v);
	struct tell_value e;
	*p++ = '[';
	for (uint32_t pos = 0; p && tell_value_next(v, &pos, &e);) {
		p = tell_room(out, put_word(p, &e), TELL_SLACK);
		if (p)
			*p++ = ',';
	}
	if (!p)
		return NULL;
	p[-1] = ']'; /* a list without elements has no such number */
	return p;
}

void tell_encode_json_value(struct tell_buf *out, const struct tell_value *v)
{
	size_t start = out->len;
	char *p = tell_room_begin(out, v->len + TELL_SLACK);
	tell_room_end(out, p ? tell_json_value(out, p, v) : NULL, start);
}
