#include "encode/health.h"
#include "support/check_main.h"

#define AT UINT64_C(1790000000000000000)

static struct tell_record said;
static struct tell_buf out;

static const char *put(struct tell_health_all *all, enum tell_health_layout layout)
{
	tell_buf_clear(&out);
	tell_encode_health(&out, all, layout);
	return tell_buf_cstr(&out);
}

static struct tell_health_one checks[2];
static struct tell_health_all all;

static void set_up(void)
{
	const struct tell_field fields[] = { tell_f64("free_ratio", 0.02),
		tell_str("reason", "2% of / is \"free\"") };
	ck_assert_int_eq(tell_record_begin(&said, TELL_INFO, TELL_KIND_HEALTH), 0);
	tell_record_add(&said, fields, 2, 0, NULL);
	checks[0] = (struct tell_health_one){ "disk", TELL_UNHEALTHY, true, AT,
		AT - 5000000000, 123456, &said };
	checks[1] = (struct tell_health_one){ "d\"b", TELL_HEALTHY, false, AT, AT, 0,
		NULL };
	all = (struct tell_health_all){ "shop", TELL_DEGRADED, false, AT, AT, checks, 2 };
}

static void tear_down(void)
{
	tell_record_done(&said);
	tell_buf_done(&out);
}

START_TEST(layout_checks)
{
	ck_assert_str_eq(put(&all, TELL_HEALTH_CHECKS),
		"{\"status\":\"degraded\",\"live\":false,"
		"\"since\":\"2026-09-21T14:13:20.000000Z\",\"checks\":{"
		"\"disk\":{\"status\":\"unhealthy\",\"latency_ms\":0.123,"
		"\"since\":\"2026-09-21T14:13:15.000000Z\",\"live\":true,"
		"\"details\":{\"free_ratio\":0.02,\"reason\":\"2% of / is \\\"free\\\"\"}},"
		"\"d\\\"b\":{\"status\":\"healthy\",\"latency_ms\":0.000,"
		"\"since\":\"2026-09-21T14:13:20.000000Z\",\"live\":false}}}");
}
END_TEST

START_TEST(layout_components)
{
	ck_assert_str_eq(put(&all, TELL_HEALTH_COMPONENTS),
		"{\"status\":\"degraded\",\"timestamp\":\"2026-09-21T14:13:20.000000Z\","
		"\"components\":{\"disk\":{\"status\":\"unhealthy\",\"latency_ms\":0.123},"
		"\"d\\\"b\":{\"status\":\"healthy\",\"latency_ms\":0.000}}}");
}
END_TEST

START_TEST(layout_health_json)
{
	ck_assert_str_eq(put(&all, TELL_HEALTH_JSON),
		"{\"status\":\"warn\",\"serviceId\":\"shop\",\"checks\":{"
		"\"disk\":[{\"status\":\"fail\",\"componentType\":\"component\","
		"\"observedValue\":0.123,\"observedUnit\":\"ms\","
		"\"time\":\"2026-09-21T14:13:20.000000Z\","
		"\"output\":\"2% of / is \\\"free\\\"\"}],"
		"\"d\\\"b\":[{\"status\":\"pass\",\"componentType\":\"component\","
		"\"observedValue\":0.000,\"observedUnit\":\"ms\","
		"\"time\":\"2026-09-21T14:13:20.000000Z\"}]}}");
}
END_TEST

START_TEST(nothing_known)
{
	all = (struct tell_health_all){ .service = "shop", .live = true };
	ck_assert_str_eq(put(&all, TELL_HEALTH_CHECKS),
		"{\"status\":\"unknown\",\"live\":true,\"checks\":{}}");
	ck_assert_str_eq(put(&all, TELL_HEALTH_JSON),
		"{\"status\":\"warn\",\"serviceId\":\"shop\",\"checks\":{}}");
}
END_TEST

static Suite *health_suite(void)
{
	Suite *s = suite_create("encode/health");
	TCase *tc = tcase_create("layouts");
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, layout_checks);
	tcase_add_test(tc, layout_components);
	tcase_add_test(tc, layout_health_json);
	tcase_add_test(tc, nothing_known);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(health_suite)
