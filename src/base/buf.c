#include "base/buf.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define LIMIT_DEFAULT ((size_t)64 << 20)
#define CAP_FIRST     256

void tell_buf_init(struct tell_buf *b, size_t limit)
{
	*b = (struct tell_buf){ .limit = limit ? limit : LIMIT_DEFAULT };
}

void tell_buf_done(struct tell_buf *b)
{
	free(b->data);
	*b = (struct tell_buf){ .limit = b->limit };
}

bool tell_buf_grow(struct tell_buf *b, size_t n)
{
	size_t limit = b->limit ? b->limit : LIMIT_DEFAULT;
	if (n > limit || b->len > limit - n) {
		b->cut = true;
		return false;
	}

	size_t cap = b->cap ? b->cap : CAP_FIRST;
	while (cap < b->len + n)
		cap *= 2; /* at most twice the limit: no overflow */
	if (cap > limit)
		cap = limit;

	char *data = realloc(b->data, cap);
	if (!data) {
		b->cut = true;
		return false;
	}
	b->data = data;
	b->cap = cap;
	return true;
}

void tell_buf_printf(struct tell_buf *b, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || !tell_buf_reserve(b, (size_t)n + 1))
		return;

	va_start(ap, fmt);
	(void)vsnprintf(
		b->data + b->len, (size_t)n + 1, fmt, ap); /* fits: measured above */
	va_end(ap);
	b->len += (size_t)n;
}

const char *tell_buf_cstr(struct tell_buf *b)
{
	if (!tell_buf_reserve(b, 1))
		return "";
	b->data[b->len] = '\0';
	return b->data;
}
