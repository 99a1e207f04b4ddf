#include "stack/verdict.h"

#include <string.h>

#include "stack/control.h"
#include "support/check_main.h"

/* A chain in a notation of the tests: a line's control word, its level and its answer. */
struct line {
	const char *control;
	uint8_t level;
	int answer;
};

struct chain {
	const struct line *lines;
	char steps[64]; /* "abc": the lines asked, by letter */
};

static enum tell_verdict ask(void *arg, size_t i)
{
	struct chain *c = arg;
	size_t n = strlen(c->steps);
	c->steps[n] = (char)('a' + i);
	c->steps[n + 1] = '\0';
	return (enum tell_verdict)c->lines[i].answer;
}

static void expect(const struct line *lines, size_t n, int verdict, const char *steps)
{
	struct tell_rule rules[16] = { 0 };
	struct chain chain = { .lines = lines };
	for (size_t i = 0; i < n; i++) {
		struct tell_control_fault fault;
		rules[i].level = lines[i].level;
		if (tell_control_parse(rules[i].actions, lines[i].control, &fault) !=
			TELL_CONTROL_ACTIONS)
			rules[i].kind = TELL_RULE_FRAME;
		ck_assert_ptr_null(fault.what);
	}
	ck_assert_int_eq(tell_verdict_of(rules, n, ask, &chain), verdict);
	ck_assert_str_eq(chain.steps, steps);
	chain = (struct chain){ .lines = lines };
	ck_assert_int_eq(tell_verdict_walk(rules, n, ask, &chain), verdict);
	ck_assert_str_eq(chain.steps, steps);
}
#define EXPECT(verdict, steps, ...)                                                      \
	do {                                                                             \
		static const struct line lines[] = { __VA_ARGS__ };                      \
		expect(lines, sizeof(lines) / sizeof(lines[0]), verdict, steps);         \
	} while (0)

#define YES   TELL_SUCCESS
#define NO    TELL_DENIED
#define AWAY  TELL_UNAVAILABLE
#define LATER TELL_SPOOLED

START_TEST(required_runs_on_and_the_first_failure_counts)
{
	EXPECT(YES, "ab", { "required", 0, YES }, { "required", 0, YES });
	EXPECT(AWAY, "abc", { "required", 0, AWAY }, { "required", 0, NO },
		{ "required", 0, YES });
}
END_TEST

START_TEST(requisite_stops_at_once)
{
	EXPECT(NO, "a", { "requisite", 0, NO }, { "required", 0, YES });
	EXPECT(YES, "ab", { "requisite", 0, YES }, { "required", 0, YES });
}
END_TEST

START_TEST(sufficient_stops_with_success_unless_a_required_one_failed)
{
	EXPECT(YES, "a", { "sufficient", 0, YES }, { "required", 0, NO });
	EXPECT(YES, "ab", { "sufficient", 0, AWAY }, { "sufficient", 0, YES });
	EXPECT(NO, "ab", { "required", 0, NO }, { "sufficient", 0, YES });
	EXPECT(LATER, "a", { "sufficient", 0, LATER }, { "required", 0, NO });
}
END_TEST

START_TEST(alone_a_failing_optional_or_sufficient_one_fails)
{
	EXPECT(TELL_MUST_FAIL, "a", { "optional", 0, AWAY });
	EXPECT(TELL_MUST_FAIL, "a", { "sufficient", 0, AWAY });
	EXPECT(YES, "ab", { "optional", 0, AWAY }, { "required", 0, YES });
}
END_TEST

START_TEST(jumps_skip_lines_and_count_for_nothing)
{
	EXPECT(YES, "ac", { "success=1", 0, YES }, { "required", 0, NO },
		{ "required", 0, YES });
	EXPECT(TELL_MUST_FAIL, "a", { "success=1", 0, YES }, { "required", 0, YES });
	EXPECT(TELL_MUST_FAIL, "a", { "success=2", 0, YES }, { "required", 0, YES });
	EXPECT(YES, "acd", { "denied=1", 0, NO }, { "required", 0, NO },
		{ "required", 0, YES }, { "required", 0, YES });
}
END_TEST

START_TEST(a_substack_ends_only_itself)
{
	EXPECT(YES, "bd", { "substack", 0, 0 }, { "sufficient", 1, YES },
		{ "required", 1, NO }, { "required", 0, YES });
	EXPECT(NO, "bd", { "substack", 0, 0 }, { "requisite", 1, NO },
		{ "required", 1, YES }, { "required", 0, YES });
}
END_TEST

START_TEST(a_jump_takes_a_substack_for_one_line_and_cannot_leave_its_own)
{
	EXPECT(YES, "ae", { "success=1", 0, YES }, { "substack", 0, 0 },
		{ "required", 1, NO }, { "required", 1, NO }, { "required", 0, YES });
	EXPECT(TELL_MUST_FAIL, "bd", { "substack", 0, 0 }, { "success=2", 1, YES },
		{ "required", 1, YES }, { "required", 0, YES });
}
END_TEST

START_TEST(reset_forgets_back_to_the_start_of_the_substack)
{
	EXPECT(YES, "abc", { "required", 0, NO }, { "success=reset", 0, YES },
		{ "required", 0, YES });
	EXPECT(AWAY, "acd", { "required", 0, AWAY }, { "substack", 0, 0 },
		{ "required", 1, NO }, { "success=reset", 1, YES });
}
END_TEST

START_TEST(ignore_is_never_an_answer_of_a_chain_that_failed)
{
	EXPECT(TELL_MUST_FAIL, "a", { "ignore=bad", 0, TELL_IGNORE });
	EXPECT(TELL_IGNORE, "a", { "ignore=ok", 0, TELL_IGNORE });
	EXPECT(TELL_MUST_FAIL, "a", { "required", 0, TELL_IGNORE });
}
END_TEST

START_TEST(answers_that_are_none_are_failures)
{
	EXPECT(TELL_MUST_FAIL, "a", { "default=ok", 0, 32 });
	EXPECT(TELL_MUST_FAIL, "a", { "default=ok", 0, -1 });
}
END_TEST

START_TEST(a_chain_without_lines_fails)
{
	ck_assert_int_eq(tell_verdict_of(NULL, 0, ask, NULL), TELL_MUST_FAIL);
	ck_assert_int_eq(tell_verdict_walk(NULL, 0, ask, NULL), TELL_MUST_FAIL);
}
END_TEST

static Suite *verdict_suite(void)
{
	Suite *s = suite_create("stack/verdict");
	tell_check_add(s, "words", required_runs_on_and_the_first_failure_counts,
		requisite_stops_at_once,
		sufficient_stops_with_success_unless_a_required_one_failed,
		alone_a_failing_optional_or_sufficient_one_fails, NULL);
	tell_check_add(s, "pairs", jumps_skip_lines_and_count_for_nothing,
		a_substack_ends_only_itself,
		a_jump_takes_a_substack_for_one_line_and_cannot_leave_its_own,
		reset_forgets_back_to_the_start_of_the_substack,
		ignore_is_never_an_answer_of_a_chain_that_failed, NULL);
	tell_check_add(s, "edges", answers_that_are_none_are_failures,
		a_chain_without_lines_fails, NULL);
	return s;
}
TELL_CHECK_MAIN(verdict_suite)
