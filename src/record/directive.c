#include "record/directive.h"
#include <stddef.h>
#include <string.h>
#include "base/ascii.h"
#include "record/deferred.h"

/* Digits or a star; *ret stays NONE when there is neither. */
static bool read_number(const char **at, int *ret)
{
	if (**at == '*') {
		*ret = TELL_DIRECTIVE_STAR;
		++*at;
		return true;
	}
	if (!tell_is_digit(**at))
		return true;
	*ret = 0;
	for (; tell_is_digit(**at); ++*at) {
		*ret = *ret * 10 + (**at - '0');
		if (*ret > TELL_DEFERRED_WIDTH)
			return false;
	}
	return true;
}

static void read_length(const char **at, struct tell_directive *d)
{
	static const struct {
		char length;
		uint8_t bytes;
	} lengths[] = { { 'h', sizeof(short) }, { 'l', sizeof(long) },
		{ 'j', sizeof(intmax_t) }, { 'z', sizeof(size_t) },
		{ 't', sizeof(ptrdiff_t) } };
	d->length = 0;
	d->bytes = sizeof(int);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		if (**at != lengths[i].length)
			continue;
		d->length = *(*at)++;
		d->bytes = lengths[i].bytes;
		break;
	}
	if (d->length == 'h' && **at == 'h') {
		++*at;
		d->length = 'H';
		d->bytes = sizeof(char);
	} else if (d->length == 'l' && **at == 'l') {
		++*at;
		d->length = 'L';
		d->bytes = sizeof(long long);
	}
}

bool tell_directive_read(struct tell_directive *d, const char **at)
{
	size_t n = 0;
	for (; **at && strchr("-+ #0", **at); ++*at) {
		if (n == sizeof(d->flags) - 1)
			return false;
		d->flags[n++] = **at;
	}
	d->flags[n] = '\0';
	d->width = d->precision = TELL_DIRECTIVE_NONE;
	if (!read_number(at, &d->width))
		return false;
	if (**at == '.') {
		++*at;
		d->precision = 0; /* a point alone */
		if (!read_number(at, &d->precision))
			return false;
	}
	read_length(at, d);
	d->conversion = **at;
	if (d->conversion == '\0')
		return false;
	++*at;
	if (strchr("diouxX", d->conversion))
		return true;
	if (strchr("aAeEfFgG", d->conversion))
		return d->length == 0 || d->length == 'l'; /* which says nothing */
	return strchr("cspm", d->conversion) && d->length == 0;
}
