#include <pthread.h>
#include <stdio.h>
#include "record/place.h"
#include "support/trial.h"

/* An hour's pace: what a test does takes no part of it. */
#define LINE "filter required quota rate=3/h"

static struct tell_site here = { .file = "src/cart.c",
	.func = "add_item",
	.logger = "shop.cart",
	.line = 41,
	.level = TELL_INFO };
static struct tell_site there = { .file = "src/pay.c",
	.func = "pay",
	.logger = "shop.pay",
	.line = 7,
	.level = TELL_INFO };
static struct tell_site beside = { .file = "src/cart.c",
	.func = "drop_item",
	.logger = "shop.cart",
	.line = 99,
	.level = TELL_INFO };

static bool passes(struct tell_rig *t, struct tell_site *site, struct tell_field field)
{
	trial_begin(t, TELL_INFO);
	t->record.head->place = tell_place_add(site);
	trial_add(t, field);
	return trial_run(t) == TELL_SUCCESS;
}

static unsigned passed(struct tell_rig *t, struct tell_site *site, unsigned tries)
{
	unsigned n = 0;
	for (unsigned i = 0; i < tries; i++)
		n += passes(t, site, tell_null("x"));
	return n;
}

START_TEST(each_site_has_its_quota)
{
	struct tell_rig t;
	trial_open(&t, LINE);
	ck_assert_uint_eq(passed(&t, &here, 10), 3);
	ck_assert_uint_eq(passed(&t, &there, 10), 3);
	ck_assert_uint_eq(passed(&t, &beside, 10), 3);
	tell_rig_close(&t);
}
END_TEST

START_TEST(a_logger_or_all_together_have_one)
{
	struct tell_rig t;
	trial_open(&t, LINE " by=logger");
	ck_assert_uint_eq(passed(&t, &here, 10), 3);
	ck_assert_uint_eq(passed(&t, &beside, 10), 0);
	ck_assert_uint_eq(passed(&t, &there, 10), 3);
	tell_rig_close(&t);
	trial_open(&t, LINE " by=service burst=5");
	ck_assert_uint_eq(passed(&t, &here, 10) + passed(&t, &there, 10), 5);
	tell_rig_close(&t);
}
END_TEST

START_TEST(a_value_has_its_quota_and_those_without_one_together)
{
	struct tell_rig t;
	unsigned n[4] = { 0 };
	trial_open(&t, LINE " by=field:Tenant");
	for (int i = 0; i < 10; i++) {
		n[0] += passes(&t, i % 2 ? &here : &there, tell_str("tenant", "acme"));
		n[1] += passes(&t, &here, tell_str("tenant", "umbrella"));
		n[2] += passes(&t, &here, tell_i64("tenant", 7));
		n[3] += passes(&t, i % 2 ? &here : &there, tell_null("x"));
	}
	for (int i = 0; i < 4; i++)
		ck_assert_uint_eq(n[i], 3);
	ck_assert(
		!passes(&t, &here, tell_str("tenant", "7"))); /* text and number alike */
	tell_rig_close(&t);
}
END_TEST

START_TEST(a_record_of_another_service_is_its_own)
{
	struct tell_rig t;
	trial_open(&t, LINE " by=service");
	ck_assert_uint_eq(passed(&t, &here, 10), 3);
	trial_begin(&t, TELL_INFO);
	tell_record_service(&t.record, "other", 5);
	ck_assert_int_eq(trial_run(&t), TELL_SUCCESS);
	tell_rig_close(&t);
}
END_TEST

static uint64_t counted(struct tell_rig *t, const char *word)
{
	struct tell_line_stats line;
	const char *w;
	uint64_t n;
	for (size_t pos = 0; tell_stack_next_line(t->stack, &pos, &line);)
		for (size_t i = 0; tell_stack_line_counted(t->stack, pos, i, &w, &n); i++)
			if (strcmp(w, word) == 0)
				return n;
	return 0;
}

START_TEST(the_ledger_has_every_record)
{
	struct tell_rig t;
	struct tell_stack_stats s;
	struct tell_line_stats line;
	size_t pos = 0;
	trial_open(&t, LINE);
	(void)passed(&t, &here, 100);
	(void)passed(&t, &there, 50);
	tell_stack_stats(t.stack, &s);
	ck_assert_uint_eq(s.records, 150);
	ck_assert_uint_eq(s.delivered, 6);
	ck_assert_uint_eq(s.filtered, 144);
	ck_assert_uint_eq(counted(&t, "suppressed"), 144);
	ck_assert_uint_eq(counted(&t, "triggers"), 2);
	ck_assert_uint_eq(counted(&t, "shared"), 0);
	do
		ck_assert(tell_stack_next_line(t.stack, &pos, &line));
	while (strcmp(line.module, "quota") != 0);
	ck_assert_uint_eq(line.verdicts[TELL_LIMITED], 144);
	ck_assert_uint_eq(line.verdicts[TELL_SUCCESS], 6);
	tell_rig_close(&t);
}
END_TEST

