#include "forward/loki_answer.h"
#include <stdio.h>
#include <string.h>
#include "support/check_main.h"

static struct tell_answer got;

static enum tell_answer_kind judge(unsigned status, const char *text, size_t n)
{
	static struct tell_http_answer a;
	a.status = status;
	a.len = (size_t)snprintf(a.text, sizeof(a.text), "%s", text);
	memset(&got, 0, sizeof(got));
	tell_loki_judge(&a, n, &got);
	return got.kind;
}

START_TEST(a_part_is_stored)
{
	ck_assert_int_eq(
		judge(400, "entry for stream '{a=\"b\"}' has timestamp too old: 2026", 9),
		TELL_ANSWER_PARTLY);
	ck_assert_uint_eq(got.refused, 1);
	ck_assert_int_eq(judge(400, "2643 errors like: entry ... too new", 5000),
		TELL_ANSWER_PARTLY);
	ck_assert_uint_eq(got.refused, 2643);
	ck_assert_int_eq(
		judge(400,
			"3 errors like: entry for stream '{a=\"1\"}' has timestamp "
			"too old: x; 12 errors like: entry for stream '{a=\"2\"}' has "
			"timestamp too old: y",
			50),
		TELL_ANSWER_PARTLY);
	ck_assert_uint_eq(got.refused, 15);
	ck_assert_int_eq(judge(400, " errors like: too new", 5), TELL_ANSWER_PARTLY);
	ck_assert_uint_eq(got.refused, 1);
	ck_assert_int_eq(judge(400, "entry too far behind, total ignored: 1 out of 3", 3),
		TELL_ANSWER_PARTLY);
	ck_assert_uint_eq(got.refused, 1);
	ck_assert_int_eq(judge(400, "Max entry size '262144' bytes exceeded", 3),
		TELL_ANSWER_PARTLY);
	ck_assert_int_eq(
		judge(400, "has structured metadata too large", 3), TELL_ANSWER_PARTLY);
}
END_TEST

START_TEST(nothing_is_stored_and_never_will_be)
{
	ck_assert_int_eq(judge(400, "couldn't parse labels: 1:5", 2), TELL_ANSWER_BAD);
	ck_assert_int_eq(judge(400, "loghttp.PushRequest.Streams: unexpected", 2),
		TELL_ANSWER_BAD);
	ck_assert_int_eq(judge(429, "Maximum active stream limit exceeded", 2),
		TELL_ANSWER_STREAMS);
}
END_TEST

START_TEST(less_at_once_may_be)
{
	ck_assert_int_eq(judge(500,
				 "rpc error: code = ResourceExhausted desc = grpc: "
				 "received message larger than max (5242950 vs. 4194304)",
				 2),
		TELL_ANSWER_LARGE);
	ck_assert_int_eq(judge(413, "", 2), TELL_ANSWER_LARGE);
	static const char rate[] =
		"Per stream rate limit exceeded, total ignored: 120 out of 120";
	ck_assert_int_eq(judge(429, rate, 2), TELL_ANSWER_LARGE);
	ck_assert_int_eq(judge(429, rate, 1), TELL_ANSWER_LATER);
}
END_TEST

START_TEST(the_same_again_later)
{
	ck_assert_int_eq(
		judge(429, "Ingestion rate limit exceeded", 2), TELL_ANSWER_LATER);
	ck_assert_int_eq(judge(500, "context deadline exceeded", 2), TELL_ANSWER_LATER);
	ck_assert_int_eq(judge(503, "", 2), TELL_ANSWER_LATER);
	ck_assert_int_eq(judge(0, "Connection refused", 2), TELL_ANSWER_LATER);
	ck_assert_str_eq(got.why, "Connection refused");
}
END_TEST

START_TEST(somebody_must_do_something)
{
	ck_assert_int_eq(judge(401, "no org id", 2), TELL_ANSWER_FORBIDDEN);
	ck_assert_str_eq(got.why, "it answers 401: no org id; give tenant=");
	ck_assert_int_eq(judge(403, "", 2), TELL_ANSWER_FORBIDDEN);
	ck_assert_int_eq(
		judge(404, "404 page\n not\x1b[31m found", 2), TELL_ANSWER_FORBIDDEN);
	ck_assert_str_eq(got.why, "it answers 404: 404 page not [31m found");
	ck_assert_int_eq(judge(302, "", 2), TELL_ANSWER_FORBIDDEN);
}
END_TEST

START_TEST(all_is_stored)
{
	ck_assert_int_eq(judge(204, "", 2), TELL_ANSWER_TAKEN);
	ck_assert_int_eq(judge(200, "x", 2), TELL_ANSWER_TAKEN);
}
END_TEST

static Suite *loki_answer_suite(void)
{
	Suite *s = suite_create("forward/loki_answer");
	tell_check_add(s, "loki_answer", a_part_is_stored,
		nothing_is_stored_and_never_will_be, less_at_once_may_be,
		the_same_again_later, somebody_must_do_something, all_is_stored, NULL);
	return s;
}

TELL_CHECK_MAIN(loki_answer_suite)
