#include "stack/control.h"

#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "base/word.h"
#include "stack/stack.h"

#define JUMP_MAX INT16_MAX /* no chain is as long */

/* By number: security/_pam_types.h. */
static const char *const pam_words[TELL_N_VERDICTS] = { "success", "open_err",
	"symbol_err", "service_err", "system_err", "buf_err", "perm_denied", "auth_err",
	"cred_insufficient", "authinfo_unavail", "user_unknown", "maxtries",
	"new_authtok_reqd", "acct_expired", "session_err", "cred_unavail", "cred_expired",
	"cred_err", "no_module_data", "conv_err", "authtok_err", "authtok_recover_err",
	"authtok_lock_busy", "authtok_disable_aging", "try_again", "ignore", "abort",
	"authtok_expired", "module_unknown", "bad_item", "conv_again", "incomplete" };

static const struct {
	const char *word;
	uint8_t verdict;
} own_words[] = { { "failed", TELL_FAILED }, { "full", TELL_FULL },
	{ "denied", TELL_DENIED }, { "unavailable", TELL_UNAVAILABLE },
	{ "limited", TELL_LIMITED }, { "spooled", TELL_SPOOLED },
	{ "timeout", TELL_TIMEOUT }, { "unknown", TELL_UNKNOWN },
	{ "invalid", TELL_INVALID } };
#define N_OWN (sizeof(own_words) / sizeof(own_words[0]))

static const char *const action_words[] = { "ignore", "ok", "done", "bad", "die",
	"reset" };
#define N_ACTIONS (sizeof(action_words) / sizeof(action_words[0]))

const char *tell_verdict_word(enum tell_verdict v)
{
	for (size_t i = 0; i < N_OWN; i++) {
		if (own_words[i].verdict == v)
			return own_words[i].word;
	}
	return (unsigned)v < TELL_N_VERDICTS ? pam_words[v] : "?";
}

const char *tell_action_word(int action)
{
	if (action > 0)
		return "jump";
	return (size_t)-action < N_ACTIONS ? action_words[-action] : "?";
}

void tell_control_fill(int16_t actions[TELL_N_VERDICTS], int action)
{
	for (size_t i = 0; i < TELL_N_VERDICTS; i++)
		actions[i] = (int16_t)action;
}

/* Values that no pair has named yet. */
static void set_default(int16_t actions[TELL_N_VERDICTS], int action)
{
	for (size_t i = 0; i < TELL_N_VERDICTS; i++) {
		if (actions[i] == TELL_ACTION_UNSET)
			actions[i] = (int16_t)action;
	}
}

static const struct simple {
	const char *word;
	int8_t good, on_ignore, rest;
} simple_words[] = {
	{ "required", TELL_ACTION_OK, TELL_ACTION_IGNORE, TELL_ACTION_BAD },
	{ "requisite", TELL_ACTION_OK, TELL_ACTION_IGNORE, TELL_ACTION_DIE },
	{ "sufficient", TELL_ACTION_DONE, TELL_ACTION_IGNORE, TELL_ACTION_IGNORE },
	{ "optional", TELL_ACTION_OK, TELL_ACTION_IGNORE, TELL_ACTION_IGNORE },
};
#define N_SIMPLE (sizeof(simple_words) / sizeof(simple_words[0]))

static bool parse_simple(int16_t actions[TELL_N_VERDICTS], const char *text)
{
	for (size_t i = 0; i < N_SIMPLE; i++) {
		const struct simple *s = &simple_words[i];
		if (!tell_word_same(s->word, text))
			continue;
		tell_control_fill(actions, s->rest);
		actions[TELL_SUCCESS] = s->good;
		actions[TELL_SPOOLED] = s->good;
		actions[TELL_IGNORE] = s->on_ignore;
		return true;
	}
	return false;
}

/* isspace() of the C locale. */
static const char *skip_space(const char *s)
{
	return s + strspn(s, " \t\n\v\f\r");
}

static bool at_digit(const char *s)
{
	return *s >= '0' && *s <= '9';
}

#define VALUE_DEFAULT TELL_N_VERDICTS
#define VALUE_NONE    (TELL_N_VERDICTS + 1)

