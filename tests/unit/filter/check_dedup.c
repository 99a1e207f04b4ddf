#include <stdio.h>
#include "base/clock.h"
#include "record/place.h"
#include "support/trial.h"

#define LINE "filter required dedup window=1h"

static struct tell_site here = { .file = "src/cart.c",
	.func = "add_item",
	.logger = "shop.cart",
	.line = 41,
	.level = TELL_INFO };

/* A record with a field of the call, and one of a scope; was it kept? */
static bool kept(struct tell_rig *t, int level, const char *message,
	struct tell_field own, struct tell_field scope)
{
	ck_assert_int_eq(tell_record_begin(&t->record, level, TELL_KIND_LOG), 0);
	tell_record_message(&t->record, message, strlen(message));
	tell_record_add(&t->record, &own, 1, 0, NULL);
	tell_record_add(&t->record, &scope, 1, TELL_SLOT_SCOPE, NULL);
	t->record.head->realtime_ns = TELL_RIG_TIME_NS;
	return trial_run(t) == TELL_SUCCESS;
}

#define KEPT(t, message, user, request)                                                  \
	kept(t, TELL_INFO, message, tell_str("user", user), tell_str("request", request))

START_TEST(all_fields_count_unless_told)
{
	struct tell_rig t;
	trial_open(&t, LINE);
	ck_assert(KEPT(&t, "paid", "ann", "1"));
	ck_assert(!KEPT(&t, "paid", "ann", "1"));
	ck_assert(KEPT(&t, "paid", "bob", "1"));
	ck_assert(KEPT(&t, "paid", "ann", "2"));
	ck_assert(KEPT(&t, "left", "ann", "1"));
	ck_assert(!KEPT(&t, "paid", "ann", "1"));
	ck_assert(kept(&t, TELL_ERROR, "paid", tell_str("user", "ann"),
		tell_str("request", "1")));
	tell_rig_close(&t);
}
END_TEST

START_TEST(own_leaves_scopes_out_and_names_all_else)
{
	struct tell_rig t;
	trial_open(&t, LINE " by=own");
	ck_assert(KEPT(&t, "paid", "ann", "1"));
	ck_assert(!KEPT(&t, "paid", "ann", "2"));
	ck_assert(KEPT(&t, "paid", "bob", "2"));
	tell_rig_close(&t);
	trial_open(&t, LINE " by=message,Request");
	ck_assert(KEPT(&t, "paid", "ann", "1"));
	ck_assert(!KEPT(&t, "paid", "bob", "1"));
	ck_assert(KEPT(&t, "paid", "ann", "2"));
	ck_assert(KEPT(&t, "left", "ann", "1"));
	tell_rig_close(&t);
	trial_open(&t, LINE " by=message");
	ck_assert(KEPT(&t, "paid", "ann", "1"));
	ck_assert(!KEPT(&t, "paid", "bob", "2"));
	tell_rig_close(&t);
}
END_TEST

START_TEST(a_type_or_a_name_makes_a_difference)
{
	struct tell_rig t;
	trial_open(&t, LINE);
	ck_assert(trial_keeps(&t, TELL_INFO, tell_str("n", "1")));
	ck_assert(trial_keeps(&t, TELL_INFO, tell_i64("n", 1)));
	ck_assert(trial_keeps(&t, TELL_INFO, tell_i64("m", 1)));
	ck_assert(!trial_keeps(&t, TELL_INFO, tell_i64("n", 1)));
	tell_rig_close(&t);
}
END_TEST

START_TEST(fields_of_enrich_lines_do_not_count)
{
	struct tell_rig t;
	trial_open(&t, LINE);
	for (int i = 0; i < 3; i++) {
		struct tell_field f = tell_i64("load", i);
		trial_begin(&t, TELL_INFO);
		tell_record_add(&t.record, &f, 1, TELL_SLOT_ADDED, NULL);
		ck_assert_int_eq(trial_run(&t), i ? TELL_IGNORE : TELL_SUCCESS);
	}
	tell_rig_close(&t);
}
END_TEST

START_TEST(sites_and_services_are_apart)
{
	struct tell_rig t;
	trial_open(&t, LINE " by=message");
	trial_begin(&t, TELL_INFO);
	ck_assert_int_eq(trial_run(&t), TELL_SUCCESS);
	trial_begin(&t, TELL_INFO);
	t.record.head->place = tell_place_add(&here);
	ck_assert_int_eq(trial_run(&t), TELL_SUCCESS);
	trial_begin(&t, TELL_INFO);
	tell_record_service(&t.record, "other", 5);
	ck_assert_int_eq(trial_run(&t), TELL_SUCCESS);
	trial_begin(&t, TELL_INFO);
	tell_record_service(&t.record, "other", 5);
	ck_assert_int_eq(trial_run(&t), TELL_IGNORE);
	tell_rig_close(&t);
}
END_TEST

