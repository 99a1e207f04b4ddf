#include "base/still_format.h"
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include "base/utf8.h"

#define DIGITS_MAX 24 /* of 64 bits in octal: 22 */

struct out {
	char *to;
	size_t len, room;
	bool whole;
};

/* One conversion. */
struct spec {
	const char *begin; /* its '%' */
	bool left, plus, blank, alternative, zero;
	int width, precision; /* precision -1: none */
	char size;	      /* 0, 'H' (hh), 'h', 'l', 'q' (ll), 'L', j z t */
	char kind;
};

static void put(struct out *o, const char *text, size_t n)
{
	if (n > o->room - o->len) {
		n = o->room - o->len;
		o->whole = false;
	}
	memcpy(o->to + o->len, text, n);
	o->len += n;
}

static void fill(struct out *o, char c, int n)
{
	for (; n > 0 && o->len < o->room; n--)
		o->to[o->len++] = c;
	o->whole &= n <= 0;
}

static void put_padded(struct out *o, const struct spec *s, const char *text, size_t n)
{
	int pad = (size_t)s->width > n ? s->width - (int)n : 0;
	if (!s->left)
		fill(o, ' ', pad);
	put(o, text, n);
	if (s->left)
		fill(o, ' ', pad);
}

static uint64_t take_unsigned(const struct spec *s, va_list *ap)
{
	switch (s->size) {
	case 'H':
		return (unsigned char)va_arg(*ap, unsigned);
	case 'h':
		return (unsigned short)va_arg(*ap, unsigned);
	case 'l':
	case 'z':
	case 't':
	case 'j':
	case 'q':
		return va_arg(*ap, uint64_t); /* all of them 64 bits on LP64, */
	default:
		return va_arg(*ap, unsigned);
	}
}

static int64_t take_signed(const struct spec *s, va_list *ap)
{
	switch (s->size) {
	case 'H':
		return (signed char)va_arg(*ap, int);
	case 'h':
		return (short)va_arg(*ap, int);
	case 'l':
	case 'z':
	case 't':
	case 'j':
	case 'q':
		return va_arg(*ap, int64_t);
	default:
		return va_arg(*ap, int);
	}
}

/* Sign or prefix, zeros, digits, in the width. */
static void put_number(struct out *o, const struct spec *s, const char *prefix,
	uint64_t n, unsigned base, const char *signs)
{
	char digits[DIGITS_MAX];
	char *p = digits + sizeof(digits);
	for (uint64_t left = n; left; left /= base)
		*--p = signs[left % base];
	int n_digits = (int)(digits + sizeof(digits) - p);
	int n_prefix = (int)strlen(prefix);
	int zeros = (s->precision < 0 ? 1 : s->precision) - n_digits;
	if (base == 8 && s->alternative && zeros <= 0 && (n || s->precision == 0))
		zeros = 1;
	if (zeros < 0)
		zeros = 0;
	if (s->zero && !s->left && s->precision < 0 &&
		s->width > n_prefix + zeros + n_digits)
		zeros = s->width - n_prefix - n_digits;
	int pad = s->width - n_prefix - zeros - n_digits;
	if (!s->left)
		fill(o, ' ', pad);
	put(o, prefix, (size_t)n_prefix);
	fill(o, '0', zeros);
	put(o, p, (size_t)n_digits);
	if (s->left)
		fill(o, ' ', pad);
}

static void put_signed(struct out *o, const struct spec *s, va_list *ap)
{
	int64_t n = take_signed(s, ap);
	const char *sign = n < 0 ? "-" : s->plus ? "+" : s->blank ? " " : "";
	uint64_t size = n < 0 ? -(uint64_t)n : (uint64_t)n;
	put_number(o, s, sign, size, 10, "0123456789");
}

static void put_unsigned(struct out *o, const struct spec *s, va_list *ap)
{
	bool upper = s->kind == 'X';
	unsigned base = s->kind == 'u' ? 10 : s->kind == 'o' ? 8 : 16;
	uint64_t n = take_unsigned(s, ap);
	const char *prefix = base == 16 && s->alternative && n ? upper ? "0X" : "0x" : "";
	put_number(
		o, s, prefix, n, base, upper ? "0123456789ABCDEF" : "0123456789abcdef");
}

static void put_pointer(struct out *o, struct spec *s, va_list *ap)
{
	const void *p = va_arg(*ap, const void *);
	if (p)
		put_number(o, s, "0x", (uintptr_t)p, 16, "0123456789abcdef");
	else
		put_padded(o, s, "(nil)", 5);
}

