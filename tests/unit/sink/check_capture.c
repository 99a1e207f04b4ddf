#include "sink/capture.h"

#include <string.h>

#include "support/check_main.h"
#include "support/rig.h"

static struct tell_rig rig;

static size_t count(const char *where)
{
	struct tell_expr *e = NULL;
	ck_assert_int_eq(tell_expr_new(&e, where, NULL), 0);
	size_t n = tell_captured_count(e);
	tell_expr_free(e);
	return n;
}

START_TEST(records_are_found_by_what_they_say)
{
	tell_rig_open(&rig, "sink required capture");
	tell_captured_clear();
	tell_rig_log(&rig, TELL_ERROR, "cannot open spool", tell_errno(2));
	tell_rig_log(&rig, TELL_INFO, "paid", tell_kv("cents", 42));
	ck_assert_uint_eq(tell_captured_count(NULL), 2);
	ck_assert_uint_eq(count("level=error and errno=2"), 1);
	ck_assert_uint_eq(count("cents>40"), 1);
	ck_assert_uint_eq(count("service=rig"), 2);
	ck_assert_uint_eq(count("cents>50"), 0);
	tell_rig_close(&rig);
	ck_assert_uint_eq(
		tell_captured_count(NULL), 2); /* also after the sink is closed */
	tell_captured_clear();
	ck_assert_uint_eq(tell_captured_count(NULL), 0);
}
END_TEST

START_TEST(a_record_can_be_read_as_json)
{
	size_t place;
	struct tell_expr *e = NULL;
	tell_rig_open(&rig, "sink required capture");
	tell_captured_clear();
	tell_rig_say(&rig, TELL_INFO, "one");
	tell_rig_say(&rig, TELL_INFO, "two");
	ck_assert_int_eq(tell_expr_new(&e, "message=two", NULL), 0);
	ck_assert(tell_captured_find(e, 0, &place));
	ck_assert_uint_eq(place, 1);
	ck_assert(!tell_captured_find(e, 2, &place));
	ck_assert_ptr_nonnull(strstr(tell_captured_json(1), "\"message\":\"two\""));
	ck_assert_ptr_null(tell_captured_json(2));
	tell_expr_free(e);
	tell_rig_close(&rig);
	tell_captured_clear();
}
END_TEST

START_TEST(when_it_is_full_the_oldest_go_and_are_counted)
{
	tell_rig_open(&rig, "sink required capture size=4KiB");
	tell_captured_clear();
	for (int i = 0; i < 100; i++)
		ck_assert_int_eq(tell_rig_log(&rig, TELL_INFO, "more", tell_kv("i", i)),
			TELL_SUCCESS);
	size_t kept = tell_captured_count(NULL);
	ck_assert_uint_gt(kept, 2);
	ck_assert_uint_lt(kept, 30);
	ck_assert_uint_eq(kept + tell_captured_dropped(), 100);
	ck_assert_uint_eq(count("i=99"), 1);
	ck_assert_uint_eq(count("i=0"), 0);
	tell_rig_close(&rig);
	tell_captured_clear();
	ck_assert_uint_eq(tell_captured_dropped(), 0);
}
END_TEST

static Suite *capture_suite(void)
{
	Suite *s = suite_create("sink/capture");
	tell_check_add(s, "capture", records_are_found_by_what_they_say,
		a_record_can_be_read_as_json,
		when_it_is_full_the_oldest_go_and_are_counted, NULL);
	return s;
}

TELL_CHECK_MAIN(capture_suite)
