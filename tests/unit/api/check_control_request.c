#include "api/control_request.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "support/check_main.h"

static struct tell_request q;
static const char *why;

static int parse(const char *text)
{
	why = NULL;
	return tell_request_parse(&q, text, strlen(text), &why);
}

START_TEST(each_verb_is_read)
{
	ck_assert_int_eq(parse("level 600000 file:cart.c line:4-8 debug"), 0);
	ck_assert_int_eq(q.verb, TELL_REQUEST_LEVEL);
	ck_assert_uint_eq(q.ms, 600000);
	ck_assert_str_eq(q.rules, "file:cart.c line:4-8 debug");
	ck_assert_int_eq(parse("reload"), 0);
	ck_assert_int_eq(q.verb, TELL_REQUEST_RELOAD);
	ck_assert_int_eq(parse("reopen"), 0);
	ck_assert_int_eq(q.verb, TELL_REQUEST_REOPEN);
	ck_assert_int_eq(parse("flush 0"), 0);
	ck_assert_int_eq(q.verb, TELL_REQUEST_FLUSH);
	ck_assert_uint_eq(q.ms, 0);
	ck_assert_int_eq(parse("stats"), 0);
	ck_assert_int_eq(q.verb, TELL_REQUEST_STATS);
	ck_assert_str_eq(q.rules, "");
	ck_assert_int_eq(parse("reset"), 0);
	ck_assert_int_eq(parse("reset file#2"), 0);
	ck_assert_int_eq(q.verb, TELL_REQUEST_RESET);
	ck_assert_str_eq(q.rules, "file#2");
}
END_TEST

START_TEST(anything_else_is_refused_with_a_sentence)
{
	static const char *const bad[] = { "", " ", "nonsense", "RELOAD", "reload x",
		"stats 1", "level", "level 1", "level 1 ", "level x debug",
		"level -1 debug", "level 99999999999999999999 debug",
		"level 31622400001 debug", "flush", "flush ", "flush 1 2", "level 1 a\nb",
		"stats\n", "level 1 \x7f" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_msg(parse(bad[i]) == -EINVAL, "\"%s\"", bad[i]);
		ck_assert_ptr_nonnull(why);
	}
	ck_assert_int_eq(tell_request_parse(&q, "stats\0x", 7, &why), -EINVAL);
}
END_TEST

START_TEST(a_request_has_an_end)
{
	char *longer = malloc(TELL_REQUEST_MAX);
	memset(longer, 'x', TELL_REQUEST_MAX);
	memcpy(longer, "level 0 ", 8);
	ck_assert_int_eq(
		tell_request_parse(&q, longer, TELL_REQUEST_MAX, &why), -EMSGSIZE);
	ck_assert_int_eq(tell_request_parse(&q, longer, TELL_REQUEST_MAX - 1, &why), 0);
	ck_assert_uint_eq(strlen(q.rules), TELL_REQUEST_MAX - 9);
	free(longer);
}
END_TEST

static Suite *control_request_suite(void)
{
	Suite *s = suite_create("api/control_request");
	tell_check_add(s, "request", each_verb_is_read,
		anything_else_is_refused_with_a_sentence, a_request_has_an_end, NULL);
	return s;
}
TELL_CHECK_MAIN(control_request_suite)
