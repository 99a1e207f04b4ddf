#include "stack/sinks.h"
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "support/check_main.h"
#include "support/rig.h"

/* Sinks whose answers the test sets: their states are put in place of the stack's own. */
struct fake {
	enum tell_verdict answer;
	uint64_t asked;
};

static enum tell_verdict answer(void *state, struct tell_run *run)
{
	struct fake *f = state;
	(void)run;
	(void)__atomic_fetch_add(&f->asked, 1, __ATOMIC_RELAXED);
	return (enum tell_verdict)__atomic_load_n((int *)&f->answer, __ATOMIC_RELAXED);
}

static struct tell_rig rig;
static struct fake fakes[3];

static struct tell_link *link_of(size_t i)
{
	return &rig.stack->chains[TELL_CHAIN_SINK].links[i];
}

static void begin(const char *stack, size_t n)
{
	tell_rig_open(&rig, "%s", stack);
	for (size_t i = 0; i < n; i++) {
		fakes[i] = (struct fake){ .answer = TELL_SUCCESS };
		link_of(i)->run = answer;
		link_of(i)->state = &fakes[i];
	}
}

/* offered = delivered + dropped + spooled + queued, of each line and of the whole. */
static void check_ledger(uint64_t records)
{
	struct tell_line_stats line;
	struct tell_stack_stats sum;
	for (size_t pos = 0; tell_stack_next_line(rig.stack, &pos, &line);) {
		uint64_t n = 0;
		for (size_t v = 0; v < TELL_N_VERDICTS; v++)
			n += line.verdicts[v];
		ck_assert_uint_eq(line.offered, n);
		ck_assert_uint_le(line.offered, records);
	}
	tell_stack_stats(rig.stack, &sum);
	ck_assert_uint_eq(sum.records, records);
	ck_assert_uint_eq(sum.records,
		sum.delivered + sum.undelivered + sum.filtered + sum.dropped +
			sum.queued);
}

static void done(uint64_t records)
{
	check_ledger(records);
	for (size_t i = 0; i < 3 && i < rig.stack->chains[TELL_CHAIN_SINK].n; i++)
		link_of(i)->state = NULL;
	tell_rig_close(&rig);
}

static enum tell_verdict log_n(int n)
{
	enum tell_verdict v = TELL_FAILED;
	for (int i = 0; i < n; i++)
		v = tell_rig_say(&rig, TELL_INFO, "hi");
	return v;
}

/* Its pause is over. */
static void wait_over(size_t i)
{
	link_of(i)->breaker.retry_ns = 0;
}

/* It lasts as long as the test. */
static void hold(size_t i)
{
	link_of(i)->breaker.retry_ns = UINT64_MAX;
}

#define CHAIN "sink sufficient permit\nsink required permit"

START_TEST(fault_15_a_hanging_sink_is_left_alone_and_the_next_takes_over)
{
	begin(CHAIN, 2);
	fakes[0].answer = TELL_TIMEOUT;
	ck_assert_int_eq(log_n(TELL_BREAKER_FAILURES), TELL_SUCCESS);
	ck_assert(tell_rig_noted(&rig, "breaker-open"));
	hold(0);
	ck_assert_int_eq(log_n(100), TELL_SUCCESS);
	ck_assert_uint_eq(fakes[0].asked, TELL_BREAKER_FAILURES);
	ck_assert_uint_eq(fakes[1].asked, 100 + TELL_BREAKER_FAILURES);
	ck_assert_uint_eq(link_of(0)->breaker.turned_away, 100);
	ck_assert_uint_eq(link_of(0)->verdicts[TELL_UNAVAILABLE], 100);
	done(100 + TELL_BREAKER_FAILURES);
}
END_TEST

START_TEST(the_preferred_sink_is_used_again_after_a_probe)
{
	begin(CHAIN, 2);
	fakes[0].answer = TELL_TIMEOUT;
	(void)log_n(TELL_BREAKER_FAILURES);
	wait_over(0);
	(void)log_n(1); /* the probe, which fails */
	hold(0);
	(void)log_n(2);
	ck_assert_uint_eq(fakes[0].asked, TELL_BREAKER_FAILURES + 1);
	ck_assert_int_eq(link_of(0)->breaker.state, TELL_BREAKER_OPEN);
	fakes[0].answer = TELL_SUCCESS;
	wait_over(0);
	(void)log_n(1);
	ck_assert(tell_rig_noted(&rig, "breaker-closed"));
	uint64_t second = fakes[1].asked;
	(void)log_n(10);
	ck_assert_uint_eq(fakes[1].asked, second);
	done(TELL_BREAKER_FAILURES + 14);
}
END_TEST

