#pragma once
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "base/buf.h"
#include "base/utf8.h"

/* printf's forms as text of a record. In a header, so that each includer's own choice of
 * _FORTIFY_SOURCE holds for vsnprintf(), and nothing is called on the way. */
#define TELL_FORMAT_FIRST 512 /* most messages fit: formatted on the machine stack */

/* Of glibc, beneath vsnprintf() in fortified programs: refuses %n in writable memory. */
int __vsnprintf_chk(char *s, size_t max, int flag, size_t size, const char *fmt,
	va_list ap) __attribute__((format(printf, 5, 0)));

__attribute__((format(printf, 4, 0))) static inline int tell_format_into(
	char *to, size_t size, int checked, const char *fmt, va_list ap)
{
	if (checked > 0)
		return __vsnprintf_chk(to, size, checked, size, fmt, ap);
	return vsnprintf(to, size, fmt, ap);
}

/* Format into first, or when that is too small into buf, cut to its limit on a UTF-8
 * boundary; NUL-terminated. Without memory first holds the beginning, and buf is cut.
 * checked: the flag of __vsyslog_chk() and its like; 0: as vsnprintf() is here. */
__attribute__((format(printf, 5, 0))) static inline const char *tell_format(
	struct tell_buf *buf, char first[TELL_FORMAT_FIRST], size_t *ret_len, int checked,
	const char *fmt, va_list ap)
{
	tell_buf_clear(buf);
	va_list again;
	va_copy(again, ap);
	const char *text = first;
	int n = tell_format_into(first, TELL_FORMAT_FIRST, checked, fmt, ap);
	*ret_len = (size_t)n;
	if (n < 0) {
		text = fmt; /* a wide character has no form here: say the rest */
		*ret_len = strlen(fmt);
	} else if (n >= TELL_FORMAT_FIRST) {
		size_t need = (size_t)n + 1;
		if (buf->limit && need > buf->limit)
			need = buf->limit;
		if (tell_buf_reserve(buf, need)) {
			(void)tell_format_into(/* fits, or is cut */
				buf->data, need, checked, fmt, again);
			text = buf->data;
		} else {
			need = TELL_FORMAT_FIRST;
		}
		if (need <= (size_t)n)
			*ret_len = tell_utf8_whole(text, need - 1);
	}
	va_end(again);
	return text;
}