START_TEST(at_the_end_a_sum_says_how_many_and_where)
{
	struct tell_rig t;
	trial_open(&t, LINE);
	(void)passed(&t, &here, 100);
	ck_assert_int_eq(tell_rig_flush(&t, 10), 0);
	ck_assert_uint_eq(t.notes.n, 0); /* not over, and no minute has passed */
	t.run.last = true;
	ck_assert_int_eq(tell_rig_flush(&t, 10), 0);
	ck_assert_uint_eq(t.notes.n, 1);
	ck_assert_str_eq(t.notes.list[0].text,
		"suppressed 97 records over the quota rate=3/h by=site, made at "
		"src/cart.c:41");
	ck_assert_uint_eq(t.notes.list[0].sum.n, 97);
	ck_assert_int_eq(tell_rig_flush(&t, 10), 0);
	ck_assert_uint_eq(t.notes.n, 0); /* said */
	tell_rig_close(&t);
}
END_TEST

START_TEST(a_value_is_not_in_the_sum)
{
	struct tell_rig t;
	trial_open(&t, LINE " by=field:token");
	for (int i = 0; i < 10; i++)
		(void)passes(&t, &here, tell_str("token", "hunter2"));
	t.run.last = true;
	ck_assert_int_eq(tell_rig_flush(&t, 10), 0);
	ck_assert_uint_eq(t.notes.n, 1);
	ck_assert_ptr_null(strstr(t.notes.list[0].text, "hunter2"));
	ck_assert_ptr_nonnull(strstr(t.notes.list[0].text, "of one token"));
	tell_rig_close(&t);
}
END_TEST

START_TEST(many_sums_at_the_end_are_one)
{
	struct tell_rig t;
	uint64_t n = 0;
	trial_open(&t, LINE " by=field:n");
	for (unsigned i = 0; i < 200; i++)
		for (unsigned k = 0; k < 5; k++)
			(void)passes(&t, &here, tell_u64("n", i));
	t.run.last = true;
	ck_assert_int_eq(tell_rig_flush(&t, 10), 0);
	for (size_t i = 0; i < t.notes.n; i++)
		n += t.notes.list[i].sum.n;
	ck_assert_uint_eq(n, 400);
	tell_rig_close(&t);
}
END_TEST

START_TEST(errors_may_pass_by_a_line_in_front)
{
	struct tell_rig t;
	trial_open(&t, "filter sufficient level min=error\n" LINE);
	for (int i = 0; i < 10; i++)
		ck_assert(trial_keeps(&t, TELL_ERROR, tell_null("x")));
	ck_assert_uint_eq(passed(&t, &here, 10), 3);
	tell_rig_close(&t);
	trial_open(&t, LINE);
	unsigned n = 0;
	for (int i = 0; i < 10; i++)
		n += trial_keeps(&t, TELL_EMERG, tell_null("x"));
	ck_assert_uint_eq(n, 3); /* a storm of errors is a storm */
	tell_rig_close(&t);
}
END_TEST

START_TEST(what_is_no_quota_is_refused_with_the_fix)
{
	trial_refused("filter required quota", "rate", "");
	trial_refused("filter required quota rate=100", "100", "100/s");
	trial_refused("filter required quota rate=fast", "fast", "100/s");
	trial_refused("filter required quota rate=1/s burst=0", "burst", "1 or more");
	trial_refused("filter required quota rate=1/d burst=99999999", "burst", "");
	trial_refused(
		"filter required quota rate=1/s by=tenant", "tenant", "field:tenant");
	trial_refused("filter required quota rate=1/s by=field:", "field:", "field:NAME");
	trial_refused("filter required quota rate=1/s by=", "by", "field:NAME");
	trial_refused("filter required quota rate=1/s bursts=3", "bursts", "burst");
}
END_TEST

static Suite *quota_suite(void)
{
	Suite *s = suite_create("filter/quota");
	tell_check_add(s, "who", each_site_has_its_quota,
		a_logger_or_all_together_have_one,
		a_value_has_its_quota_and_those_without_one_together,
		a_record_of_another_service_is_its_own,
		errors_may_pass_by_a_line_in_front,
		what_is_no_quota_is_refused_with_the_fix, NULL);
	tell_check_add(s, "numbers", the_ledger_has_every_record,
		at_the_end_a_sum_says_how_many_and_where, a_value_is_not_in_the_sum,
		many_sums_at_the_end_are_one, NULL);
	return s;
}

TELL_CHECK_MAIN(quota_suite)
