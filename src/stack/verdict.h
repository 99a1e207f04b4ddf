#pragma once
#include <stddef.h>
#include <stdint.h>
#include <telltale/module.h>

/* How the answers of a chain's lines become one: Linux-PAM's rules, and nothing else.
 *
 * Shape:   a chain is an array of rules; level says how many substacks deep a rule stands,
 *          TELL_RULE_FRAME opens one.
 * Threads: pure functions.
 * Source:  pam.conf(5); libpam is the oracle in tests/stack/check_pam_oracle.c. */
#define TELL_LEVELS_MAX 16

enum {
	TELL_ACTION_IGNORE = 0, /* positive: jump over so many lines */
	TELL_ACTION_OK = -1,
	TELL_ACTION_DONE = -2,
	TELL_ACTION_BAD = -3,
	TELL_ACTION_DIE = -4,
	TELL_ACTION_RESET = -5,
	TELL_ACTION_UNSET = -6
};

enum tell_rule_kind {
	TELL_RULE_MODULE,
	TELL_RULE_FRAME,    /* a substack begins: never asked */
	TELL_RULE_MUST_FAIL /* a line that is no line: answers TELL_DENIED */
};

struct tell_rule {
	int16_t actions[TELL_N_VERDICTS];
	uint8_t level;
	uint8_t kind; /* enum tell_rule_kind */
};

/* What a line that must fail answers, and what a chain without a decision is:
 * PAM_PERM_DENIED. */
#define TELL_MUST_FAIL TELL_DENIED

/* Ask line i. Answers outside 0..31 count as a failure. */
typedef enum tell_verdict tell_rule_fn(void *arg, size_t i);

/* Walk the chain. n == 0: TELL_MUST_FAIL, so ask before. */
enum tell_verdict tell_verdict_of(
	const struct tell_rule *rules, size_t n, tell_rule_fn *ask, void *arg);

/* The rest of a walk, from line i on: those before it said success, and it counted. given
 * is what line i has said already, -1: not asked yet. */
enum tell_verdict tell_verdict_rest(const struct tell_rule *rules, size_t n, size_t i,
	int given, tell_rule_fn *ask, void *arg);

/* tell_verdict_of() for who walks chains all the time: as long as lines say success and
 * their rules agree, which nearly all do, there is nothing to remember. */
static inline __attribute__((always_inline)) enum tell_verdict tell_verdict_walk(
	const struct tell_rule *rules, size_t n, tell_rule_fn *ask, void *arg)
{
	for (size_t i = 0; i < n; i++) {
		if (rules[i].level || rules[i].kind == TELL_RULE_FRAME)
			return tell_verdict_rest(rules, n, i, -1, ask, arg);
		enum tell_verdict v = ask(arg, i);
		if ((unsigned)v >= TELL_N_VERDICTS)
			return tell_verdict_rest(rules, n, i, TELL_N_VERDICTS, ask, arg);
		int action = rules[i].actions[v];
		if (action == TELL_ACTION_DONE ||
			(action == TELL_ACTION_OK && i + 1 == n))
			return v;
		if (action != TELL_ACTION_OK || v != TELL_SUCCESS)
			return tell_verdict_rest(rules, n, i, (int)v, ask, arg);
	}
	return n ? TELL_SUCCESS : TELL_MUST_FAIL;
}
