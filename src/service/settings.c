#include <errno.h>
#include <telltale/module.h>

#include "record/record.h"

/* `service required settings limit=1MiB control=yes`: what holds for all lines. The stack
 * reads the values from the line itself; here they are only checked. */
#define LIMIT_MIN ((uint64_t)1024)

static const struct tell_option options[] = { { "limit", TELL_OPTION_SIZE, "64KiB", NULL,
						      "bytes a record, 1KiB to 4MiB",
						      false },
	{ "env", TELL_OPTION_CHOICE, "own", "own legacy",
		"legacy: LOG_LEVEL and DEBUG are read as TELLTALE_LEVEL is", false },
	{ "reload", TELL_OPTION_CHOICE, "auto", "auto no",
		"auto: a changed stack file is noticed by the service thread", false },
	{ "sighup", TELL_OPTION_BOOL, "no", NULL,
		"the stack is loaded anew at SIGHUP, if the program leaves it alone",
		false },
	{ "control", TELL_OPTION_BOOL, NULL, NULL,
		"a socket for telltale ctl and status; not given: where a thread is needed anyway",
		false },
	{ NULL, TELL_OPTION_TEXT, NULL, NULL, NULL, false } };

static int open_settings(
	void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	*ret = NULL;
	uint64_t limit = tell_args_u64(args, "limit");
	if (limit < LIMIT_MIN || limit > TELL_RECORD_LIMIT_MAX)
		return tell_refuse(why, -ERANGE, "limit",
			"write a size from 1KiB to 4MiB", "limit=%s is out of range",
			tell_args_text(args, "limit"));
	return 0;
}

static enum tell_verdict run(void *state, struct tell_run *run)
{
	(void)state;
	(void)run;
	return TELL_SUCCESS;
}

const struct tell_module tell_service_settings = {
	.abi = TELL_MODULE_ABI,
	.type = "service",
	.name = "settings",
	.summary = "what holds for all lines of the stack",
	.options = options,
	.open = open_settings,
	.run = run,
};
