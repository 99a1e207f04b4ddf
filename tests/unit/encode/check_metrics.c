#include "encode/metrics.h"
#include <math.h>
#include <string.h>
#include "support/check_main.h"

static struct tell_buf out;

static const char *text(void)
{
	return tell_buf_cstr(&out);
}

START_TEST(families_hold_their_samples)
{
	static const struct tell_metric requests = { "requests", "Answered.",
		TELL_METRIC_COUNTER };
	static const struct tell_metric load = { "load", "Say \"now\".",
		TELL_METRIC_GAUGE };
	static const struct tell_label labels[] = { { "endpoint", "/\"a\"\n" },
		{ "method", "GET" } };
	struct tell_metrics_json m;
	tell_metrics_begin(&m, &out);
	tell_metrics_family(&m, &requests);
	tell_metrics_sample(&m, labels, 2, tell_reading_u64(UINT64_MAX));
	tell_metrics_sample(&m, NULL, 0, tell_reading_u64(0));
	tell_metrics_family(&m, &load);
	tell_metrics_sample(&m, NULL, 0, (struct tell_reading){ .f64 = 0.5 });
	tell_metrics_end(&m);
	ck_assert_str_eq(text(),
		"[{\"name\":\"requests\",\"type\":\"counter\",\"help\":\"Answered.\","
		"\"samples\":[{\"labels\":{\"endpoint\":\"/\\\"a\\\"\\n\","
		"\"method\":\"GET\"},\"value\":18446744073709551615},"
		"{\"labels\":{},\"value\":0}]},"
		"{\"name\":\"load\",\"type\":\"gauge\",\"help\":\"Say \\\"now\\\".\","
		"\"samples\":[{\"labels\":{},\"value\":0.5}]}]");
}
END_TEST

START_TEST(what_json_has_no_number_for_is_a_word)
{
	static const struct tell_metric odd = { "odd", "", TELL_METRIC_GAUGE };
	struct tell_metrics_json m;
	tell_metrics_begin(&m, &out);
	tell_metrics_family(&m, &odd);
	tell_metrics_sample(&m, NULL, 0, (struct tell_reading){ .f64 = (double)NAN });
	tell_metrics_sample(
		&m, NULL, 0, (struct tell_reading){ .f64 = (double)INFINITY });
	tell_metrics_sample(
		&m, NULL, 0, (struct tell_reading){ .f64 = -(double)INFINITY });
	tell_metrics_end(&m);
	ck_assert_ptr_nonnull(strstr(text(), "\"value\":\"NaN\"}"));
	ck_assert_ptr_nonnull(strstr(text(), "\"value\":\"+Inf\"}"));
	ck_assert_ptr_nonnull(strstr(text(), "\"value\":\"-Inf\"}"));
}
END_TEST

START_TEST(none_is_an_empty_array)
{
	struct tell_metrics_json m;
	tell_metrics_begin(&m, &out);
	tell_metrics_end(&m);
	ck_assert_str_eq(text(), "[]");
}
END_TEST

static void teardown(void)
{
	tell_buf_done(&out);
}

static Suite *metrics_suite(void)
{
	Suite *s = suite_create("encode/metrics");
	TCase *c = tcase_create("json");
	tcase_add_checked_fixture(c, NULL, teardown);
	tcase_add_test(c, families_hold_their_samples);
	tcase_add_test(c, what_json_has_no_number_for_is_a_word);
	tcase_add_test(c, none_is_an_empty_array);
	suite_add_tcase(s, c);
	return s;
}
TELL_CHECK_MAIN(metrics_suite)