START_TEST(what_nobody_else_took_is_offered_when_that_costs_nothing)
{
	begin(CHAIN, 2);
	fakes[0].answer = fakes[1].answer = TELL_UNAVAILABLE;
	(void)log_n(TELL_BREAKER_FAILURES + 3);
	ck_assert_uint_eq(fakes[0].asked, TELL_BREAKER_FAILURES + 3);
	ck_assert_uint_eq(link_of(0)->breaker.turned_away, 0); /* none in the end */
	hold(0);
	hold(1);
	fakes[0].answer = TELL_SUCCESS; /* in the middle of its pause */
	ck_assert_int_eq(log_n(1), TELL_SUCCESS);
	ck_assert(tell_breaker_is_quiet(&link_of(0)->breaker));
	ck_assert_uint_eq(link_of(0)->verdicts[TELL_SUCCESS], 1);
	ck_assert_uint_eq(link_of(1)->breaker.turned_away, 1);
	done(TELL_BREAKER_FAILURES + 4);
}
END_TEST

/* The one sink there is: no record is lost to a pause. */
START_TEST(fault_12_a_single_full_sink_loses_nothing_to_its_breaker)
{
	begin("sink required permit", 1);
	fakes[0].answer = TELL_FULL;
	ck_assert_int_eq(log_n(20), TELL_FULL);
	fakes[0].answer = TELL_SUCCESS;
	ck_assert_int_eq(log_n(20), TELL_SUCCESS);
	ck_assert_uint_eq(link_of(0)->verdicts[TELL_SUCCESS], 20);
	ck_assert_uint_eq(link_of(0)->verdicts[TELL_FULL], 20);
	done(40);
}
END_TEST

/* It would cost a wait, but nobody else has the record. */
START_TEST(fault_15_a_single_hanging_sink_gets_the_record_that_comes_when_it_is_well)
{
	begin("sink required permit", 1);
	fakes[0].answer = TELL_TIMEOUT;
	(void)log_n(TELL_BREAKER_FAILURES);
	hold(0);
	fakes[0].answer = TELL_SUCCESS;
	ck_assert_int_eq(log_n(1), TELL_SUCCESS);
	ck_assert(tell_breaker_is_quiet(&link_of(0)->breaker));
	done(TELL_BREAKER_FAILURES + 1);
}
END_TEST

START_TEST(a_required_sink_that_hangs_does_not_hold_the_others)
{
	begin("sink required permit\nsink required permit", 2);
	fakes[0].answer = TELL_TIMEOUT;
	(void)log_n(TELL_BREAKER_FAILURES);
	hold(0);
	ck_assert_int_eq(log_n(1000 - TELL_BREAKER_FAILURES), TELL_UNAVAILABLE);
	ck_assert_uint_eq(fakes[0].asked, TELL_BREAKER_FAILURES);
	ck_assert_uint_eq(fakes[1].asked, 1000);
	ck_assert_uint_eq(link_of(1)->verdicts[TELL_SUCCESS], 1000);
	done(1000);
}
END_TEST

START_TEST(records_that_min_passes_by_are_no_probes)
{
	begin("sink sufficient permit\nsink required permit", 2);
	link_of(0)->max_level = TELL_WARNING;
	fakes[0].answer = TELL_TIMEOUT;
	for (int i = 0; i < TELL_BREAKER_FAILURES; i++)
		(void)tell_rig_say(&rig, TELL_ERROR, "hi");
	wait_over(0);
	(void)log_n(1);
	ck_assert_uint_eq(link_of(0)->verdicts[TELL_IGNORE], 1);
	ck_assert_int_eq(link_of(0)->breaker.state, TELL_BREAKER_OPEN);
	done(TELL_BREAKER_FAILURES + 1);
}
END_TEST

START_TEST(a_probe_that_the_sink_has_no_opinion_about_leaves_the_next_to_probe)
{
	begin(CHAIN, 2);
	fakes[0].answer = TELL_TIMEOUT;
	(void)log_n(TELL_BREAKER_FAILURES);
	wait_over(0);
	fakes[0].answer = TELL_IGNORE;
	(void)log_n(1);
	ck_assert_int_eq(link_of(0)->breaker.state, TELL_BREAKER_OPEN);
	fakes[0].answer = TELL_SUCCESS;
	(void)log_n(1);
	ck_assert(tell_breaker_is_quiet(&link_of(0)->breaker));
	done(TELL_BREAKER_FAILURES + 2);
}
END_TEST

