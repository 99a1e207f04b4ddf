#pragma once
#include <stdbool.h>
#include "base/buf.h"
#include "forward/board.h"

/* How far each way is, for people: a line on a terminal each, or in a log.
 *
 *	[#########-----------]  47%  12345 sent, 310/s, 2 min 5 s left
 *	12345 sent, 310/s, up to date
 *
 * Threads: one owner; several processes share a terminal by the board's lock. */

/* What a rate is made of. */
struct tell_pace {
	uint64_t from_ns, from_sent, rate;
	uint64_t began_ns; /* to be behind */
};

/* A line without its end. name: in front; bar: one is wanted, where there is something to read;
 * utf8: of blocks, else of signs. now_ns: CLOCK_MONOTONIC. */
struct tell_progress_look {
	bool name, bar, utf8;
};
void tell_progress_line(struct tell_buf *out, const struct tell_way *w,
	struct tell_pace *pace, struct tell_progress_look look, uint64_t now_ns);

/* On stderr, which is a terminal, in place of what was drawn before. */
void tell_progress_draw(struct tell_board *b, struct tell_pace *paces);

/* The same lines no longer stand there: something else is written. In between the lock is held. */
void tell_progress_begin(struct tell_board *b);
void tell_progress_end(struct tell_board *b);