START_TEST(the_sum_has_the_message_the_place_and_the_times)
{
	struct tell_rig t;
	trial_open(&t, LINE);
	for (int i = 0; i < 5; i++) {
		trial_begin(&t, TELL_WARNING);
		t.record.head->place = tell_place_add(&here);
		t.record.head->realtime_ns = TELL_RIG_TIME_NS + (uint64_t)i;
		(void)trial_run(&t);
	}
	ck_assert_int_eq(tell_rig_flush(&t, 10), 0);
	ck_assert_uint_eq(t.notes.n, 0); /* the window is open */
	t.run.last = true;
	ck_assert_int_eq(tell_rig_flush(&t, 10), 0);
	ck_assert_uint_eq(t.notes.n, 1);
	const struct tell_note *note = &t.notes.list[0];
	ck_assert_str_eq(note->text, "tried");
	ck_assert_int_eq(note->level, TELL_WARNING);
	ck_assert_uint_eq(note->sum.n, 4);
	ck_assert_uint_eq(note->sum.place, tell_place_add(&here));
	ck_assert_uint_eq(note->sum.first_ns, TELL_RIG_TIME_NS + 1);
	ck_assert_uint_eq(note->sum.last_ns, TELL_RIG_TIME_NS + 4);
	ck_assert(!note->sum.own); /* redaction has to read it */
	tell_rig_close(&t);
}
END_TEST

/* The window of a sum that was begun is over; was it said with the next record? */
static bool said_after(const char *line, unsigned ms)
{
	struct tell_rig t;
	trial_open(&t, line);
	for (unsigned i = 0; i < 2; i++)
		(void)trial_keeps(&t, TELL_INFO, tell_u64("n", 1));
	(void)trial_keeps(&t, TELL_INFO, tell_u64("n", 2)); /* looks for the first time */
	tell_clock_sleep_ms(ms);
	(void)trial_keeps(&t, TELL_INFO, tell_u64("n", 3));
	bool said = t.notes.n == 1 && t.notes.list[0].sum.n == 1;
	tell_rig_close(&t);
	return said;
}

START_TEST(a_short_window_is_said_when_it_is_over_and_not_a_second_later)
{
	/* The clock of filters has ticks of some milliseconds. */
	ck_assert(said_after("filter required dedup window=50ms", 150));
}
END_TEST

START_TEST(a_long_message_is_said_by_its_place)
{
	struct tell_rig t;
	char text[400];
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	trial_open(&t, LINE);
	for (int i = 0; i < 2; i++)
		(void)KEPT(&t, text, "ann", "1");
	t.run.last = true;
	ck_assert_int_eq(tell_rig_flush(&t, 10), 0);
	ck_assert_uint_eq(t.notes.n, 1);
	ck_assert_str_eq(
		t.notes.list[0].text, "a record made at an unknown place:0 was repeated");
	ck_assert(t.notes.list[0].sum.own);
	tell_rig_close(&t);
}
END_TEST

START_TEST(many_sums_at_the_end_are_few_and_lose_nothing)
{
	struct tell_rig t;
	struct tell_stack_stats s;
	uint64_t n = 0;
	trial_open(&t, LINE);
	for (unsigned i = 0; i < 50; i++)
		for (unsigned k = 0; k < 4; k++)
			(void)trial_keeps(&t, TELL_INFO, tell_u64("n", i));
	t.run.last = true;
	ck_assert_int_eq(tell_rig_flush(&t, 10), 0);
	for (size_t i = 0; i < t.notes.n; i++)
		n += t.notes.list[i].sum.n;
	ck_assert_uint_eq(n, 150);
	tell_stack_stats(t.stack, &s);
	ck_assert_uint_eq(s.records, 200);
	ck_assert_uint_eq(s.delivered, 50);
	ck_assert_uint_eq(s.filtered, 150);
	tell_rig_close(&t);
}
END_TEST

START_TEST(what_is_no_dedup_is_refused_with_the_fix)
{
	trial_refused("filter required dedup window=0", "window", "30s");
	trial_refused("filter required dedup window=soon", "soon", "10s");
	trial_refused("filter required dedup by=", "name", "message,user");
	trial_refused("filter required dedup by=user,", "name", "message,user");
	trial_refused("filter required dedup by=a,,b", "name", "message,user");
	trial_refused("filter required dedup by=own,user", "own", "message,user");
	trial_refused("filter required dedup by=a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q",
		"many", "16");
}
END_TEST

static Suite *dedup_suite(void)
{
	Suite *s = suite_create("filter/dedup");
	tell_check_add(s, "equal", all_fields_count_unless_told,
		own_leaves_scopes_out_and_names_all_else,
		a_type_or_a_name_makes_a_difference, fields_of_enrich_lines_do_not_count,
		sites_and_services_are_apart, what_is_no_dedup_is_refused_with_the_fix,
		NULL);
	tell_check_add(s, "sums", the_sum_has_the_message_the_place_and_the_times,
		a_short_window_is_said_when_it_is_over_and_not_a_second_later,
		a_long_message_is_said_by_its_place,
		many_sums_at_the_end_are_few_and_lose_nothing, NULL);
	return s;
}

TELL_CHECK_MAIN(dedup_suite)
