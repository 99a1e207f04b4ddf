#include "filter/sample.h"
#include <pthread.h>
#include "support/trial.h"
#include "support/unit.h"

#define FULL (UINT64_C(1) << TELL_SAMPLE_BITS)

static struct tell_value text_value(const char *s)
{
	return (struct tell_value){
		.type = TELL_TYPE_STR, .len = (uint32_t)strlen(s), .data = s
	};
}

/* ---- deciding ---- */

START_TEST(the_threshold_is_the_share_that_is_dropped)
{
	ck_assert_uint_eq(tell_sample_threshold(1), 0);
	ck_assert_uint_eq(tell_sample_threshold(0), FULL);
	ck_assert_uint_eq(tell_sample_threshold(0.5), FULL / 2);
	ck_assert_uint_eq(tell_sample_threshold(0.25), FULL / 4 * 3);
}
END_TEST

START_TEST(a_trace_id_gives_its_right_most_56_bits_in_each_form)
{
	static const uint8_t id[16] = { 0x4b, 0xf9, 0x2f, 0x35, 0x77, 0xb3, 0x4d, 0xa6,
		0xa3, 0xce, 0x92, 0x9d, 0x0e, 0x0e, 0x47, 0x36 };
	struct tell_value bytes = { .type = TELL_TYPE_ID128, .len = 16, .data = id };
	struct tell_value hex = bytes;
	hex.type = TELL_TYPE_HEX;
	struct tell_value lower = text_value("4bf92f3577b34da6a3ce929d0e0e4736");
	struct tell_value upper = text_value("4BF92F3577B34DA6A3CE929D0E0E4736");
	const struct tell_value *all[] = { &bytes, &hex, &lower, &upper };
	for (size_t i = 0; i < 4; i++) {
		uint64_t r = 0;
		ck_assert(tell_sample_of(all[i], true, &r));
		ck_assert_uint_eq(r, UINT64_C(0xce929d0e0e4736));
	}
}
END_TEST

START_TEST(other_values_are_hashed_by_their_text)
{
	int64_t five = 5;
	struct tell_value number = { .type = TELL_TYPE_I64, .len = 8, .data = &five };
	struct tell_value text = text_value("5"), other = text_value("6");
	struct tell_value null = { .type = TELL_TYPE_NULL };
	struct tell_value no_id = text_value("4bf92f3577b34da6a3ce929d0e0e473x");
	uint64_t a, b, c;
	ck_assert(tell_sample_of(&number, false, &a) &&
		tell_sample_of(&text, false, &b) && tell_sample_of(&other, false, &c));
	ck_assert_uint_eq(a, b);
	ck_assert_uint_ne(a, c);
	ck_assert_uint_lt(a, FULL);
	ck_assert(!tell_sample_of(&null, false, &a));
	ck_assert(tell_sample_of(&no_id, true, &a) && tell_sample_of(&no_id, false, &b));
	ck_assert_uint_eq(a, b);
}
END_TEST

START_TEST(hosts_agree_today_and_tomorrow)
{
	/* Another number here would break sampling across versions. */
	struct tell_value v = text_value("order-1");
	uint64_t r;
	ck_assert(tell_sample_of(&v, false, &r));
	ck_assert_uint_eq(r, UINT64_C(32747184205976478));
}
END_TEST

START_TEST(draws_are_a_sequence_of_the_seed)
{
	/* SplitMix64 with seed 0: the first outputs of the published algorithm. */
	ck_assert_uint_eq(tell_sample_draw(0, 0), UINT64_C(0xe220a8397b1dcdaf));
	ck_assert_uint_eq(tell_sample_draw(0, 1), UINT64_C(0x6e789e6aa1b965f4));
	ck_assert_uint_ne(tell_sample_draw(1, 0), tell_sample_draw(0, 0));
}
END_TEST

/* ---- the module ---- */

static unsigned kept_of(struct tell_rig *t, unsigned n, bool with_field, uint64_t *seed)
{
	unsigned kept = 0;
	for (unsigned i = 0; i < n; i++) {
		char user[32];
		(void)snprintf(user, sizeof(user), "u%" PRIu64, tell_unit_random(seed));
		kept += trial_keeps(t, TELL_INFO,
			with_field ? tell_str("user", user) : tell_null("x"));
	}
	return kept;
}

START_TEST(about_the_ratio_is_kept)
{
	/* 20000 draws of 0.2: 4000, standard deviation 57; 8 of them are 1 in 10^15. */
	uint64_t seed = tell_unit_seed();
	static const char *const stacks[] = { "filter required sample ratio=0.2",
		"filter required sample ratio=20% by=user" };
	for (int with_field = 0; with_field < 2; with_field++)
		for (size_t i = 0; i < 2; i++) {
			struct tell_rig t;
			trial_open(&t, stacks[i]);
			unsigned kept = kept_of(&t, 20000, with_field, &seed);
			ck_assert_uint_ge(kept, 4000 - 456);
			ck_assert_uint_le(kept, 4000 + 456);
			tell_rig_close(&t);
		}
}
END_TEST

