#include "base/traceparent.h"
#include <string.h>
#include "support/check_main.h"

#define TRACE "0af7651916cd43dd8448eb211c80319c"
#define SPAN  "b7ad6b7169203331"

static bool reads(const char *text, struct tell_traceparent *t)
{
	return tell_traceparent_read(t, text, strlen(text));
}

START_TEST(the_parts_are_read_as_written)
{
	struct tell_traceparent t;
	ck_assert(reads("00-" TRACE "-" SPAN "-01", &t));
	ck_assert_str_eq(t.trace_id, TRACE);
	ck_assert_str_eq(t.parent_id, SPAN);
	ck_assert_uint_eq(t.flags, TELL_TRACE_FLAG_SAMPLED);
}
END_TEST

START_TEST(what_is_none_is_refused_and_leaves_no_trace)
{
	static const char *const bad[] = { "", "00", "00-" TRACE "-" SPAN "-0",
		"00-" TRACE "-" SPAN "-01-", "00-" TRACE "-" SPAN "-011",
		"ff-" TRACE "-" SPAN "-01", "0g-" TRACE "-" SPAN "-01",
		"00-0AF7651916CD43DD8448EB211C80319C-" SPAN "-01",
		"00-00000000000000000000000000000000-" SPAN "-01",
		"00-" TRACE "-0000000000000000-01", "00_" TRACE "-" SPAN "-01",
		"00-" TRACE "_" SPAN "-01", "00-" TRACE "-" SPAN "_01",
		"00-" TRACE "-" SPAN "-0x", " 00-" TRACE "-" SPAN "-01",
		"01-" TRACE "-" SPAN "-01x" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct tell_traceparent t = { .flags = 77 };
		ck_assert_msg(!reads(bad[i], &t), "%s", bad[i]);
		ck_assert_uint_eq(t.flags, 77);
	}
}
END_TEST

START_TEST(a_later_version_is_read_as_far_as_this_one_goes)
{
	struct tell_traceparent t;
	char text[TELL_TRACEPARENT_CHARS + 1];
	ck_assert(reads("cc-" TRACE "-" SPAN "-01", &t));
	ck_assert(reads("cc-" TRACE "-" SPAN "-ff-what-the-future-will-be-like", &t));
	ck_assert_uint_eq(t.flags, TELL_TRACE_FLAG_SAMPLED | TELL_TRACE_FLAG_RANDOM);
	tell_traceparent_put(text, &t);
	ck_assert_str_eq(text, "00-" TRACE "-" SPAN "-03");
}
END_TEST

START_TEST(a_new_one_is_valid_sampled_random_and_another_each_time)
{
	struct tell_traceparent a, b, read;
	char text[TELL_TRACEPARENT_CHARS + 1];
	ck_assert(tell_traceparent_new(&a));
	ck_assert(tell_traceparent_new(&b));
	ck_assert_str_ne(a.trace_id, b.trace_id);
	ck_assert_str_ne(a.parent_id, b.parent_id);
	tell_traceparent_put(text, &a);
	ck_assert(reads(text, &read));
	ck_assert_int_eq(memcmp(&read, &a, sizeof(a)), 0);
	ck_assert_uint_eq(a.flags, 3);
}
END_TEST

static Suite *traceparent_suite(void)
{
	Suite *s = suite_create("base/traceparent");
	tell_check_add(s, "read", the_parts_are_read_as_written,
		what_is_none_is_refused_and_leaves_no_trace,
		a_later_version_is_read_as_far_as_this_one_goes, NULL);
	tell_check_add(
		s, "new", a_new_one_is_valid_sampled_random_and_another_each_time, NULL);
	return s;
}

TELL_CHECK_MAIN(traceparent_suite)
