#include "meter/expose.h"
#include <math.h>
#include <string.h>
#include "support/check_main.h"

static struct tell_buf out;
static struct tell_expose e;

static void begin(enum tell_expose_format format)
{
	tell_buf_clear(&out);
	e = (struct tell_expose){ .out = &out, .format = format };
}

static const struct tell_metric requests = { "requests", "Re\\quests\n\"answered\".",
	TELL_METRIC_COUNTER };
static const struct tell_metric age = { "age_seconds", "Age.", TELL_METRIC_GAUGE };

static void put_all(void)
{
	const struct tell_label labels[] = { { "method", "G\"E\\T\n" },
		{ "status",
			"\xff"
			"2" } };
	tell_expose_family(&e, &requests);
	tell_expose_sample(&e, labels, 2, tell_reading_u64(UINT64_MAX));
	tell_expose_sample(&e, NULL, 0, tell_reading_u64(0));
	tell_expose_family(&e, &age);
	tell_expose_sample(&e, labels, 1, (struct tell_reading){ .f64 = 1.5 });
	tell_expose_end(&e);
}

START_TEST(prometheus_text)
{
	begin(TELL_EXPOSE_PROMETHEUS);
	put_all();
	ck_assert_str_eq(tell_buf_cstr(&out),
		"# HELP requests_total Re\\\\quests\\n\"answered\".\n"
		"# TYPE requests_total counter\n"
		"requests_total{method=\"G\\\"E\\\\T\\n\",status=\"\xef\xbf\xbd"
		"2\"} "
		"18446744073709551615\n"
		"requests_total 0\n"
		"# HELP age_seconds Age.\n"
		"# TYPE age_seconds gauge\n"
		"age_seconds{method=\"G\\\"E\\\\T\\n\"} 1.5\n");
}
END_TEST

START_TEST(openmetrics_text)
{
	begin(TELL_EXPOSE_OPENMETRICS);
	put_all();
	ck_assert_str_eq(tell_buf_cstr(&out),
		"# HELP requests Re\\\\quests\\n\\\"answered\\\".\n"
		"# TYPE requests counter\n"
		"requests_total{method=\"G\\\"E\\\\T\\n\",status=\"\xef\xbf\xbd"
		"2\"} "
		"18446744073709551615\n"
		"requests_total 0\n"
		"# HELP age_seconds Age.\n"
		"# TYPE age_seconds gauge\n"
		"# UNIT age_seconds seconds\n"
		"age_seconds{method=\"G\\\"E\\\\T\\n\"} 1.5\n"
		"# EOF\n");
}
END_TEST

START_TEST(numbers_that_are_none_have_words)
{
	begin(TELL_EXPOSE_PROMETHEUS);
	e.now = age;
	tell_expose_sample(&e, NULL, 0, (struct tell_reading){ .f64 = (double)NAN });
	tell_expose_sample(&e, NULL, 0, (struct tell_reading){ .f64 = (double)INFINITY });
	tell_expose_sample(
		&e, NULL, 0, (struct tell_reading){ .f64 = (double)-INFINITY });
	tell_expose_sample(&e, NULL, 0, (struct tell_reading){ .f64 = 1e300 });
	ck_assert_str_eq(tell_buf_cstr(&out),
		"age_seconds NaN\nage_seconds +Inf\nage_seconds -Inf\nage_seconds 1e300\n");
}
END_TEST

START_TEST(only_whole_words_are_units)
{
	static const struct tell_metric odd = { "megabytes", "", TELL_METRIC_GAUGE },
					bare = { "seconds", "", TELL_METRIC_GAUGE };
	begin(TELL_EXPOSE_OPENMETRICS);
	tell_expose_family(&e, &odd);
	tell_expose_family(&e, &bare);
	ck_assert_str_eq(tell_buf_cstr(&out),
		"# HELP megabytes \n# TYPE megabytes gauge\n"
		"# HELP seconds \n# TYPE seconds gauge\n");
}
END_TEST

static const struct tell_metric took = { "took_seconds", "Took.", TELL_METRIC_HISTOGRAM };

