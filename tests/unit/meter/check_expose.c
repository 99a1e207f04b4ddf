#include "meter/expose.h"
#include <math.h>
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

static Suite *expose_suite(void)
{
	Suite *s = suite_create("meter/expose");
	tell_check_add(s, "expose", prometheus_text, openmetrics_text,
		numbers_that_are_none_have_words, only_whole_words_are_units, NULL);
	return s;
}
TELL_CHECK_MAIN(expose_suite)
