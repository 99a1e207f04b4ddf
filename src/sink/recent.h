#pragma once
#include <stddef.h>
#include "base/buf.h"

/* The frames given to a connection last: when it breaks, those that the peer's kernel did
 * not acknowledge are sent again on the next one. One may then arrive twice (its
 * acknowledgement was lost), none is lost but what the peer's program had not read.
 *
 * Shape:   frames in order, each behind its length; the oldest are forgotten first.
 * Limit:   TELL_RECENT_BYTES, which is also what the socket is told to hold at most.
 * Threads: one owner at a time. Source: tcp(7), SIOCOUTQ. */
#define TELL_RECENT_BYTES ((size_t)1 << 20)

struct tell_recent {
	struct tell_buf bytes;
	size_t first; /* where the oldest frame kept begins */
};

void tell_recent_init(struct tell_recent *r);
void tell_recent_done(struct tell_recent *r);
void tell_recent_clear(struct tell_recent *r);

/* A frame the kernel took whole. One that is too large is not kept. */
void tell_recent_add(struct tell_recent *r, const char *frame, size_t len);

/* Append the newest frames that hold the last `unacked` bytes, oldest first, and the length of
 * each to lens (uint32_t); how many. */
size_t tell_recent_tail(const struct tell_recent *r, size_t unacked, struct tell_buf *out,
	struct tell_buf *lens);
