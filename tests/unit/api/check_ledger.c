#include "api/ledger.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "support/check_main.h"
#include "support/rig.h"

static struct tell_ledger ledger;

static void log_once(const char *stack)
{
	struct tell_rig rig;
	tell_rig_open(&rig, "%s", stack);
	(void)tell_rig_say(&rig, TELL_INFO, "x");
	tell_ledger_add(&ledger, rig.stack);
	tell_rig_close(&rig);
}

START_TEST(a_sink_has_a_row)
{
	ledger = (struct tell_ledger){ 0 };
	log_once("sink required permit\n");
	ck_assert_uint_eq(ledger.n, 1);
	const struct tell_ledger_row *row = tell_ledger_row(&ledger, "permit");
	ck_assert_ptr_nonnull(row);
	ck_assert_uint_eq(row->verdicts[TELL_SUCCESS], 1);
	ck_assert_uint_eq(tell_ledger_offered(row), 1);
	ck_assert_uint_eq(tell_ledger_dropped(row), 0);
	ck_assert_ptr_null(tell_ledger_row(&ledger, "file"));
}
END_TEST

START_TEST(sinks_of_one_kind_are_told_apart)
{
	ledger = (struct tell_ledger){ 0 };
	log_once("sink required deny\nsink required permit\nsink required deny\n");
	ck_assert_uint_eq(ledger.n, 3);
	ck_assert_uint_eq(tell_ledger_row(&ledger, "deny")->verdicts[TELL_DENIED], 1);
	ck_assert_uint_eq(tell_ledger_dropped(tell_ledger_row(&ledger, "deny#2")), 1);
}
END_TEST

START_TEST(another_stack_goes_on_in_the_same_row)
{
	ledger = (struct tell_ledger){ 0 };
	log_once("sink required permit\n");
	log_once("sink required deny\nsink required permit\n");
	ck_assert_uint_eq(tell_ledger_row(&ledger, "permit")->verdicts[TELL_SUCCESS], 2);
}
END_TEST

START_TEST(what_min_passed_by_was_not_offered)
{
	ledger = (struct tell_ledger){ 0 };
	log_once("sink required stderr min=error\nsink required permit\n");
	const struct tell_ledger_row *row = tell_ledger_row(&ledger, "stderr");
	ck_assert_uint_eq(row->verdicts[TELL_IGNORE], 1);
	ck_assert_uint_eq(tell_ledger_offered(row), 0);
}
END_TEST

START_TEST(what_redaction_hid_is_counted_by_kind)
{
	struct tell_rig rig;
	const struct tell_field f[] = { tell_str("password", "x"),
		tell_i64("pin", 1234) };
	ledger = (struct tell_ledger){ 0 };
	for (int i = 0; i < 2; i++) {
		tell_rig_open(&rig,
			"redact required keys\nredact required detect\n"
			"sink required permit\n");
		(void)tell_rig_put(&rig, TELL_INFO,
			"token="
			"abcd1234efgh",
			f, 2);
		tell_ledger_add(&ledger, rig.stack);
		tell_rig_close(&rig);
	}
	ck_assert_uint_eq(ledger.n_kinds, 2);
	ck_assert_str_eq(ledger.kinds[0].word, "name");
	ck_assert_uint_eq(ledger.kinds[0].n, 4);
	ck_assert_str_eq(ledger.kinds[1].word, "pair");
	ck_assert_uint_eq(ledger.kinds[1].n, 2);
}
END_TEST

START_TEST(what_limiting_filters_count_is_kept_over_stacks)
{
	struct tell_rig rig;
	ledger = (struct tell_ledger){ 0 };
	for (int i = 0; i < 2; i++) {
		tell_rig_open(&rig,
			"filter required level min=debug\nfilter required quota rate=3/h\n"
			"filter required quota rate=2/h\nsink required permit\n");
		for (int k = 0; k < 10; k++)
			(void)tell_rig_say(&rig, TELL_INFO, "storm");
		tell_ledger_add(&ledger, rig.stack);
		tell_rig_close(&rig);
	}
	ck_assert_uint_eq(ledger.n_counts, 8);
	ck_assert_str_eq(ledger.counts[0].filter, "quota");
	ck_assert_str_eq(ledger.counts[0].word, "kept");
	ck_assert_uint_eq(ledger.counts[0].n, 6);
	ck_assert_str_eq(ledger.counts[1].word, "suppressed");
	ck_assert_uint_eq(ledger.counts[1].n, 14);
	ck_assert_str_eq(ledger.counts[4].filter, "quota#2");
}
END_TEST

START_TEST(what_a_sink_gathered_is_delivered_once_it_is_flushed)
{
	struct tell_rig rig;
	char dir[] = "/tmp/telltale-ledger.XXXXXX", path[64];
	ck_assert_ptr_nonnull(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/log", dir);
	tell_rig_open(&rig, "sink required file path=%s buffer=64KiB\n", path);
	(void)tell_rig_say(&rig, TELL_INFO, "x");
	ledger = (struct tell_ledger){ 0 };
	tell_ledger_add(&ledger, rig.stack);
	ck_assert_uint_eq(tell_ledger_row(&ledger, "file")->verdicts[TELL_SPOOLED], 1);
	ck_assert_int_eq(tell_rig_flush(&rig, 1000), 0);
	ledger = (struct tell_ledger){ 0 };
	tell_ledger_add(&ledger, rig.stack);
	ck_assert_uint_eq(tell_ledger_row(&ledger, "file")->verdicts[TELL_SPOOLED], 0);
	ck_assert_uint_eq(tell_ledger_row(&ledger, "file")->verdicts[TELL_SUCCESS], 1);
	tell_rig_close(&rig);
	(void)unlink(path);
	(void)rmdir(dir);
}
END_TEST

START_TEST(beyond_its_rows_the_last_is_shared)
{
	char stack[2048] = "";
	ledger = (struct tell_ledger){ 0 };
	for (int i = 0; i < TELL_LEDGER_ROWS + 4; i++)
		strcat(stack, "sink required permit\n");
	log_once(stack);
	ck_assert_uint_eq(ledger.n, TELL_LEDGER_ROWS);
	ck_assert_uint_eq(ledger.rows[TELL_LEDGER_ROWS - 1].verdicts[TELL_SUCCESS], 5);
}
END_TEST

static Suite *ledger_suite(void)
{
	Suite *s = suite_create("api/ledger");
	tell_check_add(s, "ledger", a_sink_has_a_row, sinks_of_one_kind_are_told_apart,
		another_stack_goes_on_in_the_same_row, what_min_passed_by_was_not_offered,
		what_redaction_hid_is_counted_by_kind,
		what_limiting_filters_count_is_kept_over_stacks,
		what_a_sink_gathered_is_delivered_once_it_is_flushed,
		beyond_its_rows_the_last_is_shared, NULL);
	return s;
}
TELL_CHECK_MAIN(ledger_suite)
