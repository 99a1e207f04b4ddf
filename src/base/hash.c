#include "base/hash.h"

#include <string.h>

#include "base/wide.h"

/* Odd numbers with as many ones as zeros: the fractions of the square roots of 2 and 3. */
#define MIX_1 UINT64_C(0x6a09e667f3bcc909)
#define MIX_2 UINT64_C(0xbb67ae8584caa73b)

static uint64_t load(const unsigned char *p, size_t n)
{
	uint64_t v = 0;
	memcpy(&v, p, n);
	return v;
}

/* Both halves of a product: each bit of the text reaches every bit of the hash. */
static uint64_t mix(uint64_t h, uint64_t v)
{
	uint64_t low, high = tell_mul_wide(h ^ v, MIX_1, &low);
	return low ^ high;
}

uint32_t tell_hash_bytes(const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	uint64_t h = MIX_2 ^ n;
	size_t left = n;
	for (; left >= 8; left -= 8, p += 8)
		h = mix(h, load(p, 8)) + MIX_2; /* + : a hash of 0 must not stay 0 */
	if (left >= 4) {
		h = mix(h, load(p, 4)) + MIX_2;
		p += 4;
		left -= 4;
	}
	for (; left > 0; left--)
		h = (h ^ *p++) * MIX_2;
	h = mix(h, MIX_2);
	return (uint32_t)(h ^ h >> 32);
}