START_TEST(all_and_nothing_are_exact)
{
	uint64_t seed = tell_unit_seed();
	struct tell_rig t;
	trial_open(&t, "filter required sample ratio=100%");
	ck_assert_uint_eq(kept_of(&t, 500, false, &seed), 500);
	tell_rig_close(&t);
	trial_open(&t, "filter required sample ratio=0 by=user");
	ck_assert_uint_eq(kept_of(&t, 500, true, &seed), 0);
	ck_assert_uint_eq(kept_of(&t, 500, false, &seed), 0);
	tell_rig_close(&t);
}
END_TEST

START_TEST(one_value_is_kept_or_dropped_in_all_stacks)
{
	uint64_t seed = tell_unit_seed();
	struct tell_rig a, b;
	trial_open(&a, "filter required sample ratio=0.5 by=User");
	trial_open(&b, "filter required sample ratio=50% by=user");
	unsigned kept = 0;
	for (unsigned i = 0; i < 500; i++) {
		struct tell_field user = tell_u64("user", tell_unit_random(&seed));
		bool keep = trial_keeps(&a, TELL_INFO, user);
		ck_assert_int_eq(trial_keeps(&a, TELL_DEBUG, user), keep);
		ck_assert_int_eq(trial_keeps(&b, TELL_INFO, user), keep);
		kept += keep;
	}
	ck_assert_uint_gt(kept, 100);
	ck_assert_uint_lt(kept, 400);
	tell_rig_close(&a);
	tell_rig_close(&b);
}
END_TEST

START_TEST(a_larger_ratio_keeps_what_a_smaller_one_keeps)
{
	uint64_t seed = tell_unit_seed();
	struct tell_rig few, many;
	trial_open(&few, "filter required sample ratio=0.3 by=trace_id");
	trial_open(&many, "filter required sample ratio=0.6 by=trace_id");
	for (unsigned i = 0; i < 500; i++) {
		uint64_t words[2] = { tell_unit_random(&seed), tell_unit_random(&seed) };
		uint8_t id[16];
		memcpy(id, words, sizeof(id));
		struct tell_field trace = tell_id128("trace_id", id);
		if (trial_keeps(&few, TELL_INFO, trace))
			ck_assert(trial_keeps(&many, TELL_INFO, trace));
	}
	tell_rig_close(&few);
	tell_rig_close(&many);
}
END_TEST

#define THREADS	   4
#define PER_THREAD 2000

/* Draws with a rig of its own of the same stack: how many were kept. */
static void *draw(void *arg)
{
	struct tell_rig t;
	uintptr_t kept = 0;
	tell_rig_share(&t, arg);
	for (unsigned i = 0; i < PER_THREAD; i++)
		kept += trial_keeps(&t, TELL_INFO, tell_null("x"));
	tell_rig_close(&t);
	return (void *)kept;
}

START_TEST(threads_draw_at_once)
{
	pthread_t threads[THREADS];
	struct tell_rig t;
	uintptr_t kept = 0;
	trial_open(&t, "filter required sample ratio=0.5");
	for (int i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, draw, &t), 0);
	for (int i = 0; i < THREADS; i++) {
		void *n;
		ck_assert_int_eq(pthread_join(threads[i], &n), 0);
		kept += (uintptr_t)n;
	}
	/* 4000 of 8000, standard deviation 45 */
	ck_assert_uint_ge(kept, 4000 - 360);
	ck_assert_uint_le(kept, 4000 + 360);
	tell_rig_close(&t);
}
END_TEST

START_TEST(what_is_no_ratio_is_refused)
{
	trial_refused("filter required sample", "ratio", "");
	trial_refused("filter required sample ratio=2", "2", "");
	trial_refused("filter required sample ratio=often", "often", "");
}
END_TEST

static Suite *sample_suite(void)
{
	Suite *s = suite_create("filter/sample");
	tell_check_add(s, "deciding", the_threshold_is_the_share_that_is_dropped,
		a_trace_id_gives_its_right_most_56_bits_in_each_form,
		other_values_are_hashed_by_their_text, hosts_agree_today_and_tomorrow,
		draws_are_a_sequence_of_the_seed, NULL);
	tell_check_add(s, "module", about_the_ratio_is_kept, all_and_nothing_are_exact,
		one_value_is_kept_or_dropped_in_all_stacks,
		a_larger_ratio_keeps_what_a_smaller_one_keeps, threads_draw_at_once,
		what_is_no_ratio_is_refused, NULL);
	return s;
}
TELL_CHECK_MAIN(sample_suite)
