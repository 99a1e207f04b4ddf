#include "sink/owed.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

void tell_owed_init(struct tell_owed *o)
{
	tell_buf_init(&o->bytes, TELL_OWED_BYTES);
	tell_buf_init(&o->lens, TELL_OWED_BYTES);
	o->at = 0;
}

void tell_owed_done(struct tell_owed *o)
{
	tell_buf_done(&o->bytes);
	tell_buf_done(&o->lens);
	o->at = 0;
}

void tell_owed_clear(struct tell_owed *o)
{
	tell_buf_clear(&o->bytes);
	tell_buf_clear(&o->lens);
	o->at = 0;
}

size_t tell_owed_frames(const struct tell_owed *o)
{
	return o->lens.len / sizeof(uint32_t);
}

int tell_owed_add(struct tell_owed *o, const char *frame, size_t len)
{
	uint32_t n = (uint32_t)len;

	if (!tell_buf_reserve(&o->bytes, len) || !tell_buf_reserve(&o->lens, sizeof(n))) {
		o->bytes.cut = o->lens.cut = false;
		return -ENOMEM;
	}
	tell_buf_put(&o->bytes, frame, len);
	tell_buf_put(&o->lens, &n, sizeof(n));
	return 0;
}

static void forget_front(struct tell_buf *b, size_t n)
{
	b->len -= n;
	if (n && b->len)
		memmove(b->data, b->data + n, b->len);
}

void tell_owed_settle(struct tell_owed *o, struct tell_recent *recent)
{
	size_t n = 0, bytes = 0, n_frames = tell_owed_frames(o);
	uint32_t len;

	for (; n < n_frames; n++) {
		memcpy(&len, o->lens.data + n * sizeof(len), sizeof(len));
		if (bytes + len > o->at)
			break;
		tell_recent_add(recent, o->bytes.data + bytes, len);
		bytes += len;
	}
	o->at -= bytes;
	forget_front(&o->bytes, bytes);
	forget_front(&o->lens, n * sizeof(len));
}

void tell_owed_again(
	struct tell_owed *o, const struct tell_recent *recent, size_t unacked)
{
	struct tell_owed again;

	if (unacked > o->at && recent->bytes.len) {
		tell_owed_init(&again);
		(void)tell_recent_tail(
			recent, unacked - o->at, &again.bytes, &again.lens);
		tell_buf_put(&again.bytes, o->bytes.data, o->bytes.len);
		tell_buf_put(&again.lens, o->lens.data, o->lens.len);
		if (again.bytes.cut || again.lens.cut) { /* memory is out: then without */
			tell_owed_done(&again);
		} else {
			tell_owed_done(o);
			*o = again;
		}
	}
	o->at = 0;
}
