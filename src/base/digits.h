#pragma once
#include <stdint.h>
#include <string.h>

/* Decimal digits two at a time; shared by the writers of numbers and of times. */

/* "000102...99" */
extern const char tell_digit_pairs[200];

/* Exactly two digits, v < 100. */
static inline char *tell_put_2_digits(char *p, uint32_t v)
{
	memcpy(p, tell_digit_pairs + 2 * (size_t)v, 2);
	return p + 2;
}

/* Exactly four digits, v < 10^4. */
static inline char *tell_put_4_digits(char *p, uint32_t v)
{
	p = tell_put_2_digits(p, v / 100);
	return tell_put_2_digits(p, v % 100);
}

/* Exactly six digits, v < 10^6: the microseconds of a time, the decimals of a double. */
static inline char *tell_put_6_digits(char *p, uint32_t v)
{
	p = tell_put_2_digits(p, v / 10000);
	return tell_put_4_digits(p, v % 10000);
}

/* Exactly eight digits, v < 10^8. */
static inline char *tell_put_8_digits(char *p, uint32_t v)
{
	p = tell_put_4_digits(p, v / 10000);
	return tell_put_4_digits(p, v % 10000);
}

/* No zeros in front, v < 100. */
static inline char *tell_put_up_to_2_digits(char *p, uint32_t v)
{
	if (v >= 10)
		return tell_put_2_digits(p, v);
	*p = (char)('0' + v);
	return p + 1;
}
