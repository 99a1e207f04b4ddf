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

/* Exactly six digits, v < 10^6: the microseconds of a time, the decimals of a double. */
static inline char *tell_put_6_digits(char *p, uint32_t v)
{
	uint32_t high = v / 10000, low = v % 10000;
	p = tell_put_2_digits(p, high);
	p = tell_put_2_digits(p, low / 100);
	return tell_put_2_digits(p, low % 100);
}
