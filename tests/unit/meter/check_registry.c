#include "meter/registry.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "support/check_main.h"

static int make(const char *name, const char *labels)
{
	struct tell_family *f = NULL;
	return tell_family_new(&f, TELL_METRIC_COUNTER, name, "Help.", labels);
}

START_TEST(names_are_prometheus_names)
{
	char longer[TELL_METRIC_NAME + 2];
	memset(longer, 'a', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	ck_assert_int_eq(make("http:requests_total", NULL), 0);
	ck_assert_int_eq(make("_x9", NULL), 0);
	ck_assert_int_eq(make(longer + 1, NULL), 0);
	static const char *const bad[] = { "", "9x", "a.b", "a-b", "a b", "\303\244",
		"telltale_mine" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(make(bad[i], NULL) == -EINVAL, "%s", bad[i]);
	ck_assert_int_eq(make(longer, NULL), -EINVAL);
	ck_assert_int_eq(make(NULL, NULL), -EINVAL);
}
END_TEST

START_TEST(labels_are_checked)
{
	ck_assert_int_eq(make("a", "method status"), 0);
	ck_assert_int_eq(make("b", "  method   status "), 0);
	ck_assert_int_eq(make("c", "a b c d e f g h"), 0);
	static const char *const bad[] = { "a b c d e f g h i", "le", "quantile",
		"__name__", "a:b", "9", "a a", "\xff" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(make("d", bad[i]) == -EINVAL, "%s", bad[i]);
}
END_TEST

START_TEST(the_same_name_is_the_same_metric)
{
	struct tell_family *a = NULL, *b = NULL, *g = NULL;
	ck_assert_int_eq(
		tell_family_new(&a, TELL_METRIC_COUNTER, "x_total", "One.", "l"), 0);
	ck_assert_int_eq(tell_family_new(&b, TELL_METRIC_COUNTER, "x", "Two.", "l"), 0);
	ck_assert_ptr_eq(a, b);
	ck_assert_str_eq(a->name, "x");
	ck_assert_str_eq(a->help, "One.");
	ck_assert_int_eq(make("x", "m"), -EEXIST);
	ck_assert_int_eq(make("x", NULL), -EEXIST);
	ck_assert_int_eq(tell_family_new(&g, TELL_METRIC_GAUGE, "x", "", "l"), -EEXIST);
	ck_assert_int_eq(tell_family_new(&g, TELL_METRIC_GAUGE, "y_total", "", "l"),
		-EINVAL); /* only counters have that ending */
	ck_assert_int_eq(tell_family_new(&g, TELL_METRIC_GAUGE, "y", "", "l"), 0);
	ck_assert_ptr_eq(tell_family_next(NULL), a);
	ck_assert_ptr_eq(tell_family_next(a), g);
	ck_assert_ptr_null(tell_family_next(g));
}
END_TEST

START_TEST(there_is_an_end_of_metrics)
{
	char name[16];
	for (int i = 0; i < TELL_FAMILIES_MAX; i++) {
		(void)snprintf(name, sizeof(name), "m%d", i);
		ck_assert_int_eq(make(name, NULL), 0);
	}
	ck_assert_int_eq(make("one_more", NULL), -ENOSPC);
	ck_assert_int_eq(make("m0", NULL), 0);
}
END_TEST

static Suite *registry_suite(void)
{
	Suite *s = suite_create("meter/registry");
	tell_check_add(s, "registry", names_are_prometheus_names, labels_are_checked,
		the_same_name_is_the_same_metric, there_is_an_end_of_metrics, NULL);
	return s;
}
TELL_CHECK_MAIN(registry_suite)
