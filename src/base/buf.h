#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A growing run of bytes: what every encoder writes into.
 *
 * Shape:   data[0..len), cap bytes held, never more than limit. Reused by its owner:
 *          clear keeps the memory. Not NUL-terminated; tell_buf_cstr() gives that.
 * Limit:   set at init, in bytes. What does not fit is left out and `cut` is set;
 *          nothing fails later because of it. A failed malloc is a cut as well.
 * Threads: one owner at a time. */
struct tell_buf {
	char *data;
	size_t len, cap, limit;
	bool cut; /* something was left out since the last clear */
};

/* An empty buffer that holds nothing yet; limit 0 means 64 MiB. Cannot fail. */
void tell_buf_init(struct tell_buf *b, size_t limit);

/* Frees the memory; the buffer may be used again. A zeroed struct is allowed. */
void tell_buf_done(struct tell_buf *b);

/* Slow half of tell_buf_reserve(): grow so that n more bytes fit. */
bool tell_buf_grow(struct tell_buf *b, size_t n);

/* Forget the content, keep the memory. */
static inline void tell_buf_clear(struct tell_buf *b)
{
	b->len = 0;
	b->cut = false;
}

/* Make room for n more bytes: true, and data + len may be written up to n. False: they
 * are over the limit or memory is out; cut is set and nothing may be written. */
static inline bool tell_buf_reserve(struct tell_buf *b, size_t n)
{
	if (__builtin_expect(n <= b->cap - b->len, 1))
		return true;
	return tell_buf_grow(b, n);
}

/* Append n bytes whole or not at all. */
static inline void tell_buf_put(struct tell_buf *b, const void *bytes, size_t n)
{
	if (n && tell_buf_reserve(b, n)) {
		memcpy(b->data + b->len, bytes, n);
		b->len += n;
	}
}

static inline void tell_buf_putc(struct tell_buf *b, char c)
{
	if (tell_buf_reserve(b, 1))
		b->data[b->len++] = c;
}

/* Append a C string without its NUL; a literal's length is known when compiling. */
static inline void tell_buf_puts(struct tell_buf *b, const char *s)
{
	tell_buf_put(b, s, __builtin_strlen(s));
}

/* Append printf output; for set-up and error texts, not for the way of a record. */
void tell_buf_printf(struct tell_buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The content as a C string, NUL added behind it and not counted; "" when that fails.
 * Valid until the next write. */
const char *tell_buf_cstr(struct tell_buf *b);
