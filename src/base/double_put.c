/* tell_put_f64(): the shortest decimal of a double, after R. Giulietti, "The Schubfach way
 * to render doubles" (2021), with a shorter way for the numbers logs are full of. */
#include <math.h>
#include <string.h>

#include "base/digits.h"
#include "base/number.h"
#include "base/power10.h"
#include "base/wide.h"

#define FRACTION_BITS 52
#define EXPONENT_MAX  2047 /* NaN and infinity */

struct decimal { /* digits * 10^exponent */
	uint64_t digits;
	int exponent;
};

/* A double's bits taken apart: significand * 2^exponent, significand not 0. */
struct binary {
	uint64_t significand;
	int exponent;
	bool uneven; /* a power of two: the neighbour below is half as far as the one above */
};

/* floor(g * c / 2^127), its last bit set when anything was cut off: enough to compare with
 * (section 9.6 of the paper). 128 bits of g suffice for c < 2^60. */
static uint64_t round_to_odd(struct tell_power10 g, uint64_t c)
{
	uint64_t low, unused;
	uint64_t carry = tell_mul_wide(g.low, c, &unused);
	uint64_t high = tell_mul_wide(g.high, c, &low);
	high += __builtin_add_overflow(low, carry, &low);
	return high | (low > 1);
}

/* The paper's g is rounded up where ours is cut; ours is exact from 10^0 to 10^55. */
static struct tell_power10 rounded_up_power10(int k)
{
	struct tell_power10 g = tell_power10(k);
	g.low += k < 0 || k > TELL_POWER10_EXACT_MAX;
	return g;
}

/* The decimal in the rounding interval of b that has fewest digits, then is closest. All
 * values below are four times the real ones, scaled by 10^-k: quarters stay integers. */
static struct decimal shortest(struct binary b)
{
	int k = b.uneven ? tell_floor_log10_three_quarters_pow2(b.exponent)
			 : tell_floor_log10_pow2(b.exponent);
	int shift = b.exponent + tell_floor_log2_pow10(-k) + 1;
	struct tell_power10 g = rounded_up_power10(-k);
	uint64_t c = 4 * b.significand;
	/* An interval's ends belong to it when ties to even would read them back as b. */
	unsigned open = b.significand & 1;
	uint64_t lower = round_to_odd(g, (c - 2 + b.uneven) << shift) + open;
	uint64_t value = round_to_odd(g, c << shift);
	uint64_t upper = round_to_odd(g, (c + 2) << shift) - open;

	uint64_t s = value / 4, tens = s / 10;
	if (s >= 10) {
		bool down = lower <= 40 * tens, up = 40 * tens + 40 <= upper;
		if (down != up)
			return (struct decimal){ tens + up, k + 1 };
	}
	bool down = lower <= 4 * s, up = 4 * s + 4 <= upper;
	if (down == up)
		up = value > 4 * s + 2 || (value == 4 * s + 2 && (s & 1));
	return (struct decimal){ s + up, k };
}

static struct decimal without_zeros(struct decimal d)
{
	while (d.digits % 100 == 0) {
		d.digits /= 100;
		d.exponent += 2;
	}
	if (d.digits % 10 == 0) {
		d.digits /= 10;
		d.exponent++;
	}
	return d;
}

static char *put_zeros(char *p, int n)
{
	while (n-- > 0)
		*p++ = '0';
	return p;
}

/* Digits of v, 1 to 10^17: 1233/4096 is a little over log10(2), so that the guess is right
 * or one too large. */
static int count_digits(uint64_t v)
{
	static const uint64_t powers[] = { UINT64_C(1), UINT64_C(10), UINT64_C(100),
		UINT64_C(1000), UINT64_C(10000), UINT64_C(100000), UINT64_C(1000000),
		UINT64_C(10000000), UINT64_C(100000000), UINT64_C(1000000000),
		UINT64_C(10000000000), UINT64_C(100000000000), UINT64_C(1000000000000),
		UINT64_C(10000000000000), UINT64_C(100000000000000),
		UINT64_C(1000000000000000), UINT64_C(10000000000000000),
		UINT64_C(100000000000000000) };
	int guess = ((64 - __builtin_clzll(v)) * 1233 >> 12) + 1;
	return guess - (v < powers[guess - 1]);
}

/* Digits with a point behind the first n of them; moved by hand, since they are few and a
 * call of memmove() costs more. */
static char *put_with_point(char *p, uint64_t digits, int n)
{
	char *end = tell_put_u64(p + 1, digits);
	for (int i = 0; i < n; i++)
		p[i] = p[i + 1];
	p[n] = '.';
	return end;
}

/* Where the point goes decides the form; ECMA-262 6.1.6.1.20 has the same limits. */
static char *put_decimal(char *p, struct decimal d)
{
	int n_digits = count_digits(d.digits);
	int point = n_digits + d.exponent; /* digits in front of the point */

	if (point > 21 || point < -5) {
		p = n_digits == 1 ? tell_put_u64(p, d.digits)
				  : put_with_point(p, d.digits, 1);
		*p++ = 'e';
		return tell_put_i64(p, point - 1);
	}
	if (point <= 0) {
		*p++ = '0';
		*p++ = '.';
		return tell_put_u64(put_zeros(p, -point), d.digits);
	}
	if (d.exponent < 0)
		return put_with_point(p, d.digits, point);
	p = put_zeros(tell_put_u64(p, d.digits), d.exponent);
	*p++ = '.';
	*p++ = '0';
	return p;
}

/* micros / 10^6 with its point, zeros at the end left out. */
static char *put_micros(char *p, uint64_t micros)
{
	uint32_t decimals = (uint32_t)(micros % 1000000);
	p = tell_put_u64(p, micros / 1000000);
	*p++ = '.';
	if (decimals == 0) {
		*p++ = '0';
		return p;
	}
	p = tell_put_6_digits(p, decimals);
	while (p[-1] == '0')
		p--;
	return p;
}

static char *put_special(char *p, bool nan)
{
	memcpy(p, nan ? "nan" : "inf", 3);
	return p + 3;
}

char *tell_put_f64(char *p, double v)
{
	uint64_t bits;
	memcpy(&bits, &v, sizeof(bits));
	if (bits >> 63 && !isnan(v)) {
		*p++ = '-';
		v = -v;
	}
	/* At most six decimals and 15 digits in all, which is every double that people
	 * write and most that clocks give: a quotient of two exact numbers is what reading
	 * the text gives, and no other text of 15 digits reads the same (DBL_DIG). */
	if (v < 1e9) {
		uint64_t micros = (uint64_t)(v * 1e6 + 0.5);
		if ((double)micros / 1e6 == v)
			return put_micros(p, micros);
	}
	int exponent = (int)(bits >> FRACTION_BITS & EXPONENT_MAX);
	uint64_t fraction = bits & ((UINT64_C(1) << FRACTION_BITS) - 1);
	if (exponent == EXPONENT_MAX)
		return put_special(p, fraction != 0);

	struct binary b = { fraction, -1074, false };
	if (exponent > 0) {
		b.significand = fraction | UINT64_C(1) << FRACTION_BITS;
		b.exponent = exponent - 1075;
		b.uneven = fraction == 0 && exponent > 1;
	}
	return put_decimal(p, without_zeros(shortest(b)));
}