/* More lines than a walk remembers: nobody is asked twice. */
START_TEST(a_chain_of_many_lines_has_no_last_chance_and_doubles_nothing)
{
	static char stack[70 * sizeof("sink optional permit\n")];
	for (int i = 0; i < 70; i++)
		(void)strcat(stack, "sink optional permit\n");
	begin(stack, 3);
	for (size_t i = 3; i < 70; i++) { /* the last one stands for them */
		link_of(i)->run = answer;
		link_of(i)->state = &fakes[1];
	}
	fakes[0].answer = fakes[1].answer = fakes[2].answer = TELL_UNAVAILABLE;
	(void)log_n(TELL_BREAKER_FAILURES);
	for (size_t i = 0; i < 70; i++)
		hold(i);
	link_of(69)->state = &fakes[2];
	tell_breaker_reset(&link_of(69)->breaker);
	fakes[2].asked = 0;
	ck_assert_int_ne(log_n(1), TELL_SUCCESS);
	ck_assert_uint_eq(fakes[2].asked, 1);
	for (size_t i = 3; i < 70; i++)
		link_of(i)->state = NULL;
	done(TELL_BREAKER_FAILURES + 1);
}
END_TEST

static int stop;

static void *flap(void *arg)
{
	static const enum tell_verdict answers[] = { TELL_SUCCESS, TELL_TIMEOUT,
		TELL_UNAVAILABLE, TELL_FULL, TELL_SPOOLED };
	(void)arg;
	for (unsigned i = 0; !__atomic_load_n(&stop, __ATOMIC_ACQUIRE); i++) {
		__atomic_store_n(
			(int *)&fakes[0].answer, (int)answers[i % 5], __ATOMIC_RELAXED);
		__atomic_store_n(&link_of(0)->breaker.retry_ns, 0, __ATOMIC_RELAXED);
		tell_clock_sleep_ms(1);
	}
	return NULL;
}

#define N_EACH 20000

static void *log_each(void *arg)
{
	struct tell_rig own;
	(void)arg;
	tell_rig_share(&own, &rig);
	for (int i = 0; i < N_EACH; i++)
		(void)tell_rig_say(&own, TELL_INFO, "hi");
	tell_rig_close(&own);
	return NULL;
}

START_TEST(fault_16_a_sink_that_flaps_keeps_the_ledger_with_many_threads)
{
	pthread_t threads[4];
	begin(CHAIN, 2);
	fakes[1].answer = TELL_UNAVAILABLE;
	ck_assert_int_eq(pthread_create(&threads[3], NULL, flap, NULL), 0);
	for (size_t i = 0; i < 3; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, log_each, NULL), 0);
	for (size_t i = 0; i < 3; i++)
		(void)pthread_join(threads[i], NULL);
	__atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
	(void)pthread_join(threads[3], NULL);
	const uint64_t *v = link_of(0)->verdicts;
	struct tell_stack_stats sum;
	tell_stack_stats(rig.stack, &sum);
	ck_assert_uint_eq(sum.delivered, v[TELL_SUCCESS] + v[TELL_SPOOLED]);
	uint64_t offered = 0;
	for (size_t i = 0; i < TELL_N_VERDICTS; i++)
		offered += v[i];
	ck_assert_uint_eq(offered, 3 * N_EACH);
	ck_assert_uint_eq(offered - link_of(0)->breaker.turned_away, fakes[0].asked);
	done(3 * N_EACH);
}
END_TEST

static Suite *sinks_suite(void)
{
	Suite *s = suite_create("stack/sinks");
	tell_check_add(s, "sinks",
		fault_15_a_hanging_sink_is_left_alone_and_the_next_takes_over,
		the_preferred_sink_is_used_again_after_a_probe,
		what_nobody_else_took_is_offered_when_that_costs_nothing,
		fault_12_a_single_full_sink_loses_nothing_to_its_breaker,
		fault_15_a_single_hanging_sink_gets_the_record_that_comes_when_it_is_well,
		a_required_sink_that_hangs_does_not_hold_the_others,
		records_that_min_passes_by_are_no_probes,
		a_probe_that_the_sink_has_no_opinion_about_leaves_the_next_to_probe,
		a_chain_of_many_lines_has_no_last_chance_and_doubles_nothing,
		fault_16_a_sink_that_flaps_keeps_the_ledger_with_many_threads, NULL);
	return s;
}
TELL_CHECK_MAIN(sinks_suite)
