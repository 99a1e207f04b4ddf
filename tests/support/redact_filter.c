#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <telltale/log.h>
#include "base/buf.h"
#include "encode/encode.h"
#include "record/record.h"
#include "redact/module.h"
#include "stack/args.h"

/* redact_filter: stdin to stdout, a JSON object {"id","message","fields"} a line; the
 * message and the fields go through `redact keys` and `redact detect` as a record's do.
 * For measuring with a corpus; exit status 1 when a line could not be redacted. */

struct filter {
	struct tell_run run;
	struct tell_record record;
	struct tell_buf out, work;
	void *keys, *detect;
};

static struct tell_field field_of(const char *key, struct json_object *v)
{
	switch (json_object_get_type(v)) {
	case json_type_boolean:
		return tell_bool(key, json_object_get_boolean(v));
	case json_type_int:
		return tell_i64(key, json_object_get_int64(v));
	case json_type_double:
		return tell_f64(key, json_object_get_double(v));
	case json_type_string:
		return tell_strn(key, json_object_get_string(v),
			(size_t)json_object_get_string_len(v));
	case json_type_object:
	case json_type_array:
		return tell__json(
			key, json_object_to_json_string_ext(v, JSON_C_TO_STRING_PLAIN));
	case json_type_null:
		break;
	}
	return tell_null(key);
}

static struct json_object *text_object(const struct tell_value *v)
{
	return json_object_new_string_len(v->data, (int)v->len);
}

/* The value after redaction; before, when it is a number that was not touched. */
static struct json_object *object_of(
	const struct tell_value *v, struct json_object *before)
{
	if (v->type == TELL_TYPE_SECRET)
		return json_object_new_string("[REDACTED]");
	if (v->type == TELL_TYPE_STR)
		return text_object(v);
	if (v->type == TELL_TYPE_JSON) {
		struct json_tokener *t = json_tokener_new();
		struct json_object *o = json_tokener_parse_ex(t, v->data, (int)v->len);
		json_tokener_free(t);
		return o ? o : text_object(v);
	}
	return json_object_get(before);
}

static bool redact(struct filter *f)
{
	f->run.record = &f->record;
	return tell_redact_keys.run(f->keys, &f->run) == TELL_SUCCESS &&
		tell_redact_detect.run(f->detect, &f->run) == TELL_SUCCESS;
}

/* One field at a time: so the names on the way out are those that came. */
static bool filter_fields(struct filter *f, struct json_object *fields)
{
	bool ok = true;
	json_object_object_foreach(fields, key, value)
	{
		struct tell_field field = field_of(key, value);
		if (tell_record_begin(&f->record, TELL_INFO, TELL_KIND_LOG) < 0)
			return false;
		tell_record_add(&f->record, &field, 1, 0, NULL);
		ok = redact(f) && ok;
		struct tell_value v;
		uint32_t pos = 0;
		if (tell_record_next(&f->record, &pos, &v))
			json_object_object_add(fields, key, object_of(&v, value));
	}
	return ok;
}

static bool filter_message(struct filter *f, struct json_object *line)
{
	struct json_object *message;
	if (!json_object_object_get_ex(line, "message", &message))
		return true;
	if (tell_record_begin(&f->record, TELL_INFO, TELL_KIND_LOG) < 0)
		return false;
	tell_record_message(&f->record, json_object_get_string(message),
		(size_t)json_object_get_string_len(message));
	bool ok = redact(f);
	size_t len;
	const char *text = tell_record_text(&f->record, &len);
	json_object_object_add(
		line, "message", json_object_new_string_len(text, (int)len));
	return ok;
}

static bool filter_line(struct filter *f, const char *text)
{
	struct json_object *line = json_tokener_parse(text);
	struct json_object *fields;
	if (!line)
		return false;
	bool ok = filter_message(f, line);
	if (json_object_object_get_ex(line, "fields", &fields))
		ok = filter_fields(f, fields) && ok;
	puts(json_object_to_json_string_ext(
		line, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(line);
	return ok;
}

int main(void)
{
	struct filter f = { .record.limit = TELL_RECORD_LIMIT_MAX };
	struct tell_refusal why;
	const struct tell_args none = { 0 };
	tell_buf_init(&f.out, 0);
	tell_buf_init(&f.work, 0);
	f.run.out = &f.out;
	f.run.work = &f.work;
	if (tell_redact_keys.open(&f.keys, &none, &why) < 0 ||
		tell_redact_detect.open(&f.detect, &none, &why) < 0)
		return EXIT_FAILURE;

	bool ok = true;
	char *text = NULL;
	size_t cap = 0;
	while (getline(&text, &cap, stdin) > 0)
		ok = filter_line(&f, text) && ok;
	free(text);
	tell_redact_keys.close(f.keys);
	tell_redact_detect.close(f.detect);
	tell_record_done(&f.record);
	tell_buf_done(&f.out);
	tell_buf_done(&f.work);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