static void put_text(struct out *o, const struct spec *s, const char *text)
{
	if (!text)
		text = s->precision < 0 || s->precision >= 6 ? "(null)" : "";
	size_t n = s->precision < 0 ? strlen(text) : strnlen(text, (size_t)s->precision);
	put_padded(o, s, text, n);
}

static void put_error(struct out *o, const struct spec *s, int error)
{
	const char *text = strerrordesc_np(error); /* no locale, unlike strerror(3) */
	put_text(o, s, text ? text : "Unknown error");
}

/* A number in the format, or of the arguments. */
static int take_count(const char **at, va_list *ap)
{
	int n = 0;
	if (**at == '*') {
		(*at)++;
		return va_arg(*ap, int);
	}
	for (; **at >= '0' && **at <= '9'; (*at)++)
		n = n < 100000 ? n * 10 + (**at - '0') : n;
	return n;
}

static void take_flags(struct spec *s, const char **at)
{
	for (;; (*at)++) {
		switch (**at) {
		case '-':
			s->left = true;
			break;
		case '+':
			s->plus = true;
			break;
		case ' ':
			s->blank = true;
			break;
		case '#':
			s->alternative = true;
			break;
		case '0':
			s->zero = true;
			break;
		default:
			return;
		}
	}
}

static void take_size(struct spec *s, const char **at)
{
	if (!**at || !strchr("hlLjztq", **at))
		return;
	s->size = *(*at)++;
	if (s->size == 'h' && **at == 'h') {
		s->size = 'H';
		(*at)++;
	} else if (s->size == 'l' && **at == 'l') {
		s->size = 'q';
		(*at)++;
	}
}

/* Read it from its '%' on; *at is behind it then. */
static struct spec take_spec(const char **at, va_list *ap)
{
	struct spec s = { .begin = *at, .precision = -1 };
	(*at)++;
	take_flags(&s, at);
	s.width = take_count(at, ap);
	if (s.width < 0) {
		s.left = true;
		s.width = s.width > -100000 ? -s.width : 100000;
	}
	if (**at == '.') {
		(*at)++;
		s.precision = take_count(at, ap);
	}
	take_size(&s, at);
	s.kind = **at;
	*at += s.kind != '\0';
	return s;
}

/* What has no form here stays as it is typed. */
static void put_typed(struct out *o, const struct spec *s, const char *end, va_list *ap)
{
	if (s->size == 'L')
		(void)va_arg(*ap, long double);
	else if (strchr("fFeEgGaA", s->kind))
		(void)va_arg(*ap, double);
	else
		(void)va_arg(*ap, void *); /* wide characters, %n */
	put(o, s->begin, (size_t)(end - s->begin));
	o->whole = false;
}

/* False: what it is nobody knows, and nor what argument it takes. */
static bool put_spec(
	struct out *o, struct spec *s, const char *end, int error, va_list *ap)
{
	char c;
	bool wide = s->size == 'l' && (s->kind == 'c' || s->kind == 's');
	switch (wide ? 'S' : s->kind) {
	case 'd':
	case 'i':
		put_signed(o, s, ap);
		return true;
	case 'u':
	case 'o':
	case 'x':
	case 'X':
		put_unsigned(o, s, ap);
		return true;
	case 'c':
		c = (char)va_arg(*ap, int);
		put_padded(o, s, &c, 1);
		return true;
	case 's':
		put_text(o, s, va_arg(*ap, const char *));
		return true;
	case 'p':
		put_pointer(o, s, ap);
		return true;
	case 'm':
		put_error(o, s, error);
		return true;
	case '%':
		put(o, "%", 1);
		return true;
	default:
		if (!s->kind || !strchr("fFeEgGaASCn", wide ? 'S' : s->kind))
			return false;
		put_typed(o, s, end, ap);
		return true;
	}
}

size_t tell_still_format(
	char *to, size_t size, bool *ret_whole, const char *fmt, va_list ap)
{
	int error = errno;
	struct out o = { to, 0, size - 1, true };
	va_list args;
	va_copy(args, ap);
	while (*fmt) {
		size_t n = strcspn(fmt, "%");
		put(&o, fmt, n);
		fmt += n;
		if (!*fmt)
			break;
		struct spec s = take_spec(&fmt, &args);
		if (put_spec(&o, &s, fmt, error, &args))
			continue;
		put(&o, s.begin, strlen(s.begin));
		o.whole = false;
		break;
	}
	va_end(args);
	if (o.len == o.room && !o.whole)
		o.len = tell_utf8_whole(to, o.len);
	to[o.len] = '\0';
	*ret_whole = o.whole;
	return o.len;
}
