#include "base/halfway.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

/* No middle of two doubles has more than 767 digits that are not 0 at its end: of those
 * behind 800 it only matters whether they are all 0. */
#define DIGITS_MAX 800
#define LIMBS_MAX  92 /* 2944 bits: 801 digits are 2661, 54 bits * 5^1124 are 2664 */

struct natural { /* a whole number, limb[0] the lowest; the highest is not 0 */
	uint32_t limb[LIMBS_MAX];
	size_t n;
};

static void push(struct natural *x, uint32_t limb)
{
	assert(x->n < LIMBS_MAX);
	if (limb != 0 && x->n < LIMBS_MAX)
		x->limb[x->n++] = limb;
}

/* x = x * factor + more */
static void multiply_add(struct natural *x, uint32_t factor, uint32_t more)
{
	uint64_t carry = more;
	for (size_t i = 0; i < x->n; i++) {
		carry += (uint64_t)x->limb[i] * factor;
		x->limb[i] = (uint32_t)carry;
		carry >>= 32;
	}
	push(x, (uint32_t)carry);
}

static void multiply_pow5(struct natural *x, int power)
{
	for (; power >= 13; power -= 13)
		multiply_add(x, 1220703125, 0); /* 5^13 */
	while (power-- > 0)
		multiply_add(x, 5, 0);
}

static void multiply_pow2(struct natural *x, int power)
{
	size_t limbs = (size_t)power / 32;
	multiply_add(x, UINT32_C(1) << (power % 32), 0);
	assert(x->n + limbs <= LIMBS_MAX);
	if (x->n + limbs > LIMBS_MAX)
		return;
	memmove(x->limb + limbs, x->limb, x->n * sizeof(x->limb[0]));
	memset(x->limb, 0, limbs * sizeof(x->limb[0]));
	x->n += limbs;
}

static int compare(const struct natural *a, const struct natural *b)
{
	if (a->n != b->n)
		return a->n < b->n ? -1 : 1;
	for (size_t i = a->n; i-- > 0;) {
		if (a->limb[i] != b->limb[i])
			return a->limb[i] < b->limb[i] ? -1 : 1;
	}
	return 0;
}

/* The digits as one whole number; returns how many they were. */
static int read_digits(struct natural *x, const char *p, const char *end)
{
	int n = 0;
	for (; p < end && n < DIGITS_MAX; p++) {
		if (*p == '.')
			continue;
		multiply_add(x, 10, (uint32_t)(*p - '0'));
		n++;
	}
	for (; p < end; p++) {
		if (*p == '.' || *p == '0')
			continue;
		multiply_add(x, 10, 1); /* a little more than the digits so far */
		return n + 1;
	}
	return n;
}

int tell_halfway_compare(const struct tell_decimal *d, uint64_t significand, int exponent)
{
	struct natural a = { .n = 0 }, b = { .n = 0 };
	int n_digits = read_digits(&a, d->first, d->end);
	push(&b, (uint32_t)significand);
	if (significand >> 32) {
		b.limb[0] = (uint32_t)significand;
		b.limb[1] = (uint32_t)(significand >> 32);
		b.n = 2;
	}
	/* a * 10^power ? b * 2^exponent, with each factor moved to where it is whole. */
	int power = d->lead - (n_digits - 1);
	if (power >= 0)
		multiply_pow5(&a, power);
	else
		multiply_pow5(&b, -power);
	int shift = power - exponent;
	if (shift >= 0)
		multiply_pow2(&a, shift);
	else
		multiply_pow2(&b, -shift);
	return compare(&a, &b);
}
