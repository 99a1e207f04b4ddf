#include <unistd.h>

#include "sink/console.h"
#include "sink/module.h"

static int open_stderr(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	(void)why; /* whatever fd 2 is, or becomes, is fine */
	return tell_console_open(ret, args, STDERR_FILENO);
}

const struct tell_module tell_sink_stderr = {
	TELL_MODULE_ABI,
	"sink",
	"stderr",
	"writes to the process's standard error",
	.options = tell_console_options,
	.open = open_stderr,
	.run = tell_console_run,
	.close = tell_console_close,
	.reopen = tell_console_reopen,
	.child = tell_console_child,
};
