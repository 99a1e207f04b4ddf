#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "forward/pipe.h"

/* What `telltale forward` was asked for.
 *
 * Threads: one. */
struct tell_forward {
	struct tell_pipe_wish wish; /* text: NULL, or the short form's stack */
	bool quiet, verbose;
};

/* Check every way, then run each: one in this process, several in a child each. An exit code. */
int tell_forward_run(struct tell_forward *f);
