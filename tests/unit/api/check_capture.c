#include <errno.h>
#include <string.h>
#include <telltale.h>
#include <telltale/capture.h>

#include "support/check_main.h"

START_TEST(a_service_can_ask_what_it_logged)
{
	ck_assert_int_eq(tell_capture_start("shop"), 0);
	errno = ENOENT;
	tell_error("cannot open spool", tell_errno(errno));
	tell_debug("details");
	ck_assert_int_eq(tell_capture_count("level=error and errno=2"), 1);
	ck_assert_int_eq(tell_capture_count(NULL), 2);
	ck_assert_int_eq(tell_capture_count("no expression ("), -EINVAL);
	ck_assert_int_eq(tell_capture_find("message~\"^detail\"", 0), 1);
	ck_assert_int_eq(tell_capture_find("level=crit", 0), -ENOENT);
	ck_assert_int_eq(tell_capture_find("(", 0), -EINVAL);
	ck_assert_ptr_nonnull(strstr(tell_capture_json(0), "\"service\":\"shop\""));
	tell_capture_clear();
	ck_assert_int_eq(tell_capture_count(NULL), 0);
	tell_capture_stop();
	ck_assert_ptr_null(tell_capture_json(0));
}
END_TEST

START_TEST(what_is_captured_is_redacted)
{
	ck_assert_int_eq(tell_capture_start("shop"), 0);
	tell_info("login", tell_kv("password", "hunter"));
	ck_assert_int_eq(tell_capture_count("message=login"), 1);
	ck_assert_ptr_null(strstr(tell_capture_json(0), "hunter"));
	tell_capture_stop();
}
END_TEST

START_TEST(a_new_start_begins_with_nothing)
{
	ck_assert_int_eq(tell_capture_start("shop"), 0);
	tell_info("one");
	ck_assert_int_eq(tell_capture_start("shop"), 0);
	tell_info("two");
	ck_assert_int_eq(tell_capture_count(NULL), 1);
	ck_assert_uint_eq(tell_capture_dropped(), 0);
	tell_capture_stop();
}
END_TEST

static Suite *capture_suite(void)
{
	Suite *s = suite_create("api/capture");
	tell_check_add(s, "capture", a_service_can_ask_what_it_logged,
		what_is_captured_is_redacted, a_new_start_begins_with_nothing, NULL);
	return s;
}

TELL_CHECK_MAIN(capture_suite)
