/* The strict reader itself: the RFC's examples pass, one fault each does not. */
#include <string.h>
#include "support/check_main.h"
#include "support/rfc5424_check.h"

static struct rfc5424 m;

static bool reads(const char *s)
{
	return rfc5424_read(&m, s, strlen(s));
}

/* RFC 5424 section 6.5 */
START_TEST(the_rfcs_examples_are_good)
{
	ck_assert(
		reads("<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - "
		      "\xef\xbb\xbf'su root' failed for lonvick on /dev/pts/8"));
	ck_assert_int_eq(m.pri, 34);
	ck_assert(m.bom);
	ck_assert(
		reads("<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - "
		      "%% It's time to make the do-nuts."));
	ck_assert(
		reads("<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - "
		      "ID47 [exampleSDID@32473 iut=\"3\" eventSource=\"Application\" "
		      "eventID=\"1011\"][examplePriority@32473 class=\"high\"]"));
	ck_assert_uint_eq(m.n_params, 4);
	ck_assert(reads("<0>1 - - - - - -"));
}
END_TEST

START_TEST(one_fault_is_too_many)
{
	static const char *const wrong[] = { "", "<", "<1", "<192>1 - - - - - -",
		"<01>1 - - - - - -", "<1>2 - - - - - -", "<1>1 - - - - -",
		"<1>1  - - - - -", "<1>1 2003-10-11t22:14:15Z - - - - -",
		"<1>1 2003-10-11T22:14:15 - - - - -",
		"<1>1 2003-02-29T22:14:15Z - - - - -",
		"<1>1 2003-10-11T24:14:15Z - - - - -",
		"<1>1 2003-10-11T22:14:60Z - - - - -",
		"<1>1 2003-10-11T22:14:15.Z - - - - -",
		"<1>1 2003-10-11T22:14:15.1234567Z - - - - -", "<1>1 - \xc3\xa4 - - - -",
		"<1>1 - - - - 123456789012345678901234567890123 -", "<1>1 - - - - - [",
		"<1>1 - - - - - []", "<1>1 - - - - - [a b]", "<1>1 - - - - - [a b=c]",
		"<1>1 - - - - - [a b=\"c]", "<1>1 - - - - - [a b=\"]\"]",
		"<1>1 - - - - - [a b=\"\\n\"]", "<1>1 - - - - - [a b=\"\xff\"]",
		"<1>1 - - - - - [a][a]", "<1>1 - - - - - [a  b=\"c\"]",
		"<1>1 - - - - - [a b=\"c\" ]", "<1>1 - - - - - [a]m", "<1>1 - - - - - -m",
		"<1>1 - - - - - [a123456789012345678901234567890123]",
		"<1>1 - - - - - - \xef\xbb\xbf\xff" };
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_msg(!reads(wrong[i]) && m.fault, "%s", wrong[i]);
}
END_TEST

START_TEST(values_lose_their_escapes)
{
	char value[16];
	ck_assert(reads("<1>1 - - - - - [a b=\"\\\"\\\\\\]x\"]"));
	const struct rfc5424_param *p = rfc5424_find(&m, "a", "b");
	ck_assert_ptr_nonnull(p);
	ck_assert_uint_eq(rfc5424_unescape(value, p->value), 4);
	ck_assert_mem_eq(value, "\"\\]x", 4);
	ck_assert_ptr_null(rfc5424_find(&m, "a", "c"));
}
END_TEST

static Suite *rfc5424_reader_suite(void)
{
	Suite *s = suite_create("support/rfc5424_check");
	tell_check_add(s, "reader", the_rfcs_examples_are_good, one_fault_is_too_many,
		values_lose_their_escapes, NULL);
	return s;
}
TELL_CHECK_MAIN(rfc5424_reader_suite)
