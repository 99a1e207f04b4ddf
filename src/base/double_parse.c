/* tell_parse_f64(): the nearest double, after D. Lemire, "Number parsing at a gigabyte per
 * second" (2021). What its 128 bits cannot decide goes to base/halfway.h, which can. */
#include <float.h>
#include <string.h>

#include "base/ascii.h"
#include "base/halfway.h"
#include "base/number.h"
#include "base/power10.h"
#include "base/wide.h"

#define DIGITS_MAX    19 /* any 19 digits fit in 64 bits */
#define EXPONENT_BIAS 1023
#define INFINITE_BITS (UINT64_C(2047) << 52)

/* What the text says: about digits * 10^exponent. */
struct scan {
	const char *first; /* its first digit that is not a zero, NULL: all are zeros */
	const char *end;
	uint64_t digits; /* the first DIGITS_MAX of them */
	int64_t exponent;
	unsigned n_digits;
	bool negative;
	bool more; /* digits that are not zero follow behind DIGITS_MAX */
};

static void scan_digit(struct scan *sc, const char *p, bool behind_point)
{
	if (!sc->first && *p != '0')
		sc->first = p;
	if (sc->n_digits == DIGITS_MAX) {
		sc->more |= *p != '0';
		sc->exponent += !behind_point;
		return;
	}
	sc->digits = sc->digits * 10 + (uint64_t)(*p - '0');
	sc->n_digits += sc->first != NULL;
	sc->exponent -= behind_point;
}

static const char *scan_mantissa(struct scan *sc, const char *p, const char *end)
{
	const char *start = p;
	for (; p < end && tell_is_digit(*p); p++)
		scan_digit(sc, p, false);
	if (p == end || *p != '.')
		return p > start ? p : NULL;
	const char *point = p++;
	for (; p < end && tell_is_digit(*p); p++)
		scan_digit(sc, p, true);
	return p - start > 1 || point > start ? p : NULL;
}

static const char *scan_exponent(struct scan *sc, const char *p, const char *end)
{
	int64_t exponent = 0;
	bool negative = p < end && *p == '-';
	if (p < end && (*p == '-' || *p == '+'))
		p++;
	if (p == end || !tell_is_digit(*p))
		return NULL;
	/* Zeros in front or behind can outweigh a large exponent; they are in memory, so
	 * beyond this limit they cannot. */
	for (; p < end && tell_is_digit(*p); p++) {
		if (exponent < INT64_MAX / 16)
			exponent = exponent * 10 + (*p - '0');
	}
	sc->exponent += negative ? -exponent : exponent;
	return p;
}

static bool scan(struct scan *sc, const char *s, size_t n)
{
	const char *end = s + n;
	*sc = (struct scan){ .negative = n > 0 && *s == '-' };
	const char *p = scan_mantissa(sc, s + sc->negative, end);
	sc->end = p;
	if (p && p < end && (*p == 'e' || *p == 'E'))
		p = scan_exponent(sc, p + 1, end);
	return p == end;
}

/* Both operands exact, so the one rounding of * or / is the right one (W. Clinger, 1990).
 * Not where doubles are computed in longer registers. */
static bool convert_exactly(const struct scan *sc, double *ret)
{
	static const double powers[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9,
		1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21,
		1e22 };
	if (FLT_EVAL_METHOD != 0 || sc->more || sc->digits > UINT64_C(1) << 53)
		return false;
	if (sc->exponent < -22 || sc->exponent > 22)
		return false;
	if (sc->exponent < 0)
		*ret = (double)sc->digits / powers[-sc->exponent];
	else
		*ret = (double)sc->digits * powers[sc->exponent];
	return true;
}

