#include "record/deferred.h"
#include <limits.h>
#include <string.h>
#include <sys/types.h>
#include "record/directive.h"
#include "record/slot.h"

/* What va_arg() is asked for. */
enum kind { INT, STAR, LONG, LLONG, MAX, SIZE, DIFF, DOUBLE, POINTER, TEXT, ERROR };

static bool take(struct tell_deferred *d, enum kind kind, int precision)
{
	if (d->n == TELL_DEFERRED_ARGS)
		return false;
	d->arg[d->n++] = (struct tell_deferred_arg){ (uint8_t)kind, (int16_t)precision };
	return true;
}

static enum kind kind_of(const struct tell_directive *one)
{
	if (strchr("aAeEfFgG", one->conversion))
		return DOUBLE;
	if (one->conversion == 'p')
		return POINTER;
	if (one->conversion == 's')
		return TEXT;
	if (one->conversion == 'm')
		return ERROR;
	switch (one->length) {
	case 'l':
		return LONG;
	case 'L':
		return LLONG;
	case 'j':
		return MAX;
	case 'z':
		return SIZE;
	case 't':
		return DIFF;
	default:
		return INT; /* shorter ones come as such */
	}
}

bool tell_deferred_parse(struct tell_deferred *d, const char *form)
{
	d->n = d->n_texts = 0;
	if (strnlen(form, TELL_DEFERRED_FORM + 1) > TELL_DEFERRED_FORM)
		return false;
	while ((form = strchr(form, '%'))) {
		struct tell_directive one;
		if (*++form == '%') {
			form++;
			continue;
		}
		if (!tell_directive_read(&one, &form))
			return false;
		if (one.width == TELL_DIRECTIVE_STAR && !take(d, STAR, 0))
			return false;
		if (one.precision == TELL_DIRECTIVE_STAR && !take(d, STAR, 0))
			return false;
		enum kind kind = kind_of(&one);
		if (!take(d, kind, one.precision))
			return false;
		d->n_texts = (uint8_t)(d->n_texts + (kind == TEXT));
	}
	return true;
}

/* ---- in the call ---- */

/* NULL: it does not fit. */
static char *keep_text(char *to, const char *end, const char *text, int precision)
{
	size_t room = (size_t)(end - to) - sizeof(uint64_t);
	size_t most = precision < 0 || (size_t)precision > room ? room + 1
								: (size_t)precision;
	size_t n = strnlen(text, most);
	if (n > room)
		return NULL;
	uint64_t len = n;
	memcpy(to, &len, sizeof(len));
	to += sizeof(len);
	if (n)
		memset(to + tell_pad8(n) - 8, 0, 8);
	memcpy(to, text, n);
	return to + tell_pad8(n);
}

char *tell_deferred_keep(
	const struct tell_deferred *d, char *to, const char *end, int error, va_list ap)
{
	int star = 0;
	uint64_t n = d->n;
	if ((size_t)(end - to) < sizeof(n))
		return NULL;
	memcpy(to, &n, sizeof(n));
	to += sizeof(n);
	for (const struct tell_deferred_arg *a = d->arg; a < d->arg + d->n; a++) {
		uint64_t word = 0;
		double f64;
		const char *text;
		if ((size_t)(end - to) < sizeof(word))
			return NULL;
		switch ((enum kind)a->kind) {
		case INT:
			word = (uint64_t)va_arg(ap, int);
			break;
		case STAR:
			star = va_arg(ap, int);
			if (star > TELL_DEFERRED_WIDTH || star < -TELL_DEFERRED_WIDTH)
				return NULL;
			word = (uint64_t)star;
			break;
		case LONG:
			word = (uint64_t)va_arg(ap, long);
			break;
		case LLONG:
			word = (uint64_t)va_arg(ap, long long);
			break;
		case MAX:
			word = (uint64_t)va_arg(ap, intmax_t);
			break;
		case SIZE:
			word = (uint64_t)va_arg(ap, ssize_t);
			break;
		case DIFF:
			word = (uint64_t)va_arg(ap, ptrdiff_t);
			break;
		case DOUBLE:
			f64 = va_arg(ap, double);
			memcpy(&word, &f64, sizeof(word));
			break;
		case POINTER:
			word = (uintptr_t)va_arg(ap, void *);
			break;
		case ERROR:
			word = (uint64_t)error;
			break;
		case TEXT:
			text = va_arg(ap, const char *);
			to = text ? keep_text(to, end, text,
					    a->precision == TELL_DIRECTIVE_STAR
						    ? star
						    : a->precision)
				  : NULL; /* what libc makes of it differs */
			if (!to)
				return NULL;
			continue;
		}
		memcpy(to, &word, sizeof(word));
		to += sizeof(word);
	}
	return to;
}
