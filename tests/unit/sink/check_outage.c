#include "sink/outage.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "stack/notes.h"
#include "support/check_main.h"

static struct tell_outage o;
static struct tell_causes causes;
static const struct tell_speaker speaker = { &causes, "sink", "file", 1 };
static struct tell_notes notes;
static struct tell_run run;

static void begin(void)
{
	memset(&causes, 0, sizeof(causes));
	notes = (struct tell_notes){ .speaker = &speaker };
	run = (struct tell_run){ .notes = &notes, .budget_ms = 50 };
	tell_outage_init(&o, "file-down", "file-back", "the file");
}

START_TEST(it_is_said_when_it_begins_and_when_it_is_over)
{
	ck_assert_int_eq(tell_outage_taken(&o, &run), TELL_SUCCESS);
	ck_assert_uint_eq(notes.n, 0);
	ck_assert_int_eq(tell_outage_lost(&o, &run, ENOSPC, NULL), TELL_FULL);
	ck_assert_int_eq(tell_outage_lost(&o, &run, ENOSPC, NULL), TELL_FULL);
	ck_assert_uint_eq(notes.n, 1);
	ck_assert_str_eq(notes.list[0].text,
		"the file does not take records: No space left on device");
	ck_assert_int_eq(tell_outage_taken(&o, &run), TELL_SUCCESS);
	ck_assert_uint_eq(notes.n, 2);
	ck_assert_str_eq(notes.list[1].text,
		"the file takes records again; 2 did not get through");
	ck_assert_int_eq(tell_outage_taken(&o, &run), TELL_SUCCESS);
	ck_assert_uint_eq(notes.n, 2);
}
END_TEST

START_TEST(what_only_waits_is_not_counted_as_lost)
{
	tell_outage_held(&o, &run, ENOSPC, NULL, 0);
	tell_outage_held(&o, &run, ENOSPC, NULL, 0);
	ck_assert_uint_eq(notes.n, 1);
	ck_assert_str_eq(notes.list[0].text,
		"the file does not take records: No space left on device");
	ck_assert_int_eq(tell_outage_taken(&o, &run), TELL_SUCCESS);
	ck_assert_str_eq(notes.list[1].text, "the file takes records again");
	begin(); /* notes of one cause are said once in a while */
	tell_outage_held(&o, &run, EIO, NULL, 2); /* two by a sync that failed */
	(void)tell_outage_lost(&o, &run, EIO, NULL);
	ck_assert_uint_eq(notes.n, 1); /* one outage */
	ck_assert_int_eq(tell_outage_taken(&o, &run), TELL_SUCCESS);
	ck_assert_str_eq(notes.list[1].text,
		"the file takes records again; 3 did not get through");
	ck_assert_int_eq(tell_outage_taken(&o, &run), TELL_SUCCESS);
	ck_assert_uint_eq(notes.n, 2);
}
END_TEST

START_TEST(a_child_counts_its_own_losses)
{
	(void)tell_outage_lost(&o, &run, ENOSPC, NULL);
	tell_outage_child(&o);
	ck_assert_int_eq(tell_outage_taken(&o, &run), TELL_SUCCESS);
	ck_assert_uint_eq(notes.n, 1); /* it is not the child's to say that it is over */
}
END_TEST

START_TEST(each_error_has_its_verdict)
{
	static const struct {
		int error;
		enum tell_verdict verdict;
	} rows[] = {
		{ ENOENT, TELL_UNAVAILABLE },
		{ ECONNREFUSED, TELL_UNAVAILABLE },
		{ EROFS, TELL_UNAVAILABLE },
		{ ETIMEDOUT, TELL_TIMEOUT },
		{ ENOSPC, TELL_FULL },
		{ EDQUOT, TELL_FULL },
		{ EFBIG, TELL_FULL },
		{ EMSGSIZE, TELL_INVALID },
		{ ENOMEM, TELL_FAILED },
		{ EIO, TELL_FAILED },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_int_eq(
			tell_outage_lost(&o, &run, rows[i].error, NULL), rows[i].verdict);
}
END_TEST

START_TEST(a_better_reason_is_told_instead_of_the_errno)
{
	(void)tell_outage_lost(&o, &run, ELOOP, "a symbolic link stands there");
	ck_assert_str_eq(notes.list[0].text,
		"the file does not take records: a symbolic link stands there");
}
END_TEST

/* How long the next record may wait, in ms; the run has far more time. */
static uint64_t patience_ms(void)
{
	run.deadline_ns = UINT64_MAX;
	uint64_t before_ns = tell_clock_monotonic_ns();
	uint64_t deadline_ns = tell_outage_deadline(&o, &run);
	return deadline_ns == UINT64_MAX ? 1000
					 : (deadline_ns - before_ns) / TELL_NS_PER_MS;
}

START_TEST(patience_halves_with_each_wait_in_vain_and_comes_back)
{
	ck_assert_uint_eq(patience_ms(), 1000);
	run.budget_ms = 1u << 20;
	for (int i = 1; i < 10; i++) {
		(void)tell_outage_lost(&o, &run, ETIMEDOUT, NULL);
		uint64_t least = (uint64_t)run.budget_ms >> i;
		ck_assert_uint_ge(patience_ms(), least);
	}
	for (int i = 0; i < 100; i++)
		(void)tell_outage_lost(&o, &run, ETIMEDOUT, NULL);
	ck_assert_uint_lt(patience_ms(), 1000); /* a millisecond, and how long we took */
	(void)tell_outage_taken(&o, &run);
	ck_assert_uint_eq(patience_ms(), 1000);
}
END_TEST

START_TEST(patience_never_reaches_beyond_the_deadline)
{
	(void)tell_outage_lost(&o, &run, ETIMEDOUT, NULL);
	run.deadline_ns = 1;
	ck_assert_uint_eq(tell_outage_deadline(&o, &run), 1);
}
END_TEST

static Suite *outage_suite(void)
{
	Suite *s = suite_create("sink/outage");
	TCase *tc = tcase_create("outage");
	tcase_add_checked_fixture(tc, begin, NULL);
	tcase_add_test(tc, it_is_said_when_it_begins_and_when_it_is_over);
	tcase_add_test(tc, what_only_waits_is_not_counted_as_lost);
	tcase_add_test(tc, a_child_counts_its_own_losses);
	tcase_add_test(tc, each_error_has_its_verdict);
	tcase_add_test(tc, a_better_reason_is_told_instead_of_the_errno);
	tcase_add_test(tc, patience_halves_with_each_wait_in_vain_and_comes_back);
	tcase_add_test(tc, patience_never_reaches_beyond_the_deadline);
	suite_add_tcase(s, tc);
	return s;
}

TELL_CHECK_MAIN(outage_suite)
