#include "stack/notes.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "support/check_main.h"

static struct tell_causes causes;

START_TEST(a_cause_speaks_once_a_minute_and_says_how_often_it_was_silent)
{
	uint64_t kept = 7;
	ck_assert(tell_causes_take(&causes, 1, "down", 1000, &kept));
	ck_assert_uint_eq(kept, 0);
	ck_assert(!tell_causes_take(&causes, 1, "down", 1001, &kept));
	ck_assert(!tell_causes_take(&causes, 1, "down", 999 + TELL_NOTE_GAP_NS, &kept));
	ck_assert(tell_causes_take(&causes, 1, "down", 1000 + TELL_NOTE_GAP_NS, &kept));
	ck_assert_uint_eq(kept, 2);
	ck_assert_uint_eq(causes.suppressed, 2);
}
END_TEST

START_TEST(lines_and_causes_are_told_apart_by_their_text)
{
	uint64_t kept;
	char same[] = "down";
	ck_assert(tell_causes_take(&causes, 1, "down", 1000, &kept));
	ck_assert(tell_causes_take(&causes, 2, "down", 1000, &kept));
	ck_assert(tell_causes_take(&causes, 1, "full", 1000, &kept));
	ck_assert(!tell_causes_take(&causes, 1, same, 1000, &kept));
}
END_TEST

START_TEST(a_full_table_shares_and_never_grows)
{
	uint64_t kept;
	unsigned said = 0;
	for (uint32_t line = 0; line < 10000; line++)
		said += tell_causes_take(&causes, line, "down", 1000, &kept);
	ck_assert_uint_eq(said, TELL_CAUSES_MAX);
	ck_assert_uint_eq(causes.suppressed, 10000 - TELL_CAUSES_MAX);
}
END_TEST

static struct tell_speaker speaker = { &causes, "sink", "file", 0 };
static struct tell_notes notes = { .speaker = &speaker };

START_TEST(a_note_is_cut_on_a_character)
{
	struct tell_run run = { .notes = &notes };
	char text[600];
	memset(text, 'x', sizeof(text));
	memcpy(text + TELL_NOTE_BYTES - 2, "\xc3\xa4",
		2); /* would lose its second byte */
	text[sizeof(text) - 1] = '\0';
	tell_note(&run, 3, "long", "%s", text);
	ck_assert_uint_eq(notes.n, 1);
	ck_assert_uint_eq(notes.list[0].len, TELL_NOTE_BYTES - 2);
	ck_assert_uint_eq(strlen(notes.list[0].text), notes.list[0].len);
}
END_TEST

START_TEST(a_note_too_many_is_counted_and_may_speak_later)
{
	struct tell_run run = { .notes = &notes };
	for (uint32_t i = 0; i <= TELL_NOTES_MAX; i++) {
		speaker.line = i;
		tell_note(&run, 3, "x", "said");
	}
	ck_assert_uint_eq(notes.n, TELL_NOTES_MAX);
	ck_assert_uint_eq(causes.suppressed, 1);
	notes.n = 0;
	tell_note(&run, 3, "x", "said");
	ck_assert_uint_eq(notes.n, 1);
	run.notes = NULL;
	tell_note(&run, 3, "y", "to nobody");
}
END_TEST

START_TEST(the_deadline_is_fixed_when_first_asked)
{
	struct tell_run run = { .budget_ms = 50 };
	uint64_t before = tell_clock_monotonic_ns();
	uint64_t deadline = tell_run_deadline(&run);
	ck_assert_uint_ge(deadline, before + 50 * TELL_NS_PER_MS);
	ck_assert_uint_eq(tell_run_deadline(&run), deadline);
}
END_TEST

START_TEST(a_refusal_keeps_reason_fix_and_argument)
{
	struct tell_refusal why;
	ck_assert_int_eq(
		tell_refuse(&why, -EINVAL, "path", "name one", "no %s", "file"), -EINVAL);
	ck_assert_str_eq(why.what, "no file");
	ck_assert_str_eq(why.fix, "name one");
	ck_assert_str_eq(why.arg, "path");
	ck_assert_int_eq(tell_refuse(&why, EINVAL, NULL, NULL, "x"), -EINVAL);
	ck_assert_str_eq(why.fix, "");
}
END_TEST

static Suite *notes_suite(void)
{
	Suite *s = suite_create("stack/notes");
	tell_check_add(s, "causes",
		a_cause_speaks_once_a_minute_and_says_how_often_it_was_silent,
		lines_and_causes_are_told_apart_by_their_text,
		a_full_table_shares_and_never_grows, NULL);
	tell_check_add(s, "notes", a_note_is_cut_on_a_character,
		a_note_too_many_is_counted_and_may_speak_later, NULL);
	tell_check_add(s, "rest", the_deadline_is_fixed_when_first_asked,
		a_refusal_keeps_reason_fix_and_argument, NULL);
	return s;
}
TELL_CHECK_MAIN(notes_suite)