static void put_histogram(void)
{
	static const double bounds[] = { 0.00001, 0.005, 1, 1048576, (double)INFINITY };
	static const uint64_t counts[] = { 0, 2, 3, 3, 4 };
	static const struct tell_exemplar exemplars[5] = {
		[2] = { 0.75, UINT64_C(1700000000123456789), "0af7" }
	};
	const struct tell_buckets b = { 5, bounds, counts, exemplars, 7.5 };
	const struct tell_label label = { "path", "/" };
	struct tell_reading r = tell_reading_u64(4);
	r.buckets = &b;
	tell_expose_family(&e, &took);
	tell_expose_sample(&e, &label, 1, r);
	tell_expose_sample(&e, NULL, 0, r);
}

START_TEST(a_histogram_in_prometheus_text)
{
	begin(TELL_EXPOSE_PROMETHEUS);
	put_histogram();
	ck_assert_str_eq(tell_buf_cstr(&out),
		"# HELP took_seconds Took.\n"
		"# TYPE took_seconds histogram\n"
		"took_seconds_bucket{path=\"/\",le=\"1e-05\"} 0\n"
		"took_seconds_bucket{path=\"/\",le=\"0.005\"} 2\n"
		"took_seconds_bucket{path=\"/\",le=\"1.0\"} 3\n"
		"took_seconds_bucket{path=\"/\",le=\"1.048576e+06\"} 3\n"
		"took_seconds_bucket{path=\"/\",le=\"+Inf\"} 4\n"
		"took_seconds_sum{path=\"/\"} 7.5\n"
		"took_seconds_count{path=\"/\"} 4\n"
		"took_seconds_bucket{le=\"1e-05\"} 0\n"
		"took_seconds_bucket{le=\"0.005\"} 2\n"
		"took_seconds_bucket{le=\"1.0\"} 3\n"
		"took_seconds_bucket{le=\"1.048576e+06\"} 3\n"
		"took_seconds_bucket{le=\"+Inf\"} 4\n"
		"took_seconds_sum 7.5\n"
		"took_seconds_count 4\n");
}
END_TEST

START_TEST(a_histogram_in_openmetrics_text_has_exemplars)
{
	begin(TELL_EXPOSE_OPENMETRICS);
	put_histogram();
	const char *text = tell_buf_cstr(&out);
	ck_assert_ptr_nonnull(strstr(
		text, "# TYPE took_seconds histogram\n# UNIT took_seconds seconds\n"));
	ck_assert_ptr_nonnull(strstr(text,
		"took_seconds_bucket{le=\"0.005\"} 2\n"
		"took_seconds_bucket{le=\"1.0\"} 3 # {trace_id=\"0af7\"} 0.75 1700000000.123\n"
		"took_seconds_bucket{le=\"1.048576e+06\"} 3\n"));
}
END_TEST

START_TEST(bounds_are_written_as_go_does)
{
	static const struct {
		double bound;
		const char *text;
	} known[] = { { 0, "0.0" }, { 1, "1.0" }, { 10, "10.0" }, { 0.0001, "0.0001" },
		{ 1e-5, "1e-05" }, { 1.5e-7, "1.5e-07" }, { 1e-10, "1e-10" },
		{ 100000, "100000.0" }, { 1e6, "1e+06" }, { 12345678, "1.2345678e+07" },
		{ 1e10, "1e+10" }, { 1e100, "1e+100" }, { 0.1, "0.1" },
		{ 1.0 / 3e9, "3.333333333333333e-10" } };
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		begin(TELL_EXPOSE_PROMETHEUS);
		tell_expose_put_bound(&out, known[i].bound);
		ck_assert_str_eq(tell_buf_cstr(&out), known[i].text);
	}
}
END_TEST

static Suite *expose_suite(void)
{
	Suite *s = suite_create("meter/expose");
	tell_check_add(s, "expose", prometheus_text, openmetrics_text,
		numbers_that_are_none_have_words, only_whole_words_are_units,
		a_histogram_in_prometheus_text,
		a_histogram_in_openmetrics_text_has_exemplars,
		bounds_are_written_as_go_does, NULL);
	return s;
}
TELL_CHECK_MAIN(expose_suite)
