#include "meter/limit.h"
#include <errno.h>
#include "meter/registry.h"
#include "metric/module.h"

/* metric limit name=agent_steps series=200: so many series of a metric, the others are "other". */
static const struct tell_option options[] = {
	{ "name", TELL_OPTION_TEXT, TELL_LIMIT_ALL, NULL,
		"the metric; * is all that have no line of their own", false },
	{ "series", TELL_OPTION_COUNT, NULL, NULL, "how many it has at most, 1 to 10000",
		true },
	{ NULL, TELL_OPTION_TEXT, NULL, NULL, NULL, false }
};

static int open_limit(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	struct tell_limit *l = NULL;
	const char *name = tell_args_text(args, "name");
	uint64_t series = tell_args_u64(args, "series");
	if (series == 0 || series > TELL_LIMIT_MOST)
		return tell_refuse(why, -ERANGE, "series",
			"write a number from 1 to 10000", "series=%s is out of range",
			tell_args_text(args, "series"));
	int r = tell_limit_new(&l, name, series);
	if (r == -EINVAL)
		return tell_refuse(why, r, "name",
			"write a metric's name, as in agent_steps_total, or *",
			"\"%s\" can be no metric's name", name);
	if (r < 0)
		return tell_refuse(why, r, NULL, NULL, "memory is out");
	*ret = l;
	return 0;
}

static enum tell_verdict run(void *state, struct tell_run *run)
{
	(void)state, (void)run;
	return TELL_IGNORE;
}

static void close_limit(void *state)
{
	(void)tell_limit_free(state); /* NULL */
}

const struct tell_module tell_metric_limit = {
	TELL_MODULE_ABI,
	"metric",
	"limit",
	"says how many series a metric may have",
	.options = options,
	.open = open_limit,
	.run = run,
	.close = close_limit,
};
