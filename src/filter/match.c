#include <errno.h>
#include "filter/module.h"
#include "record/expr.h"

/* filter match: success for records that an expression holds for. The state is the
 * expression itself.
 *
 * Threads: evaluated by any number at once. */
static const struct tell_option options[] = {
	{ "when", TELL_OPTION_EXPR, NULL, NULL,
		"what a record must be like: [when=status>=500 and not path~\"^/health\"]",
		true },
	{ 0 },
};

static int open_match(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	struct tell_expr *e = NULL;
	struct tell_expr_error error;
	int r = tell_expr_new(&e, tell_args_text(args, "when"), &error);
	if (r < 0)
		return tell_refuse(why, r, "when", error.fix,
			"%s, in column %u of when=", error.what, error.column);
	*ret = e;
	return 0;
}

static enum tell_verdict run_match(void *state, struct tell_run *run)
{
	return tell_expr_match(state, run->record, run->who) ? TELL_SUCCESS : TELL_DENIED;
}

static void close_match(void *state)
{
	tell_expr_free(state);
}

const struct tell_module tell_filter_match = {
	TELL_MODULE_ABI,
	"filter",
	"match",
	"keeps records that an expression holds for",
	.options = options,
	.open = open_match,
	.run = run_match,
	.close = close_match,
};
