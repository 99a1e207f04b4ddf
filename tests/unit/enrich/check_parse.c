#include <stdio.h>
#include "encode/encode.h"
#include "unit/enrich/parse_trial.h"

START_TEST(members_of_json_are_fields_with_their_types)
{
	struct tell_rig t;
	char room[256];
	trial_open(&t, LINE);
	ck_assert_int_eq(parse(&t,
				 " {\"msg\":\"p\\u0061id\",\"n\":3,\"f\":1.5,\"b\":true,"
				 "\"s\":\"a\\nb\",\"z\":null,\"l\":[1,{\"x\":2}]} ",
				 NULL),
		TELL_SUCCESS);
	ck_assert_str_eq(text_of(&t, room), "paid");
	ck_assert_int_eq(number_of(&t, "n"), 3);
	ck_assert_int_eq(value_of(&t, "f").type, TELL_TYPE_F64);
	ck_assert_int_eq(value_of(&t, "b").type, TELL_TYPE_BOOL);
	ck_assert_str_eq(trial_text(&t, "s", room), "a\nb");
	ck_assert_int_eq(value_of(&t, "z").type, TELL_TYPE_NULL);
	struct tell_value list = value_of(&t, "l");
	ck_assert_int_eq(list.type, TELL_TYPE_JSON);
	ck_assert_mem_eq(list.data, "[1,{\"x\":2}]", list.len);
	ck_assert_uint_eq(n_fields(&t), 6);
	ck_assert_uint_eq(not_enriched(&t), 0);
	tell_rig_close(&t);
}
END_TEST

START_TEST(objects_in_objects_are_names_joined)
{
	struct tell_rig t;
	char room[256];
	trial_open(&t, LINE " prefix=app_");
	(void)parse(&t,
		"{\"http\":{\"req\":{\"Method\":\"GET\"},\"none\":{}},\"a.b\":\"c\"}",
		NULL);
	ck_assert_str_eq(trial_text(&t, "app_http_req_method", room), "GET");
	ck_assert_str_eq(trial_text(&t, "app_a_b", room), "c");
	ck_assert_int_eq(value_of(&t, "app_http_none").type, TELL_TYPE_JSON);
	ck_assert_str_eq(text_of(&t, room), "");
	tell_rig_close(&t);
}
END_TEST

/* Of password_hash_v nobody would say that it is a secret. */
START_TEST(what_is_in_an_object_with_a_secret_s_name_is_hidden)
{
	static const char *const texts[][2] = {
		{ "{\"password\":{\"hash\":{\"v\":\"", "\"}}}" },
		{ "{\"a\":{\"to\\u006ben\":{\"x\":\"", "\"}}}" },
		{ "{\"user\":{\"authorization\":{\"x\":[1,\"", "\"]}}}" },
		{ "{\"licence\":{\"x\":\"", "\"}}" },
	};
	struct tell_rig t;
	struct tell_value v;
	char text[256];
	trial_open(
		&t, LINE "\nredact requisite keys add=licence\nredact requisite detect");
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		(void)snprintf(text, sizeof(text), "%s%s%s", texts[i][0], "Zq7canaryX9",
			texts[i][1]);
		(void)parse(&t, text, NULL);
		ck_assert_uint_eq(n_fields(&t), 1);
		for (uint32_t pos = 0; tell_record_next(&t.record, &pos, &v);)
			ck_assert_msg(!memmem(v.data, v.len, "Zq7", 3), "%s", text);
	}
	(void)parse(&t, "{\"token_count\":{\"in\":7}}", NULL);
	ck_assert_int_eq(number_of(&t, "token_count_in"), 7);
	tell_rig_close(&t);
}
END_TEST

