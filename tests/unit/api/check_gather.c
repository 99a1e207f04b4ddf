#include "api/gather.h"
#include <string.h>
#include <telltale.h>
#include <telltale/capture.h>
#include "api/init.h"
#include "api/process.h"
#include "meter/gather.h"
#include "support/check_main.h"

struct seen {
	const char *family;
	uint64_t sold, delivered, of_process;
};

static void family(void *arg, const struct tell_metric *m)
{
	((struct seen *)arg)->family = m->name;
}

static void sample(
	void *arg, const struct tell_label *labels, size_t n, struct tell_reading value)
{
	struct seen *s = arg;
	if (strcmp(s->family, "sold") == 0)
		s->sold = value.u64;
	if (strcmp(s->family, "telltale_records") == 0 && n == 1 &&
		strcmp(labels[0].value, "delivered") == 0)
		s->delivered = value.u64;
	s->of_process += strncmp(s->family, "process_", 8) == 0;
	/* Whoever collects may take its time. */
	ck_assert_int_eq(pthread_mutex_trylock(&tell_process.lock), 0);
	(void)pthread_mutex_unlock(&tell_process.lock);
}

START_TEST(a_service_is_gathered_by_name_with_what_the_process_counts)
{
	struct seen seen = { 0 };
	const struct tell_collector to = { family, sample, &seen };
	struct tell_counter *sold = NULL;
	ck_assert_int_eq(tell__init_text("shop", "sink required capture\n"), 0);
	ck_assert_int_eq(tell_counter_new(&sold, "sold_total", "Sold.", ""), 0);
	tell_counter_add(sold, 7);
	tell_info("x");
	tell_info("y");
	ck_assert(tell_gather("shop", &to));
	ck_assert_uint_eq(seen.sold, 7);
	ck_assert_uint_eq(seen.delivered, 2);
	ck_assert(!tell_gather("nobody", &to));
}
END_TEST

START_TEST(one_service_alone_speaks_for_the_process)
{
	struct seen first = { 0 }, second = { 0 };
	struct tell *other = NULL;
	struct tell_counter *sold = NULL;
	ck_assert_int_eq(tell__init_text("shop", "sink required capture\n"), 0);
	ck_assert_int_eq(tell_counter_new(&sold, "sold_total", "Sold.", ""), 0);
	tell_counter_add(sold, 7);
	ck_assert_int_eq(tell_new(&other, "cart"), 0);
	ck_assert(
		tell_gather("shop", &(struct tell_collector){ family, sample, &first }));
	ck_assert(
		tell_gather("cart", &(struct tell_collector){ family, sample, &second }));
	ck_assert_uint_eq(first.sold + second.sold, 7);
	tell_free(other);
}
END_TEST

START_TEST(nobody_waits_for_the_lock_for_long)
{
	struct seen seen = { 0 };
	ck_assert_int_eq(tell__init_text("shop", "sink required capture\n"), 0);
	(void)pthread_mutex_lock(&tell_process.lock);
	ck_assert(
		!tell_gather("shop", &(struct tell_collector){ family, sample, &seen }));
	(void)pthread_mutex_unlock(&tell_process.lock);
}
END_TEST

START_TEST(a_line_of_the_stack_shows_the_process)
{
	struct seen without = { 0 }, with = { 0 }, after = { 0 };
	struct tell_collector to = { family, sample, &without };
	ck_assert_int_eq(tell__init_text("shop", "sink required capture\n"), 0);
	ck_assert(tell_gather("shop", &to));
	ck_assert_uint_eq(without.of_process, 0);
	tell_close();
	ck_assert_int_eq(tell__init_text("shop",
				 "sink required capture\nmetric optional process\n"),
		0);
	to.arg = &with;
	ck_assert(tell_gather("shop", &to));
	ck_assert_uint_ge(with.of_process, 5);
	tell_close();
	ck_assert_int_eq(tell__init_text("shop", "sink required capture\n"), 0);
	to.arg = &after;
	ck_assert(tell_gather("shop", &to));
	ck_assert_uint_eq(after.of_process, 0);
}
END_TEST

static Suite *gather_suite(void)
{
	Suite *s = suite_create("api/gather");
	tell_check_add(s, "gathering",
		a_service_is_gathered_by_name_with_what_the_process_counts,
		one_service_alone_speaks_for_the_process,
		a_line_of_the_stack_shows_the_process, nobody_waits_for_the_lock_for_long,
		NULL);
	return s;
}
TELL_CHECK_MAIN(gather_suite)
