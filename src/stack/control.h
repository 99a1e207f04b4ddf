#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "stack/verdict.h"

/* The second word of a line: what its module's answer does to the chain.
 *
 * Rules:   the six words in any case; else pairs value=action, values and actions in lower
 *          case. Values are our words for verdicts and all 32 of libpam; `default` is for
 *          values not named so far. What is never named is bad.
 * Threads: pure functions.
 * Source:  pam.conf(5). As libpam reads them: a wrong pair makes all actions bad, and the
 *          module is still asked. */
enum tell_control {
	TELL_CONTROL_ACTIONS, /* required ... optional, and [value=action] */
	TELL_CONTROL_INCLUDE,
	TELL_CONTROL_SUBSTACK
};

struct tell_control_fault {
	const char *what; /* NULL: none. "unknown value", "expected '='", ... */
	size_t at;	  /* offset in the text */
	char word[48];	  /* what stands there */
	const char *near; /* what it should perhaps be; or NULL */
	bool is_word;	  /* the whole control is one unknown word */
};

enum tell_control tell_control_parse(int16_t actions[TELL_N_VERDICTS], const char *text,
	struct tell_control_fault *fault);

/* All of them the same: for lines that must fail. */
void tell_control_fill(int16_t actions[TELL_N_VERDICTS], int action);

/* "ok", "done", ...; "jump" for jumps. */
const char *tell_action_word(int action);
