#include <telltale/module.h>

/* `deny`: says no, for every type. */
static enum tell_verdict run(void *state, struct tell_run *run)
{
	(void)state;
	(void)run;
	return TELL_DENIED;
}

const struct tell_module tell_any_deny = {
	.abi = TELL_MODULE_ABI,
	.type = "*",
	.name = "deny",
	.summary = "always denied",
	.run = run,
};
