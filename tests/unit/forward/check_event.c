/* A record as Logstash's event: known bytes, and what a second reader makes of any. */
#include "forward/event.h"
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "support/check_main.h"
#include "support/encoding.h"
#include "support/golden.h"
#include "support/unit.h"

#define TIME_NS	  UINT64_C(1795226767123456789)
#define N_RECORDS 3000

static struct encoding e;

static const char *event(enum tell_event_layout layout)
{
	const struct tell_parcel p = { &e.r, &e.who, TIME_NS, NULL };
	tell_buf_clear(&e.out);
	tell_event_put(&e.out, &p, layout);
	ck_assert(!e.out.cut);
	return tell_buf_cstr(&e.out);
}

static void golden(const char *path, enum tell_event_layout layout)
{
	struct tell_buf line = { 0 };
	tell_buf_init(&line, 0);
	tell_buf_puts(&line, event(layout));
	tell_buf_putc(&line, '\n');
	const char *fault = golden_fault(path, line.data, line.len);
	tell_buf_done(&line);
	ck_assert_msg(!fault, "%s", fault);
}

static void begin_full(void)
{
	static const uint64_t shards[] = { 1, 2 };
	encoding_begin(&e, "paid \"4200\"\nby ann");
	encoding_add(&e, 0, tell_str("request_id", "r1"));
	encoding_add(&e, 0, tell_str("tenant_id", "t1"));
	encoding_add(&e, 0, tell_i64("cents", -4200));
	encoding_add(&e, 0, tell_f64("ratio", 0.5));
	encoding_add(&e, 0, tell_bool("done", true));
	encoding_add(&e, 0, tell_jsonn("cart", "{\"a\":[1]}", 9));
	struct tell_field list[2] = { tell_u64("", shards[0]), tell_u64("", shards[1]) };
	encoding_add(&e, 0, tell_list_of("shards", list, 2));
	encoding_add(&e, 0, tell_str("tags", "red"));
	encoding_add(&e, 0, tell_str("host", "theirs"));
	encoding_add(&e, 0, tell_str("type", "card"));
	encoding_add(&e, 0, tell_str("trace_id", "0af7651916cd43dd8448eb211c80319c"));
	encoding_add(&e, 0, tell_str("span_id", "b7ad6b7169203331"));
}

START_TEST(known_records_have_known_bytes)
{
	begin_full();
	golden("event/ecs", TELL_EVENT_ECS);
	golden("event/flat", TELL_EVENT_FLAT);
	encoding_end(&e);

	encoding_begin(&e, NULL);
	e.r.head->kind = TELL_KIND_SPAN;
	e.r.head->level = TELL_EMERG;
	e.r.head->place = e.r.head->pid = e.r.head->tid = 0;
	e.r.head->seq = 0;
	e.who.host = "";
	tell_record_service(&e.r, "cart", 4);
	golden("event/ecs-bare", TELL_EVENT_ECS);
	golden("event/flat-bare", TELL_EVENT_FLAT);
	encoding_end(&e);
}
END_TEST

START_TEST(a_field_that_has_the_name_already_stands)
{
	encoding_begin(&e, "m");
	encoding_add(&e, 0, tell_str("tags", "red"));
	encoding_add(&e, 0, tell_str("user_tags", "blue"));
	ck_assert_ptr_nonnull(strstr(event(TELL_EVENT_FLAT), "\"user_tags\":\"blue\""));
	ck_assert_ptr_null(strstr(event(TELL_EVENT_FLAT), "red"));
	encoding_end(&e);
}
END_TEST

START_TEST(who_speaks_is_the_record_s_own)
{
	encoding_begin(&e, "m");
	tell_record_service(&e.r, "cart", 4);
	ck_assert_ptr_nonnull(
		strstr(event(TELL_EVENT_ECS), "\"service\":{\"name\":\"cart\"}"));
	ck_assert_ptr_nonnull(strstr(event(TELL_EVENT_FLAT), "\"service\":\"cart\""));
	encoding_end(&e);
}
END_TEST

/* ---- a second reader ---- */

