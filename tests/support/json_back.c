#include "support/json_back.h"
#include <json-c/json.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/utf8.h"
#include "record/level.h"

/* Text comes back byte for byte; what was no UTF-8 with U+FFFD in it. */
static bool text_is(struct json_object *o, const void *data, size_t n)
{
	if (!json_object_is_type(o, json_type_string))
		return false;
	const char *s = json_object_get_string(o);
	size_t len = (size_t)json_object_get_string_len(o);
	if (tell_utf8_valid(data, n) != n)
		return memmem(s, len, "\xef\xbf\xbd", 3) != NULL;
	return len == n && memcmp(s, data, n) == 0;
}

/* A JSON value came as itself, or else as the string it was. What is too large for json-c's
 * numbers it reads as a double either way. */
static bool json_is(struct json_object *o, const struct tell_value *v)
{
	if (text_is(o, v->data, v->len) || json_object_is_type(o, json_type_double))
		return true;
	char *text = strndup(v->data, v->len); /* a number ends at the NUL */
	struct json_tokener *t = json_tokener_new_ex(200);
	json_tokener_set_flags(t, JSON_TOKENER_STRICT);
	struct json_object *was = json_tokener_parse_ex(t, text, (int)strlen(text) + 1);
	bool is = json_tokener_get_error(t) == json_tokener_success &&
		json_object_equal(o, was);
	json_object_put(was);
	json_tokener_free(t);
	free(text);
	return is;
}

static bool value_is(struct json_object *o, const struct tell_value *v);

static bool list_is(struct json_object *o, const struct tell_value *list)
{
	struct tell_value v;
	size_t i = 0;
	if (!json_object_is_type(o, json_type_array))
		return false;
	for (uint32_t pos = 0; tell_value_next(list, &pos, &v); i++)
		if (i >= json_object_array_length(o) ||
			!value_is(json_object_array_get_idx(o, i), &v))
			return false;
	return i == json_object_array_length(o);
}

static bool double_is(struct json_object *o, double v)
{
	if (!isfinite(v))
		return o == NULL;
	double back = json_object_get_double(o);
	return json_object_is_type(o, json_type_double) &&
		memcmp(&back, &v, sizeof(v)) == 0;
}

static bool value_is(struct json_object *o, const struct tell_value *v)
{
	switch ((enum tell_type)v->type) {
	case TELL_TYPE_NULL:
		return o == NULL;
	case TELL_TYPE_BOOL:
		return json_object_is_type(o, json_type_boolean) &&
			json_object_get_boolean(o) == (tell_value_u64(v) != 0);
	case TELL_TYPE_I64:
		return json_object_is_type(o, json_type_int) &&
			json_object_get_int64(o) == tell_value_i64(v);
	case TELL_TYPE_U64:
		return json_object_is_type(o, json_type_int) &&
			json_object_get_uint64(o) == tell_value_u64(v);
	case TELL_TYPE_F64:
		return double_is(o, tell_value_f64(v));
	case TELL_TYPE_STR:
		return text_is(o, v->data, v->len);
	case TELL_TYPE_JSON:
		return json_is(o, v);
	case TELL_TYPE_NS:
		return json_object_is_type(o, json_type_double) &&
			fabs(json_object_get_double(o) -
				(double)tell_value_u64(v) / 1e9) < 1e-3;
	case TELL_TYPE_LIST:
		return list_is(o, v);
	case TELL_TYPE_BYTES:
	case TELL_TYPE_HEX:
	case TELL_TYPE_TIME:
	case TELL_TYPE_PTR:
	case TELL_TYPE_ID128:
	case TELL_TYPE_SOCKADDR:
	case TELL_TYPE_SECRET:
		return json_object_is_type(o, json_type_string);
	case TELL_TYPE_ERRNO:
		break;
	}
	return false;
}

static const char *object_fault(struct json_object *o, const struct encoding *e)
{
	struct json_object *m;
	struct tell_value v;
	size_t n;
	const char *text = tell_record_text(&e->r, &n);
	if (!json_object_is_type(o, json_type_object))
		return "json: no object";
	if (!json_object_object_get_ex(o, "level", &m) ||
		strcmp(json_object_get_string(m), tell_level_word(e->r.head->level)) != 0)
		return "json: level";
	if (!json_object_object_get_ex(o, "message", &m) ||
		(!e->l.message_full && !text_is(m, text, n)))
		return "json: message";
	for (uint32_t pos = 0; tell_record_next(&e->r, &pos, &v);) {
		char name[TELL_NAME_MAX + 1];
		if (v.key == TELL_KEY_MESSAGE)
			continue;
		memcpy(name, v.name, v.name_len);
		name[v.name_len] = '\0';
		if (!json_object_object_get_ex(o, name, &m))
			return "json: a field is missing";
		if (!value_is(m, &v))
			return "json: a value is another";
	}
	return NULL;
}

const char *json_back_fault(struct encoding *e)
{
	if (!encoding_text(e, "json"))
		return "json: cut";
	struct json_tokener *t = json_tokener_new_ex(100);
	json_tokener_set_flags(t, JSON_TOKENER_STRICT);
	struct json_object *o = json_tokener_parse_ex(t, e->out.data, (int)e->out.len);
	bool whole = json_tokener_get_error(t) == json_tokener_success &&
		json_tokener_get_parse_end(t) == e->out.len;
	const char *fault = whole ? object_fault(o, e) : "json: does not parse";
	json_object_put(o);
	json_tokener_free(t);
	return fault;
}
