#include "stack/verdict.h"

#include <stdbool.h>

enum impression { UNDECIDED, POSITIVE, NEGATIVE };

struct state {
	enum impression impression;
	enum tell_verdict verdict;
};

/* The last line of this frame, seen from i. */
static size_t end_of_frame(const struct tell_rule *rules, size_t n, size_t i)
{
	uint8_t level = rules[i].level;
	while (i + 1 < n && rules[i + 1].level >= level)
		i++;
	return i;
}

/* The line before the target of a jump over `count` lines; a substack is one line and a
 * jump cannot leave its frame. *ret_left: lines that were not there. */
static size_t jump(
	const struct tell_rule *rules, size_t n, size_t i, int count, int *ret_left)
{
	uint8_t level = rules[i].level;
	for (; count > 0 && i + 1 < n && rules[i + 1].level >= level; count--) {
		do
			i++;
		while (i + 1 < n && rules[i + 1].level > level);
	}
	*ret_left = count;
	return i;
}

/* Good answers count while nothing went wrong. True: the frame is decided. */
static bool agree(struct state *s, enum tell_verdict v, bool done)
{
	if (s->impression == UNDECIDED ||
		(s->impression == POSITIVE && s->verdict == TELL_SUCCESS))
		*s = (struct state){ POSITIVE, v };
	return done && s->impression == POSITIVE;
}

/* The first failure stays; `ignore` is not an answer a chain may give. */
static void object(struct state *s, enum tell_verdict v)
{
	if (s->impression != NEGATIVE)
		*s = (struct state){ NEGATIVE, v == TELL_IGNORE ? TELL_MUST_FAIL : v };
}

enum tell_verdict tell_verdict_rest(const struct tell_rule *rules, size_t n, size_t i,
	int given, tell_rule_fn *ask, void *arg)
{
	struct state now = { UNDECIDED, TELL_MUST_FAIL };
	if (i > 0)
		now = (struct state){ POSITIVE, TELL_SUCCESS };
	/* Set when a frame of that level opens; zeroing it each time would cost as much as
	 * the walk (-ftrivial-auto-var-init). */
	struct state entered[TELL_LEVELS_MAX] __attribute__((uninitialized));
	entered[0] = (struct state){ UNDECIDED, TELL_MUST_FAIL };
	uint8_t last_level = 0;

	for (; i < n; i++) {
		const struct tell_rule *rule = &rules[i];
		if (last_level < rule->level)
			entered[rule->level] = now;
		last_level = rule->level;
		if (rule->kind == TELL_RULE_FRAME)
			continue;

		enum tell_verdict v = given < 0 ? ask(arg, i) : (enum tell_verdict)given;
		given = -1;
		int action = TELL_ACTION_BAD;
		if ((unsigned)v < TELL_N_VERDICTS)
			action = rule->actions[v];
		else
			v = TELL_MUST_FAIL;

		switch (action) {
		case TELL_ACTION_IGNORE:
			break;
		case TELL_ACTION_OK:
		case TELL_ACTION_DONE:
			if (agree(&now, v, action == TELL_ACTION_DONE))
				i = end_of_frame(rules, n, i);
			break;
		case TELL_ACTION_BAD:
			object(&now, v);
			break;
		case TELL_ACTION_DIE:
			object(&now, v);
			i = end_of_frame(rules, n, i);
			break;
		case TELL_ACTION_RESET:
			now = entered[rule->level];
			break;
		default: /* a jump; nothing there to land on is a failure of its own */
			i = jump(rules, n, i, action, &action);
			if (action != 0)
				now = (struct state){ NEGATIVE, TELL_MUST_FAIL };
		}
	}
	if (now.verdict == TELL_SUCCESS && now.impression != POSITIVE)
		return TELL_MUST_FAIL;
	return now.verdict;
}

enum tell_verdict tell_verdict_of(
	const struct tell_rule *rules, size_t n, tell_rule_fn *ask, void *arg)
{
	return tell_verdict_rest(rules, n, 0, -1, ask, arg);
}
