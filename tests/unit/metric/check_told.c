#include "metric/told.h"
#include <math.h>
#include <stdio.h>
#include "support/check_main.h"

static struct tell_told told;

static struct tell_told_row *row(const char *family, const char *value)
{
	const struct tell_label label = { "l", value };
	return tell_told_row(&told, family, &label, 1);
}

START_TEST(each_series_has_a_number_of_its_own)
{
	char value[20];
	for (unsigned round = 0; round < 2; round++)
		for (unsigned i = 0; i < 10000; i++) {
			(void)snprintf(value, sizeof(value), "%u", i);
			struct tell_told_row *r = row("f", value);
			ck_assert_ptr_nonnull(r);
			ck_assert_int_eq(r->known, round == 1);
			if (round)
				ck_assert_uint_eq(r->value.u64, i);
			tell_told_set(&told, r->hash, tell_reading_u64(i));
		}
	ck_assert_uint_eq(told.n, 10000);
	tell_told_forget(&told);
	ck_assert(!row("f", "7")->known);
}
END_TEST

START_TEST(parts_of_a_name_cannot_be_confused)
{
	const struct tell_label ab = { "a", "b" }, two[] = { { "a", "" }, { "b", "" } };
	uint64_t one = tell_told_row(&told, "f", &ab, 1)->hash;
	ck_assert_uint_ne(one, tell_told_row(&told, "fa", &two[1], 1)->hash);
	ck_assert_uint_ne(one, tell_told_row(&told, "f", two, 2)->hash);
	ck_assert_uint_ne(one, tell_told_row(&told, "f", NULL, 0)->hash);
}
END_TEST

START_TEST(numbers_are_the_same_bit_by_bit)
{
	const struct tell_reading nan = { .f64 = (double)NAN };
	ck_assert(tell_reading_same(nan, nan));
	ck_assert(!tell_reading_same((struct tell_reading){ .f64 = 0.0 },
		(struct tell_reading){ .f64 = 1.0 }));
	ck_assert(!tell_reading_same(
		tell_reading_u64(0), (struct tell_reading){ .f64 = 0.0 }));
}
END_TEST

static void setup(void)
{
	tell_told_init(&told);
}

static void teardown(void)
{
	tell_told_done(&told);
}

static Suite *told_suite(void)
{
	Suite *s = suite_create("metric/told");
	TCase *c = tcase_create("told");
	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, each_series_has_a_number_of_its_own);
	tcase_add_test(c, parts_of_a_name_cannot_be_confused);
	tcase_add_test(c, numbers_are_the_same_bit_by_bit);
	suite_add_tcase(s, c);
	return s;
}
TELL_CHECK_MAIN(told_suite)