START_TEST(the_level_and_the_message_are_taken)
{
	struct tell_rig t;
	char room[256];
	trial_open(&t, LINE " message=event,log.text\nfilter required level min=error");
	ck_assert_int_eq(
		parse(&t, "{\"level\":\"error\",\"event\":\"a\",\"msg\":\"b\"}", NULL),
		TELL_SUCCESS);
	ck_assert_int_eq(t.record.head->level, TELL_ERROR);
	ck_assert_str_eq(text_of(&t, room), "a");
	ck_assert_str_eq(trial_text(&t, "msg", room), "b");
	ck_assert_int_eq(
		parse(&t, "{\"log\":{\"level\":\"FATAL\",\"text\":\"c\"}}", NULL),
		TELL_SUCCESS);
	ck_assert_str_eq(text_of(&t, room), "c");
	ck_assert_int_eq(parse(&t, "{\"level\":50}", NULL), TELL_SUCCESS);
	ck_assert_int_eq(t.record.head->level, TELL_ERROR);
	ck_assert_int_eq(parse(&t, "{\"level\":3}", NULL), TELL_SUCCESS);
	ck_assert_int_eq(parse(&t, "{\"level\":\"odd\"}", NULL), TELL_IGNORE);
	ck_assert_str_eq(trial_text(&t, "user_level", room), "odd");
	ck_assert_int_eq(parse(&t, "{\"level\":7}", NULL), TELL_IGNORE);
	tell_rig_close(&t);

	trial_open(&t, LINE " level=no");
	(void)parse(&t, "level=error msg=x", NULL);
	ck_assert_int_eq(t.record.head->level, TELL_INFO);
	ck_assert_str_eq(trial_text(&t, "user_level", room), "error");
	tell_rig_close(&t);
}
END_TEST

START_TEST(a_field_of_the_record_is_never_overwritten)
{
	struct tell_rig t;
	char room[256];
	trial_open(&t, LINE);
	struct tell_field user = tell_str("user", "bob");
	(void)parse(&t, "{\"user\":\"eve\",\"User\":\"ann\",\"n\":1,\"n\":2}", &user);
	ck_assert_str_eq(trial_text(&t, "user", room), "bob");
	ck_assert_str_eq(trial_text(&t, "parsed_user", room), "ann");
	ck_assert_int_eq(number_of(&t, "n"), 2);
	ck_assert_uint_eq(n_fields(&t), 3);

	/* both names taken: nothing of it may be lost, so the text stays */
	ck_assert_int_eq(tell_record_begin(&t.record, TELL_INFO, TELL_KIND_LOG), 0);
	tell_record_message(&t.record, "a=1 user=2", 10);
	trial_add(&t, user);
	trial_add(&t, tell_str("parsed_user", "joe"));
	(void)trial_run(&t);
	ck_assert_str_eq(text_of(&t, room), "a=1 user=2");
	ck_assert_uint_eq(n_fields(&t), 2);
	ck_assert_uint_eq(not_enriched(&t), 1);
	tell_rig_close(&t);
}
END_TEST

START_TEST(ids_of_a_trace_have_our_names)
{
	struct tell_rig t;
	struct tell_value v;
	static const char *const texts[] = { "{\"traceId\":\"4bf9\",\"spanID\":\"00f0\"}",
		"trace.id=4bf9 span_id=00f0",
		"{\"trace\":{\"id\":\"4bf9\"},\"span\":{\"id\":\"00f0\"}}" };
	trial_open(&t, LINE);
	for (size_t i = 0; i < 3; i++) {
		(void)parse(&t, texts[i], NULL);
		ck_assert_msg(
			tell_record_get(&t.record, "trace_id", 8, &v), "%s", texts[i]);
		ck_assert_int_eq(v.key, TELL_KEY_TRACE_ID);
		ck_assert_msg(
			tell_record_get(&t.record, "span_id", 7, &v), "%s", texts[i]);
	}
	tell_rig_close(&t);
}
END_TEST

START_TEST(other_texts_stay)
{
	struct tell_rig t;
	char room[256];
	static const char *const texts[] = { "hello", "", "a=1", "hello a=1 b=2",
		"a=1 b=2 c", "[1,2]", "\"a\"", "{}", " { } ", "a=1 b=2\nc=3 d=4", "=1 =2",
		"a= \"x" };
	trial_open(&t, LINE);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		ck_assert_int_eq(parse(&t, texts[i], NULL), TELL_SUCCESS);
		ck_assert_str_eq(text_of(&t, room), texts[i]);
		ck_assert_uint_eq(n_fields(&t), 0);
	}
	ck_assert_uint_eq(not_enriched(&t), 0);
	tell_rig_close(&t);
}
END_TEST

START_TEST(what_is_nearly_json_stays_and_is_counted)
{
	struct tell_rig t;
	char room[256];
	static const char *const texts[] = { "{", "{\"a\":1", "{\"a\":1} x", "{a:1}",
		"{\"a\":\"x\ny\"}" };
	trial_open(&t, LINE);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		(void)parse(&t, texts[i], NULL);
		ck_assert_str_eq(text_of(&t, room), texts[i]);
		ck_assert_uint_eq(n_fields(&t), 0);
		ck_assert_uint_eq(not_enriched(&t), i + 1);
	}
	tell_rig_close(&t);
}
END_TEST

