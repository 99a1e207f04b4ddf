#include "sink/recent.h"

#include <stdint.h>
#include <string.h>

#define ROOM (2 * TELL_RECENT_BYTES) /* so that moving to the front is seldom */

void tell_recent_init(struct tell_recent *r)
{
	tell_buf_init(&r->bytes, ROOM);
	r->first = 0;
}

void tell_recent_done(struct tell_recent *r)
{
	tell_buf_done(&r->bytes);
	r->first = 0;
}

void tell_recent_clear(struct tell_recent *r)
{
	tell_buf_clear(&r->bytes);
	r->first = 0;
}

/* The length of the frame at `at`; behind its four bytes the frame. */
static size_t len_at(const struct tell_recent *r, size_t at)
{
	uint32_t len;

	memcpy(&len, r->bytes.data + at, sizeof(len));
	return len;
}

static void forget_oldest(struct tell_recent *r)
{
	while (r->bytes.len - r->first > TELL_RECENT_BYTES)
		r->first += sizeof(uint32_t) + len_at(r, r->first);
	if (r->first < TELL_RECENT_BYTES / 2)
		return;
	r->bytes.len -= r->first;
	memmove(r->bytes.data, r->bytes.data + r->first, r->bytes.len);
	r->first = 0;
}

void tell_recent_add(struct tell_recent *r, const char *frame, size_t len)
{
	uint32_t prefix = (uint32_t)len;

	if (len == 0 || len > TELL_RECENT_BYTES / 2)
		return;
	if (!tell_buf_reserve(&r->bytes, sizeof(prefix) + len)) {
		tell_recent_clear(r); /* memory is out: then without */
		return;
	}
	tell_buf_put(&r->bytes, &prefix, sizeof(prefix));
	tell_buf_put(&r->bytes, frame, len);
	forget_oldest(r);
}

size_t tell_recent_tail(const struct tell_recent *r, size_t unacked, struct tell_buf *out,
	struct tell_buf *lens)
{
	size_t n_frames = 0, n_again = 0, total = 0, at;

	for (at = r->first; at < r->bytes.len; at += sizeof(uint32_t) + len_at(r, at))
		n_frames++;
	total = r->bytes.len - r->first - n_frames * sizeof(uint32_t);
	/* Leave out, from the oldest on, what is acknowledged to its last byte. */
	for (at = r->first; at < r->bytes.len; at += sizeof(uint32_t) + len_at(r, at)) {
		size_t len = len_at(r, at);
		if (total - len < unacked) {
			tell_buf_put(lens, r->bytes.data + at, sizeof(uint32_t));
			tell_buf_put(out, r->bytes.data + at + sizeof(uint32_t), len);
			n_again++;
		}
		total -= len;
	}
	return n_again;
}