static unsigned value_of(const char *s, size_t n)
{
	for (unsigned v = 0; v < TELL_N_VERDICTS; v++) {
		if (strlen(pam_words[v]) == n && memcmp(pam_words[v], s, n) == 0)
			return v;
	}
	for (size_t i = 0; i < N_OWN; i++) {
		if (strlen(own_words[i].word) == n &&
			memcmp(own_words[i].word, s, n) == 0)
			return own_words[i].verdict;
	}
	return n == 7 && memcmp(s, "default", n) == 0 ? VALUE_DEFAULT : VALUE_NONE;
}

static const char *near_value(const char *word)
{
	struct tell_nearest best = { 0 };
	tell_nearest_offer(&best, word, "default");
	for (size_t i = 0; i < N_OWN; i++)
		tell_nearest_offer(&best, word, own_words[i].word);
	for (size_t v = 0; v < TELL_N_VERDICTS; v++)
		tell_nearest_offer(&best, word, pam_words[v]);
	return best.word;
}

static const char *near_action(const char *word)
{
	struct tell_nearest best = { 0 };
	for (size_t i = 0; i < N_ACTIONS; i++)
		tell_nearest_offer(&best, word, action_words[i]);
	return best.word;
}

static void set_fault(struct tell_control_fault *fault, const char *text, const char *at,
	const char *what)
{
	size_t n = strcspn(at, " \t\n\v\f\r=");
	if (n >= sizeof(fault->word))
		n = sizeof(fault->word) - 1;
	fault->what = what;
	fault->at = (size_t)(at - text);
	memcpy(fault->word, at, n);
	fault->word[n] = '\0';
}

/* Reads an action or a jump at *s and steps behind it. As in libpam the next pair may
 * follow without a blank. False: neither. */
static bool parse_action(const char **s, int *ret)
{
	for (size_t i = 0; i < N_ACTIONS; i++) {
		size_t n = strlen(action_words[i]);
		if (strncmp(*s, action_words[i], n) != 0)
			continue;
		*s += n;
		*ret = -(int)i;
		return true;
	}
	int lines = 0;
	for (; at_digit(*s); ++*s) {
		lines = lines * 10 + (**s - '0');
		if (lines > JUMP_MAX)
			lines = JUMP_MAX;
	}
	*ret = lines;
	return lines > 0;
}

static bool parse_pair(int16_t actions[TELL_N_VERDICTS], const char *text,
	const char **at, struct tell_control_fault *fault)
{
	const char *s = *at;
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz_");
	unsigned value = value_of(s, n);
	if (value == VALUE_NONE) {
		set_fault(fault, text, s, "unknown value");
		fault->near = near_value(fault->word);
		return false;
	}
	s = skip_space(s + n);
	if (*s != '=') {
		set_fault(fault, text, s, "'=' is missing before");
		return false;
	}
	s = skip_space(s + 1);
	int action;
	const char *word = s;
	if (!parse_action(&s, &action)) {
		set_fault(fault, text, word, "unknown action");
		fault->near = near_action(fault->word);
		return false;
	}
	if (value == VALUE_DEFAULT)
		set_default(actions, action);
	else
		actions[value] = (int16_t)action;
	*at = s;
	return true;
}

/* One word without '=': rather a misspelled `required` than a pair. */
static void set_word_fault(struct tell_control_fault *fault, const char *text)
{
	static const char *const words[] = { "required", "requisite", "sufficient",
		"optional", "include", "substack", NULL };
	if (strpbrk(text, "= \t"))
		return;
	set_fault(fault, text, text, "unknown control word");
	fault->near = tell_nearest_of(text, words);
	fault->is_word = true;
}

enum tell_control tell_control_parse(int16_t actions[TELL_N_VERDICTS], const char *text,
	struct tell_control_fault *fault)
{
	*fault = (struct tell_control_fault){ 0 };
	tell_control_fill(actions, TELL_ACTION_UNSET);
	if (parse_simple(actions, text))
		return TELL_CONTROL_ACTIONS;
	if (tell_word_same("include", text) || tell_word_same("substack", text)) {
		tell_control_fill(actions, TELL_ACTION_BAD);
		return tell_word_same("include", text) ? TELL_CONTROL_INCLUDE
						       : TELL_CONTROL_SUBSTACK;
	}
	for (const char *s = skip_space(text); *s; s = skip_space(s)) {
		if (!parse_pair(actions, text, &s, fault)) {
			tell_control_fill(actions, TELL_ACTION_BAD);
			set_word_fault(fault, text);
			return TELL_CONTROL_ACTIONS;
		}
	}
	set_default(actions, TELL_ACTION_BAD);
	return TELL_CONTROL_ACTIONS;
}
