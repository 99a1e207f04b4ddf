#include "decode/json_field.h"
#include <math.h>
#include <string.h>
#include "base/number.h"

/* A decimal of at most 15 digits reads back from the nearest double (C11 5.2.4.2.2,
 * DBL_DIG); a longer one stays as it was written. */
static bool fits_double(const char *text, size_t len)
{
	size_t n = 0;
	for (size_t i = 0; i < len && text[i] != 'e' && text[i] != 'E'; i++)
		n += text[i] >= '0' && text[i] <= '9';
	return n <= 15;
}

static struct tell_field number(const char *text, size_t len)
{
	struct tell_number typed;
	double d;
	int64_t i;
	if (tell_number_canonical(text, len, &typed)) {
		if (typed.kind == TELL_NUMBER_I64)
			return tell_i64("", typed.i64);
		if (typed.kind == TELL_NUMBER_U64)
			return tell_u64("", typed.u64);
		return tell_f64("", typed.f64);
	}
	if (tell_parse_i64(text, len, &i) && i != 0) /* "-0" is a double */
		return tell_i64("", i);
	bool whole = !memchr(text, '.', len) && !memchr(text, 'e', len) &&
		!memchr(text, 'E', len);
	if (!whole && fits_double(text, len) && tell_parse_f64(text, len, &d) &&
		(d == 0.0 || isnormal(d)))
		return tell_f64("", d);
	return tell_jsonn("", text, len);
}

static struct tell_field string(struct tell_buf *text, const struct tell_json_span *v)
{
	if (v->len > text->cap - text->len)
		return tell_strn("", "", 0);
	size_t before = text->len;
	tell_json_decode(text, v);
	return tell_strn("", text->data + before, text->len - before);
}

struct tell_field tell_json_field(struct tell_buf *text, const struct tell_json_span *v)
{
	switch (v->kind) {
	case TELL_JSON_NULL:
		return tell_null("");
	case TELL_JSON_TRUE:
	case TELL_JSON_FALSE:
		return tell_bool("", v->kind == TELL_JSON_TRUE);
	case TELL_JSON_NUMBER:
		return number(v->text, v->len);
	case TELL_JSON_STRING:
		return string(text, v);
	case TELL_JSON_ARRAY:
	case TELL_JSON_OBJECT:
		break;
	}
	return tell_jsonn("", v->text, v->len);
}
