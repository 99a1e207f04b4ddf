#pragma once
#include <stdint.h>

/* 64 x 64 -> 128 bit multiplication: returns the upper half. */
#ifdef __SIZEOF_INT128__
static inline uint64_t tell_mul_wide(uint64_t a, uint64_t b, uint64_t *ret_low)
{
	__extension__ typedef unsigned __int128 wide;
	wide product = (wide)a * b;
	*ret_low = (uint64_t)product;
	return (uint64_t)(product >> 64);
}
#else
static inline uint64_t tell_mul_wide(uint64_t a, uint64_t b, uint64_t *ret_low)
{
	uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
	uint64_t low = a0 * b0, mid = a1 * b0 + (low >> 32);
	uint64_t mid2 = a0 * b1 + (uint32_t)mid;
	*ret_low = mid2 << 32 | (uint32_t)low;
	return a1 * b1 + (mid >> 32) + (mid2 >> 32);
}
#endif
