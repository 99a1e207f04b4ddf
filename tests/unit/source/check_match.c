#include "source/match.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "support/check_main.h"

static const char line[] =
	"{\"timestamp\":\"2026-11-21T02:06:07Z\",\"level\":\"error\",\"service\":\"shop\","
	"\"logger\":\"shop.db\",\"message\":\"disk full\",\"request_id\":\"r1\",\"n\":3,"
	"\"kind\":\"event\",\"message_id\":\"00ff\","
	"\"ok\":true,\"tags\":[\"new\",\"eu\"],\"pid\":42,\"seq\":\"0000abcd.1.7\","
	"\"caller\":{\"file\":\"db.c\",\"line\":7,\"function\":\"q\"}}";

static struct tell_entry *entry;

static void setup(void)
{
	entry = calloc(1, sizeof(*entry));
	ck_assert_ptr_nonnull(entry);
	ck_assert_int_eq(tell_entry_init(entry), 0);
	ck_assert_int_eq(tell_entry_from_line(entry, line, sizeof(line) - 1, 0), 0);
}

static void teardown(void)
{
	tell_entry_done(entry);
	free(entry);
}

/* Terms separated by blanks. */
static bool holds(const char *terms)
{
	struct tell_matches m = { 0 };
	char copy[256], *rest = copy, *term;
	ck_assert_uint_lt(strlen(terms), sizeof(copy));
	memcpy(copy, terms, strlen(terms) + 1);
	while ((term = strsep(&rest, " ")) != NULL)
		ck_assert_msg(tell_matches_add(&m, term) == 0, "%s", term);
	return tell_matches_hold(&m, entry);
}

START_TEST(either_case_and_either_name_will_do)
{
	static const char *const yes[] = { "request_id=r1", "REQUEST_ID=r1",
		"Request-Id=r1", "n=3", "ok=true", "level=error", "LEVEL=err",
		"PRIORITY=3", "level=3", "service=shop", "SYSLOG_IDENTIFIER=shop",
		"logger=shop.db", "pid=42", "_PID=42", "SYSLOG_PID=42",
		"seq=0000abcd.1.7", "TELL_SEQ=0000abcd.1.7", "caller=db.c:7",
		"CODE_FILE=db.c", "CODE_LINE=7", "CODE_FUNC=q", "message_id=00ff",
		"MESSAGE_ID=00ff", "kind=event", "TELL_KIND=event" };
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		ck_assert_msg(holds(yes[i]), "%s", yes[i]);
}
END_TEST

START_TEST(values_are_compared_whole)
{
	static const char *const no[] = { "request_id=r", "request_id=r11",
		"request_id=R1", "n=03", "missing=", "level=warning", "service=sho",
		"caller=db.c", "pid=4", "kind=log" };
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		ck_assert_msg(!holds(no[i]), "%s", no[i]);
}
END_TEST

START_TEST(same_field_is_or_others_are_and_plus_is_or)
{
	ck_assert(holds("request_id=r1 request_id=r2"));
	ck_assert(holds("request_id=r2 request_id=r1"));
	ck_assert(holds("request_id=r2 n=3 request_id=r1"));
	ck_assert(!holds("request_id=r1 n=4"));
	ck_assert(!holds("request_id=r2 request_id=r3 n=3"));
	ck_assert(holds("n=4 + request_id=r1"));
	ck_assert(holds("request_id=r1 + n=4"));
	ck_assert(!holds("n=4 + request_id=r2"));
	ck_assert(!holds("n=4 request_id=r1 + n=3 request_id=r2"));
}
END_TEST

START_TEST(what_is_no_match_is_refused)
{
	struct tell_matches m = { 0 };
	static const char *const bad[] = { "", "x", "=x", "a b=c", "level=nope", "é=1" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(tell_matches_add(&m, bad[i]) == -EINVAL, "%s", bad[i]);
	ck_assert_uint_eq(m.n, 0);
	ck_assert(tell_matches_hold(&m, entry));
	for (int i = 0; i < TELL_MATCH_MAX; i++)
		ck_assert_int_eq(tell_matches_add(&m, "a=b"), 0);
	ck_assert_int_eq(tell_matches_add(&m, "a=b"), -E2BIG);
}
END_TEST

static Suite *match_suite(void)
{
	Suite *s = suite_create("source/match");
	TCase *tc = tcase_create("match");
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, either_case_and_either_name_will_do);
	tcase_add_test(tc, values_are_compared_whole);
	tcase_add_test(tc, same_field_is_or_others_are_and_plus_is_or);
	tcase_add_test(tc, what_is_no_match_is_refused);
	suite_add_tcase(s, tc);
	return s;
}

TELL_CHECK_MAIN(match_suite)
