#include <errno.h>
#include <stdlib.h>
#include "filter/module.h"
#include "record/record.h"

/* filter level: success for records at least as bad as min, and for those that a rule of
 * tell_level_set() let on, whatever their level: whoever switched a site on wants to see
 * it. The stack reads min as well: sites below it are off and make no record at all.
 *
 * Threads: the state never changes. */
struct level {
	int min;
};

static const struct tell_option options[] = {
	{ "min", TELL_OPTION_LEVEL, "info", NULL, "the least bad level that is kept",
		false },
	{ 0 },
};

static int open_level(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	(void)why;
	struct level *l = malloc(sizeof(*l));
	if (!l)
		return -ENOMEM;
	l->min = (int)tell_args_u64(args, "min");
	*ret = l;
	return 0;
}

static enum tell_verdict run_level(void *state, struct tell_run *run)
{
	const struct level *l = state;
	const struct tell_head *h = run->record->head;
	if (h->level <= l->min || (h->flags & TELL_RECORD_FORCED))
		return TELL_SUCCESS;
	return TELL_DENIED;
}

const struct tell_module tell_filter_level = {
	TELL_MODULE_ABI,
	"filter",
	"level",
	"keeps records of a level and worse ones",
	.options = options,
	.open = open_level,
	.run = run_level,
	.close = free,
};