START_TEST(logfmt_with_words_in_front_when_it_is_asked_for)
{
	struct tell_rig t;
	char room[256];
	trial_open(&t, LINE " format=logfmt");
	(void)parse(&t, "disk full path=/var n=3 why=\"a \\\"b\\\"\"  ", NULL);
	ck_assert_str_eq(text_of(&t, room), "disk full");
	ck_assert_str_eq(trial_text(&t, "path", room), "/var");
	ck_assert_str_eq(trial_text(&t, "why", room), "a \"b\"");
	ck_assert_int_eq(value_of(&t, "n").type, TELL_TYPE_I64);
	(void)parse(&t, "{\"a\":1}", NULL);
	ck_assert_str_eq(text_of(&t, room), "{\"a\":1}");
	tell_rig_close(&t);
	trial_open(&t, LINE " format=json");
	(void)parse(&t, "a=1 b=2", NULL);
	ck_assert_str_eq(text_of(&t, room), "a=1 b=2");
	tell_rig_close(&t);
}
END_TEST

/* What redaction hides by a field's name must not be readable in the message. */
START_TEST(no_secret_of_the_text_is_left)
{
	static const char *const forms[] = { "{\"msg\":\"hi\",\"password\":\"%s\"}",
		"{\"msg\":\"hi\",\"db\":{\"password\":\"%s\"}}", "msg=hi password=%s",
		"msg=hi licence=%s", "{\"licence\":\"%s\"}",
		"{\"msg\":\"hi\",\"passw\\u006frd\":\"%s\"}",
		"{\"msg\":\"hi\",\"all\":[{\"password\":\"%s\"}]}",
		"{\"msg\":\"password=%s\"}", "{\"password\":\"%s\"",
		"{\"msg\":{\"password\":\"%s\"}}" };
	struct tell_rig t;
	char secret[32], text[256];
	(void)snprintf(secret, sizeof(secret), "Zq7%sX9w2", "canary");
	trial_open(
		&t, LINE "\nredact requisite keys add=licence\nredact requisite detect");
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct tell_buf out = { 0 };
		struct tell_layout layout = { .who = &t.who };
		_Pragma("GCC diagnostic push")
			_Pragma("GCC diagnostic ignored \"-Wformat-nonliteral\"")(void)
				snprintf(text, sizeof(text), forms[i], secret);
		_Pragma("GCC diagnostic pop")(void) parse(&t, text, NULL);
		tell_encode_json(&out, &t.record, &layout);
		tell_buf_putc(&out, '\0');
		ck_assert_msg(!strstr(out.data, secret), "%s: %s", forms[i], out.data);
		ck_assert_msg(strstr(out.data, "REDACTED") != NULL, "%s", out.data);
		tell_buf_done(&out);
	}
	tell_rig_close(&t);
}
END_TEST

START_TEST(a_sentence_of_ours_is_not_read)
{
	struct tell_rig t;
	char room[256];
	trial_open(&t, LINE);
	ck_assert_int_eq(tell_record_begin(&t.record, TELL_INFO, TELL_KIND_LOG), 0);
	tell_record_own_message(&t.record, "{\"a\":1}", 7);
	(void)trial_run(&t);
	ck_assert_str_eq(text_of(&t, room), "{\"a\":1}");
	tell_rig_close(&t);
}
END_TEST

START_TEST(a_line_that_cannot_be_is_refused)
{
	trial_refused(LINE " format=xml", "format", "json");
	trial_refused(LINE
		" prefix=aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggg",
		"64", "shorter");
}
END_TEST

static Suite *parse_suite(void)
{
	Suite *s = suite_create("enrich/parse");
	tell_check_add(s, "fields", members_of_json_are_fields_with_their_types,
		objects_in_objects_are_names_joined,
		what_is_in_an_object_with_a_secret_s_name_is_hidden,
		the_level_and_the_message_are_taken,
		a_field_of_the_record_is_never_overwritten, ids_of_a_trace_have_our_names,
		logfmt_with_words_in_front_when_it_is_asked_for, NULL);
	tell_check_add(s, "text", other_texts_stay,
		what_is_nearly_json_stays_and_is_counted, a_sentence_of_ours_is_not_read,
		NULL);
	tell_check_add(s, "secrets", no_secret_of_the_text_is_left, NULL);
	tell_check_add(s, "line", a_line_that_cannot_be_is_refused, NULL);
	return s;
}
TELL_CHECK_MAIN(parse_suite)
