/* telltale forward where libsystemd was missing when it was built. */
#include <sysexits.h>
#include "tool/verbs.h"

static int run(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return tell_cli_error(EX_UNAVAILABLE, "forward",
		"built without libsystemd, so it cannot read a journal");
}

const struct tell_verb tell_verb_forward = {
	.name = "forward",
	.group = "Ship",
	.summary = "not in this build: libsystemd was missing",
	.operands = "",
	.options = (const struct tell_cli_option[]){ { 0 } },
	.examples = "",
	.run = run,
};
