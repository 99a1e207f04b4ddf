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
	bool terminal; /* progress is drawn on stderr; set here */
};

struct tell_board;

/* Open a way as it is wished: 0, TELL_FORWARD_ENDS when it was told to end meanwhile, or an exit
 * code, said. */
#define TELL_FORWARD_ENDS -1
int tell_forward_open(struct tell_pipe *p, const struct tell_pipe_wish *wish);

/* Run the i-th, whose numbers are the board's; several: in a child, beside others. An exit code. */
int tell_forward_way(struct tell_forward *f, struct tell_board *board, size_t i,
	size_t n_sinks, bool several);

/* Be a service: what the ways count are its metrics, how they are its health. A run that sends
 * nothing is none. */
void tell_forward_serve(const struct tell_forward *f, struct tell_board *board);

/* Check every way, then run each: one in this process, several in a child each. An exit code. */
int tell_forward_run(struct tell_forward *f);
