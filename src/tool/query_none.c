/* telltale query where libsystemd was missing when it was built. */
#include <sysexits.h>
#include "tool/verbs.h"

static int run(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return tell_cli_error(EX_UNAVAILABLE, "query",
		"built without libsystemd; journalctl and jq read the same records");
}

const struct tell_verb tell_verb_query = {
	.name = "query",
	.group = "Daily",
	.summary = "not in this build: libsystemd was missing",
	.operands = "",
	.options = (const struct tell_cli_option[]){ { 0 } },
	.examples = "",
	.run = run,
};