/* Is the text above the middle between the double `bits` and its upper neighbour? */
static bool above_middle(const struct scan *sc, uint64_t bits)
{
	uint64_t significand = bits & ((UINT64_C(1) << 52) - 1);
	int exponent = (int)(bits >> 52);
	if (exponent > 0)
		significand |= UINT64_C(1) << 52;
	else
		exponent = 1;
	/* The middle is (2 * significand + 1) half units. */
	struct tell_decimal text = { sc->first, sc->end,
		(int)sc->exponent + (int)sc->n_digits - 1 };
	int order = tell_halfway_compare(
		&text, 2 * significand + 1, exponent - EXPONENT_BIAS - 53);
	return order > 0 || (order == 0 && (bits & 1));
}

/* The first 64 bits of digits * 10^exponent and what follows: the true value is
 * 0.high low last * 2^exponent, or a little above. */
struct product {
	uint64_t high, low, last; /* top bit of high set, or the next one */
	int exponent;
};

static struct product multiply(const struct scan *sc)
{
	struct product pr;
	struct tell_power10 t = tell_power10((int)sc->exponent);
	int zeros = __builtin_clzll(sc->digits);
	uint64_t w = sc->digits << zeros;
	uint64_t carry = tell_mul_wide(t.low, w, &pr.last);
	pr.high = tell_mul_wide(t.high, w, &pr.low);
	pr.high += __builtin_add_overflow(pr.low, carry, &pr.low);
	pr.exponent = 65 + tell_floor_log2_pow10((int)sc->exponent) - zeros;
	return pr;
}

/* Could the true value be at or above the middle, though the product (its part below the
 * last kept bit given) is below? Cut table: less than 2 * 2^-64 short; digits cut as well:
 * 19 digits leave zeros <= 4, so less than 17 short. */
static bool may_reach(uint64_t half, uint64_t rest, uint64_t low, bool more)
{
	if (more)
		return half - rest <= 17;
	return half - rest == 1 && low == UINT64_MAX;
}

/* The nearest double's bits, sign left out; INFINITE_BITS or more when too large. digits
 * is above 0 and exponent in the table. */
static uint64_t convert(const struct scan *sc)
{
	struct product pr = multiply(sc);
	int top = 64 - __builtin_clzll(pr.high); /* 64 or 63 bits */
	int exponent = pr.exponent - 65 + top + EXPONENT_BIAS;
	if (exponent >= 2047)
		return INFINITE_BITS;
	int keep = exponent >= 1 ? 53 : 52 + exponent; /* fewer bits when subnormal */
	if (keep < 0)
		return 0;

	int cut = top - keep; /* bits of high to round away, 10 to 64 */
	uint64_t half = UINT64_C(1) << (cut - 1);
	uint64_t rest = pr.high & (half | (half - 1));
	uint64_t bits = cut < 64 ? pr.high >> cut : 0;
	if (exponent >= 1) /* the hidden bit counts one up in the exponent */
		bits += (uint64_t)(exponent - 1) << 52;

	bool exact = sc->exponent >= 0 && sc->exponent <= TELL_POWER10_EXACT_MAX &&
		!sc->more;
	if (rest >= half) {
		bool tie = exact && rest == half && pr.low == 0 && pr.last == 0;
		return bits + (!tie || (bits & 1));
	}
	if (exact || !may_reach(half, rest, pr.low, sc->more))
		return bits;
	return bits + above_middle(sc, bits);
}

bool tell_parse_f64(const char *s, size_t n, double *ret)
{
	struct scan sc;
	double v;
	if (!scan(&sc, s, n))
		return false;
	if (sc.digits == 0 || sc.exponent < TELL_POWER10_MIN) {
		v = 0; /* 19 digits and 10^-343 are below half the smallest double */
	} else if (!convert_exactly(&sc, &v)) {
		if (sc.exponent > 308)
			return false;
		uint64_t bits = convert(&sc);
		if (bits >= INFINITE_BITS)
			return false;
		memcpy(&v, &bits, sizeof(v));
	}
	*ret = sc.negative ? -v : v;
	return true;
}
