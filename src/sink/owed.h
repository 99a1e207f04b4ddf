#pragma once
#include <stddef.h>
#include "base/buf.h"
#include "sink/recent.h"

/* Frames that a stream has taken and its connection has not: gathered for one send, cut off by
 * a deadline, or to go again as nobody acknowledged them.
 *
 * Shape:   whole frames in order, and the length of each; `at` bytes of the first are gone.
 * Limit:   TELL_OWED_BYTES.
 * Threads: one owner at a time. */
#define TELL_OWED_BYTES ((size_t)8 << 20)

struct tell_owed {
	struct tell_buf bytes;
	struct tell_buf lens; /* uint32_t each */
	size_t at;
};

void tell_owed_init(struct tell_owed *o);
void tell_owed_done(struct tell_owed *o);
void tell_owed_clear(struct tell_owed *o);

size_t tell_owed_frames(const struct tell_owed *o);

/* One more frame, behind the others: 0, or -ENOMEM and all is as it was. */
int tell_owed_add(struct tell_owed *o, const char *frame, size_t len);

/* `at` has grown: frames that are out to their last byte are recent now, and owed no more. */
void tell_owed_settle(struct tell_owed *o, struct tell_recent *recent);

/* The connection is gone: the newest frames of recent that hold `unacked` bytes beside the
 * `at` that are ours go again, first; all is whole again. */
void tell_owed_again(
	struct tell_owed *o, const struct tell_recent *recent, size_t unacked);
