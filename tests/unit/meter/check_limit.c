#include "meter/limit.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "meter/registry.h"
#include "support/check_main.h"

static struct tell_family *family(const char *name)
{
	struct tell_family *f = NULL;
	ck_assert_int_eq(
		tell_family_new(&f, TELL_METRIC_COUNTER, name, "Help.", "agent_id"), 0);
	return f;
}

static struct tell_limit *limit(const char *metric, uint64_t series)
{
	struct tell_limit *l = NULL;
	ck_assert_int_eq(tell_limit_new(&l, metric, series), 0);
	return l;
}

/* Has this value a series, or does it get one? */
static bool has(struct tell_family *f, unsigned agent)
{
	char text[16];
	const char *const values[] = { text };
	(void)snprintf(text, sizeof(text), "a%u", agent);
	return tell_family_with(f, values, 1, true) != &f->own;
}

START_TEST(what_is_over_it_is_other_and_counted)
{
	struct tell_family *f = family("agent_steps_total"), *g = family("others");
	struct tell_limit *l = limit("agent_steps_total", 2);
	ck_assert(has(f, 1));
	ck_assert(has(f, 2));
	ck_assert(!has(f, 3));
	ck_assert(has(f, 1));
	ck_assert_uint_eq(f->refused, 1);
	ck_assert(tell_family_shows_own(f));
	for (unsigned i = 0; i < 5; i++)
		ck_assert(has(g, i));
	ck_assert_ptr_null(tell_limit_free(l));
	ck_assert(has(f, 3)); /* there is none any more */
}
END_TEST

START_TEST(it_holds_for_a_metric_that_is_made_later)
{
	struct tell_limit *l = limit("agent_steps", 1);
	struct tell_family *f = family("agent_steps_total");
	ck_assert(has(f, 1));
	ck_assert(!has(f, 2));
	tell_limit_free(l);
}
END_TEST

START_TEST(a_name_wins_over_all_and_the_newest_over_older_ones)
{
	struct tell_family *f = family("agent_steps_total");
	struct tell_limit *old = limit("agent_steps", 3);
	struct tell_limit *all = limit(TELL_LIMIT_ALL, 1);
	ck_assert_uint_eq(tell_limit_of("agent_steps"), 3);
	ck_assert_uint_eq(tell_limit_of("requests"), 1);
	struct tell_limit *new = limit("agent_steps", 2);
	tell_limit_free(old); /* as a reload does */
	ck_assert_uint_eq(f->limit, 2);
	tell_limit_free(new);
	ck_assert_uint_eq(f->limit, 1);
	tell_limit_free(all);
	ck_assert_uint_eq(f->limit, TELL_SERIES_MAX);
}
END_TEST

START_TEST(series_that_are_there_stay)
{
	struct tell_family *f = family("agent_steps_total");
	for (unsigned i = 0; i < 5; i++)
		ck_assert(has(f, i));
	struct tell_limit *l = limit("agent_steps", 2);
	for (unsigned i = 0; i < 5; i++)
		ck_assert(has(f, i));
	ck_assert(!has(f, 5));
	tell_limit_free(l);
}
END_TEST

START_TEST(it_may_be_over_the_usual_one)
{
	struct tell_family *f = family("agent_steps_total");
	struct tell_limit *l = limit("agent_steps", TELL_SERIES_MAX + 10);
	for (unsigned i = 0; i < TELL_SERIES_MAX + 20; i++)
		ck_assert(has(f, i) == (i < TELL_SERIES_MAX + 10));
	tell_limit_free(l);
}
END_TEST

START_TEST(what_is_no_limit_is_refused)
{
	struct tell_limit *l = NULL;
	ck_assert_int_eq(tell_limit_new(&l, "agent_steps", 0), -EINVAL);
	ck_assert_int_eq(tell_limit_new(&l, "agent_steps", TELL_LIMIT_MOST + 1), -EINVAL);
	ck_assert_int_eq(tell_limit_new(&l, "agent steps", 1), -EINVAL);
	ck_assert_int_eq(tell_limit_new(&l, "", 1), -EINVAL);
	ck_assert_ptr_null(l);
	ck_assert_ptr_null(tell_limit_free(NULL));
}
END_TEST

static Suite *limit_suite(void)
{
	Suite *s = suite_create("meter/limit");
	tell_check_add(s, "limit", what_is_over_it_is_other_and_counted,
		it_holds_for_a_metric_that_is_made_later,
		a_name_wins_over_all_and_the_newest_over_older_ones,
		series_that_are_there_stay, it_may_be_over_the_usual_one,
		what_is_no_limit_is_refused, NULL);
	return s;
}
TELL_CHECK_MAIN(limit_suite)
