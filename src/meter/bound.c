/* How a bound is written: tell_expose_put_bound(). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/number.h"
#include "meter/expose.h"

/* Between these without an exponent, as Go writes numbers. */
#define PLAIN_MIN 1e-4
#define PLAIN_MAX 1e6

#define DIGITS_MAX 17 /* of a double that reads back as itself */

/* "1.5e+07" with as few digits as read back as the same; the point is the locale's. */
static int shortest(char *to, size_t room, double v)
{
	for (int behind = 0; behind < DIGITS_MAX; behind++) {
		(void)snprintf(to, room, "%.*e", behind, v); /* fits */
		if (strtod(to, NULL) == v)
			return behind;
	}
	return DIGITS_MAX - 1;
}

static void put_exponent(struct tell_buf *out, double v)
{
	char text[DIGITS_MAX + 16];
	size_t behind = (size_t)shortest(text, sizeof(text), v);
	const char *exponent = strchr(text, 'e');
	tell_buf_putc(out, text[0]);
	if (behind) {
		tell_buf_putc(out, '.');
		tell_buf_put(out, exponent - behind, behind);
	}
	tell_buf_puts(out, exponent);
}

void tell_expose_put_bound(struct tell_buf *out, double bound)
{
	char text[TELL_F64_MAX_CHARS];
	if (isinf(bound))
		tell_buf_puts(out, "+Inf");
	else if (bound == 0 || (bound >= PLAIN_MIN && bound < PLAIN_MAX))
		tell_buf_put(out, text, (size_t)(tell_put_f64(text, bound) - text));
	else
		put_exponent(out, bound);
}
