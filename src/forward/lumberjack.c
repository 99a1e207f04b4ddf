#include "forward/lumberjack.h"
#include <signal.h>
#include <string.h>

#define WINDOW_BYTES 6

static void put_u32(struct tell_buf *out, uint32_t n)
{
	const unsigned char bytes[4] = { (unsigned char)(n >> 24),
		(unsigned char)(n >> 16), (unsigned char)(n >> 8), (unsigned char)n };
	tell_buf_put(out, bytes, sizeof(bytes));
}

static void put_head(struct tell_buf *out, const char *kind, uint32_t n)
{
	tell_buf_put(out, kind, 2);
	put_u32(out, n);
}

static void put_events(struct tell_buf *out, const struct tell_buf *lines)
{
	const char *at = lines->data, *end = at + lines->len;
	for (uint32_t seq = 1; at < end; seq++) {
		const char *lf = memchr(at, '\n', (size_t)(end - at));
		size_t len = (size_t)((lf ? lf : end) - at);
		put_head(out, "2J", seq);
		put_u32(out, (uint32_t)len);
		tell_buf_put(out, at, len);
		at += len + 1;
	}
}

bool tell_lumberjack_window(struct tell_buf *out, const struct tell_buf *lines, size_t n,
	struct tell_packer *pack)
{
	struct tell_buf plain = { 0 };
	put_head(out, "2W", (uint32_t)n);
	if (!pack) {
		put_events(out, lines);
		return !out->cut;
	}
	tell_buf_init(&plain, 0);
	put_events(&plain, lines);
	size_t begin = out->len;
	put_head(out, "2C", 0);
	bool packed = !plain.cut && tell_packer_put(pack, plain.data, plain.len, out);
	if (packed) { /* its length is known now */
		struct tell_buf len = { 0 };
		tell_buf_init(&len, 0);
		put_u32(&len, (uint32_t)(out->len - begin - WINDOW_BYTES));
		packed = !len.cut && !out->cut;
		if (packed)
			memcpy(out->data + begin + 2, len.data, len.len);
		tell_buf_done(&len);
	}
	tell_buf_done(&plain);
	return packed;
}

/* ---- acknowledgements ---- */

static bool take_one(struct tell_acks *a)
{
	const unsigned char *p = a->part;
	uint32_t n = (uint32_t)p[2] << 24 | (uint32_t)p[3] << 16 | (uint32_t)p[4] << 8 |
		p[5];
	a->have = 0;
	a->busy = n == 0;
	if (p[0] != '2' || p[1] != 'A' || n > a->window)
		return false;
	if (n > a->last)
		a->last = n;
	return true;
}

bool tell_acks_take(struct tell_acks *a, const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		a->part[a->have++] = bytes[i];
		if (a->have == sizeof(a->part) && !take_one(a))
			return false;
	}
	return true;
}

/* A reader that is at work may be so for long: who ends us need not wait for it. */
static bool told_to_stop(void)
{
	sigset_t pending;
	return sigpending(&pending) == 0 &&
		(sigismember(&pending, SIGTERM) == 1 ||
			sigismember(&pending, SIGINT) == 1);
}

static bool await_acks(struct tell_link *link, struct tell_acks *a)
{
	unsigned char bytes[600];
	while (a->last < a->window) {
		size_t n = tell_link_read(link, bytes, sizeof(bytes));
		if (n == 0)
			return false;
		if (!tell_acks_take(a, bytes, n)) {
			tell_link_fail(link, "what it answers is no lumberjack");
			return false;
		}
		if (a->busy && told_to_stop()) {
			tell_link_fail(link, "it was still at work");
			return false;
		}
	}
	return true;
}

void tell_lumberjack_send(struct tell_link *link, struct tell_packer *pack,
	const struct tell_buf *lines, size_t n, struct tell_buf *scratch,
	struct tell_answer *ret)
{
	struct tell_acks acks = { .window = (uint32_t)n };
	tell_buf_clear(scratch);
	if (!tell_lumberjack_window(scratch, lines, n, pack)) {
		tell_answer_set(ret, n > 1 ? TELL_ANSWER_LARGE : TELL_ANSWER_LATER,
			"no memory for a request");
		return;
	}
	if (tell_link_connect(link) &&
		tell_link_write(link, scratch->data, scratch->len) &&
		await_acks(link, &acks)) {
		ret->kind = TELL_ANSWER_TAKEN;
		return;
	}
	/* The next one begins a window of its own, on another connection. */
	tell_answer_set(ret, TELL_ANSWER_LATER, "%s", link->why);
	ret->taken = acks.last;
}
