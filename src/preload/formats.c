#undef _FORTIFY_SOURCE /* the host's own %n must not end it */
#include "preload/formats.h"
/* They come one by one from a list: no compiler can check them here. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#include <errno.h>
#include <printf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* A va_list in a struct can be handed down and used up on every machine. */
struct list {
	va_list ap;
};

/* Step over a whole number. */
static void skip_whole(struct list *l, int size)
{
	if (size & PA_FLAG_LONG_LONG)
		(void)va_arg(l->ap, long long);
	else if (size & PA_FLAG_LONG)
		(void)va_arg(l->ap, long);
	else
		(void)va_arg(l->ap, int);
}

/* Step over one argument. False: of no known kind. */
static bool skip_one(struct list *l, int type)
{
	const int size = type & PA_FLAG_MASK;
	if (size & PA_FLAG_PTR) {
		(void)va_arg(l->ap, void *);
		return true;
	}
	switch (type & ~PA_FLAG_MASK) {
	case PA_INT:
	case PA_CHAR:
	case PA_WCHAR:
		skip_whole(l, size);
		return true;
	case PA_STRING:
	case PA_WSTRING:
	case PA_POINTER:
		(void)va_arg(l->ap, void *);
		return true;
	case PA_FLOAT:
	case PA_DOUBLE:
		if (size & PA_FLAG_LONG_DOUBLE)
			(void)va_arg(l->ap, long double);
		else
			(void)va_arg(l->ap, double);
		return true;
	default:
		return false;
	}
}

/* Step over what a format takes, and over the next one, which is returned. */
static bool next(struct list *l, const char **format)
{
	int types[TELL_FORMATS_ARGUMENTS];
	size_t n = parse_printf_format(*format, TELL_FORMATS_ARGUMENTS, types);
	if (n > TELL_FORMATS_ARGUMENTS)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!skip_one(l, types[i]))
			return false;
	*format = va_arg(l->ap, const char *);
	return true;
}

/* vsnprintf() of what comes next, without using it up. */
__attribute__((format(printf, 4, 0))) static int print(
	const struct list *l, char *to, size_t size, const char *format)
{
	va_list ap;
	va_copy(ap, *(va_list *)(uintptr_t)&l->ap);
	int n = vsnprintf(to, size, format, ap);
	va_end(ap);
	return n;
}

int tell_formats_measure(const char *format, va_list ap, size_t *ret_bytes)
{
	struct list l;
	int n = 0;
	size_t bytes = 0;
	va_copy(l.ap, ap);
	while (format && n >= 0) {
		int len = print(&l, NULL, 0, format);
		bytes += len < 0 ? 0 : (size_t)len + 1;
		bool more = len >= 0 && n < TELL_FORMATS_MAX && next(&l, &format);
		n = more ? n + 1 : -EINVAL;
	}
	va_end(l.ap);
	*ret_bytes = bytes;
	return n;
}

size_t tell_formats_strip(const char *text, size_t len)
{
	while (len && strchr(" \t\n\r", text[len - 1]))
		len--;
	return len;
}

int tell_formats_make(const char *format, va_list ap, char *to, size_t size,
	struct iovec *iov, int most)
{
	struct list l;
	int n = 0;
	va_copy(l.ap, ap);
	while (format && n < most) {
		int len = print(&l, to, size, format);
		if (len >= 0 && (size_t)len < size) {
			iov[n++] = (struct iovec){ to,
				tell_formats_strip(to, (size_t)len) };
			to += len + 1;
			size -= (size_t)len + 1;
		}
		if (!next(&l, &format))
			break;
	}
	va_end(l.ap);
	return n;
}