static struct json_object *child(struct json_object *o, const char *name)
{
	struct json_object *c = NULL;
	return json_object_object_get_ex(o, name, &c) ? c : NULL;
}

/* Keys that Logstash cannot reference, and names that come twice: json-c would keep one. */
static const char *names_fault(struct json_object *o, bool labels)
{
	json_object_object_foreach(o, name, value)
	{
		if (strpbrk(name, "[]."))
			return name;
		if (labels &&
			(json_object_is_type(value, json_type_object) ||
				json_object_is_type(value, json_type_array)))
			return "a label that is no word";
	}
	return NULL;
}

static const char *event_fault(enum tell_event_layout layout)
{
	struct json_tokener *t = json_tokener_new_ex(200);
	json_tokener_set_flags(t, JSON_TOKENER_STRICT);
	const char *text = event(layout), *fault = NULL;
	struct json_object *o = json_tokener_parse_ex(t, text, (int)strlen(text) + 1);
	struct json_object *labels = o ? child(o, "labels") : NULL;
	if (json_tokener_get_error(t) != json_tokener_success)
		fault = "no JSON";
	else if (strchr(text, '\n'))
		fault = "a line feed";
	else if (!json_object_is_type(child(o, "@timestamp"), json_type_string) ||
		strcmp(json_object_get_string(child(o, "@timestamp")),
			"2026-11-21T02:06:07.123456789Z") != 0)
		fault = "the time";
	else if (!json_object_is_type(child(o, "message"), json_type_string))
		fault = "the message";
	else if (child(o, "tags"))
		fault = "tags";
	else
		fault = names_fault(o, false);
	if (!fault && labels)
		fault = names_fault(labels, true);
	json_object_put(o);
	json_tokener_free(t);
	return fault;
}

START_TEST(any_record_is_an_event_that_logstash_can_use)
{
	uint64_t state = tell_unit_seed();
	uint8_t bytes[400];
	for (int i = 0; i < N_RECORDS; i++) {
		size_t n = tell_unit_random(&state) % sizeof(bytes);
		for (size_t k = 0; k < n; k++)
			bytes[k] = (uint8_t)tell_unit_random(&state);
		encoding_from_bytes(&e, bytes, n);
		encoding_add(&e, 0, tell_str("tags", "x"));
		const char *ecs = event_fault(TELL_EVENT_ECS);
		ck_assert_msg(!ecs, "record %d, ecs: %s: %s", i, ecs, e.out.data);
		const char *flat = event_fault(TELL_EVENT_FLAT);
		ck_assert_msg(!flat, "record %d, flat: %s: %s", i, flat, e.out.data);
		encoding_end(&e);
	}
}
END_TEST

START_TEST(values_come_back)
{
	begin_full();
	struct json_object *o = json_tokener_parse(event(TELL_EVENT_ECS));
	struct json_object *labels = child(o, "labels");
	ck_assert_str_eq(
		json_object_get_string(child(o, "message")), "paid \"4200\"\nby ann");
	ck_assert_int_eq(json_object_get_int64(child(labels, "cents")), -4200);
	ck_assert_str_eq(json_object_get_string(child(labels, "cart")), "{\"a\":[1]}");
	ck_assert_str_eq(json_object_get_string(child(labels, "shards")), "[1,2]");
	ck_assert_str_eq(json_object_get_string(child(labels, "tags")), "red");
	ck_assert_str_eq(json_object_get_string(child(child(o, "trace"), "id")),
		"0af7651916cd43dd8448eb211c80319c");
	ck_assert_int_eq(
		json_object_get_int(child(
			child(child(child(o, "log"), "syslog"), "severity"), "code")),
		6);
	json_object_put(o);
	encoding_end(&e);
}
END_TEST

static Suite *event_suite(void)
{
	Suite *s = suite_create("forward/event");
	tell_check_add(s, "bytes", known_records_have_known_bytes,
		a_field_that_has_the_name_already_stands, who_speaks_is_the_record_s_own,
		NULL);
	tell_check_add(s, "read back", values_come_back,
		any_record_is_an_event_that_logstash_can_use, NULL);
	return s;
}

TELL_CHECK_MAIN(event_suite)
