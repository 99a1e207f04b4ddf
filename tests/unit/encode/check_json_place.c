#include <string.h>
#include "encode/json.h"
#include "support/check_main.h"

static const struct tell_place *place_of(
	const char *file, const char *func, const char *logger)
{
	struct tell_site site = {
		.line = 7, .file = file, .func = func, .logger = logger
	};
	return tell_place(tell_place_add(&site));
}

START_TEST(a_place_is_made_once)
{
	const struct tell_place *p = place_of("a.c", "f", "l");
	const struct tell_json_place *j = tell_json_place(p);
	ck_assert_ptr_eq(tell_json_place(p), j);
	ck_assert_uint_eq(j->front_len, strlen("\",\"logger\":\"l"));
	ck_assert_mem_eq(j->text, "\",\"logger\":\"l", j->front_len);
	static const char back[] =
		",\"caller\":{\"file\":\"a.c\",\"line\":7,\"function\":\"f\"}";
	ck_assert_uint_eq(j->back_len, sizeof(back) - 1);
	ck_assert_mem_eq(j->text + j->front_len, back, j->back_len);
}
END_TEST

START_TEST(what_is_not_known_is_left_out)
{
	ck_assert_uint_eq(tell_json_place(tell_place(0))->front_len, 0);
	ck_assert_uint_eq(tell_json_place(tell_place(0))->back_len, 0);
	ck_assert_uint_eq(tell_json_place(place_of("b.c", "f", NULL))->front_len, 0);
	ck_assert_uint_eq(tell_json_place(place_of(NULL, NULL, "x"))->back_len, 0);
}
END_TEST

START_TEST(names_are_escaped_and_may_be_long)
{
	char name[300];
	memset(name, '\x01', 299);
	name[299] = '\0';
	const struct tell_json_place *j = tell_json_place(place_of(name, name, name));
	ck_assert_uint_gt(j->front_len, 6 * 255);
	ck_assert_uint_gt(j->back_len, 2 * 6 * 255);
	j = tell_json_place(place_of("a\"b\n.c", "f", NULL));
	ck_assert_ptr_nonnull(memmem(j->text, j->back_len, "a\\\"b\\n.c", 8));
}
END_TEST

static Suite *json_place_suite(void)
{
	Suite *s = suite_create("encode/json_place");
	tell_check_add(s, "places", a_place_is_made_once, what_is_not_known_is_left_out,
		names_are_escaped_and_may_be_long, NULL);
	return s;
}
TELL_CHECK_MAIN(json_place_suite)
