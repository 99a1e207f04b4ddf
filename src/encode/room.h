#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include "base/buf.h"

/* Writing with a bare pointer into a buffer: room is asked for once a field, in advance.
 *
 * Shape:   p is where the next byte goes, NULL once there was no room; such a NULL goes
 *          through every writer here unharmed, and ends as nothing written and out->cut.
 *          Between fields there are TELL_SLACK bytes of room, enough for any name with its
 *          marks and any number; so an encoder gives up that many bytes before the limit.
 * Threads: one owner of out. */
#define TELL_SLACK ((size_t)256)

/* Slow half of tell_room(). */
char *tell_room_grow(struct tell_buf *out, char *p, size_t n);

/* Is there room for n more bytes at p already? For a NULL there is: it is farther from the
 * end than any n, so it needs no test of its own. */
static inline bool tell_room_is(const struct tell_buf *out, const char *p, size_t n)
{
	return __builtin_expect(n <= (uintptr_t)out->data + out->cap - (uintptr_t)p, 1);
}

/* Room for n more bytes at p: p, moved along with the memory, or NULL. */
static inline char *tell_room(struct tell_buf *out, char *p, size_t n)
{
	return tell_room_is(out, p, n) ? p : tell_room_grow(out, p, n);
}

/* Where out ends now, with room for n bytes, n > 0: an empty buffer is nowhere. */
static inline char *tell_room_begin(struct tell_buf *out, size_t n)
{
	return tell_buf_reserve(out, n) ? out->data + out->len : NULL;
}

/* All is written up to p; with NULL back to how it was, start bytes long, and cut. */
static inline void tell_room_end(struct tell_buf *out, char *p, size_t start)
{
	out->len = p ? (size_t)(p - out->data) : start;
	out->cut |= !p;
}

/* A literal; its length is known when compiling. */
#define TELL_PUT(p, literal) tell_put_bytes((p), "" literal "", sizeof(literal) - 1)

static inline char *tell_put_bytes(char *p, const void *bytes, size_t n)
{
	memcpy(p, bytes, n);
	return p + n;
}

/* The same in blocks of 32, where both sides have TELL_PUT_SPARE bytes more than n. */
#define TELL_PUT_SPARE 32
static inline char *tell_put_blocks(char *p, const char *bytes, size_t n)
{
	char *end = p + n;
	for (; p < end; p += TELL_PUT_SPARE, bytes += TELL_PUT_SPARE)
		memcpy(p, bytes, TELL_PUT_SPARE);
	return end;
}
