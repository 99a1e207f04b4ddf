#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <telltale/log.h>
#include <telltale/module.h>

#include "base/nearest.h"
#include "stack/stack.h"

/* `debug verdict=unavailable note="..."`: gives the answer it is told to, for every type, so
 * that a stack's control words can be tried out; pam_debug(8) for stacks. */
static const struct tell_option options[] = { { "verdict", TELL_OPTION_TEXT, "success",
						      NULL, "the answer, by its word",
						      false },
	{ "note", TELL_OPTION_TEXT, NULL, NULL, "say this through the channel", false },
	{ NULL, TELL_OPTION_TEXT, NULL, NULL, NULL, false } };

struct state {
	enum tell_verdict verdict;
	const char *note; /* the stack's; or NULL */
};

static int open_debug(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	const char *word = tell_args_text(args, "verdict");
	struct tell_nearest best = { 0 };
	for (unsigned v = 0; v < TELL_N_VERDICTS; v++) {
		const char *it = tell_verdict_word((enum tell_verdict)v);
		tell_nearest_offer(&best, word, it);
		if (strcmp(it, word) != 0)
			continue;
		struct state *s = calloc(1, sizeof(*s));
		if (!s)
			return -ENOMEM;
		s->verdict = (enum tell_verdict)v;
		s->note = tell_args_text(args, "note");
		*ret = s;
		return 0;
	}
	char fix[64] = "write success, denied, unavailable, ...";
	if (best.word)
		(void)snprintf(fix, sizeof(fix), "did you mean '%s'?", best.word);
	return tell_refuse(why, -EINVAL, "verdict", fix, "'%s' is no verdict", word);
}

static enum tell_verdict run(void *state, struct tell_run *run)
{
	const struct state *s = state;
	if (s->note)
		tell_note(run, TELL_DEBUG, "debug", "%s", s->note);
	return s->verdict;
}

const struct tell_module tell_any_debug = {
	.abi = TELL_MODULE_ABI,
	.type = "*",
	.name = "debug",
	.summary = "gives the verdict it is told to",
	.options = options,
	.open = open_debug,
	.run = run,
	.close = free,
};
