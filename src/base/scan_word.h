#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The blocks of base/scan.c in plain C; scan_sse2.h is the other form. A block is 8 bytes
 * of text in one word, the first byte lowest; a mask has the top bit of each byte that
 * ends the prefix. No sum below carries from one byte into the next. */
#define TELL_SCAN_BLOCK 8
#define TELL_SCAN_ALL	UINT64_C(0x0101010101010101) /* times b: b in each byte */

typedef uint64_t tell_scan_block;
typedef uint64_t tell_scan_mask;

/* Compilers know this loop as one load. */
static inline tell_scan_block tell_scan_load(const char *s)
{
	uint64_t v = 0;
	for (unsigned i = 0; i < 8; i++)
		v |= (uint64_t)(unsigned char)s[i] << (8 * i);
	return v;
}

/* ... and this one as one store. */
static inline void tell_scan_store(char *to, tell_scan_block v)
{
	for (unsigned i = 0; i < 8; i++)
		to[i] = (char)(v >> (8 * i));
}

/* Fewer than 8 bytes, zeros behind them. */
static inline tell_scan_block tell_scan_load_short(const char *s, size_t n)
{
	uint64_t v = 0;
	for (size_t i = 0; i < n; i++)
		v |= (uint64_t)(unsigned char)s[i] << (8 * i);
	return v;
}

/* Index of the first byte that ends the prefix; mask is not 0. */
static inline size_t tell_scan_first(tell_scan_mask mask)
{
	return (size_t)__builtin_ctzll(mask) / 8;
}

/* The mask for "the text ends at byte n", n < TELL_SCAN_BLOCK. */
static inline tell_scan_mask tell_scan_end(size_t n)
{
	return UINT64_C(0x80) << (8 * n);
}

static inline tell_scan_mask tell_scan_not_ascii(tell_scan_block v)
{
	return v & TELL_SCAN_ALL * 0x80;
}

/* Top bit set: below 0x20 or 0x7f and up; the other bits mean nothing. */
static inline uint64_t tell_scan_unprintable(tell_scan_block v)
{
	uint64_t low7 = v & TELL_SCAN_ALL * 0x7f;
	return v | ~(low7 + TELL_SCAN_ALL * 0x60) | (low7 + TELL_SCAN_ALL);
}

/* Top bit set: the byte's lower seven bits are those of c. */
static inline uint64_t tell_scan_equal(tell_scan_block v, unsigned char c)
{
	uint64_t low7 = (v ^ TELL_SCAN_ALL * c) & TELL_SCAN_ALL * 0x7f;
	return ~(low7 + TELL_SCAN_ALL * 0x7f);
}

static inline tell_scan_mask tell_scan_not_plain(tell_scan_block v)
{
	return tell_scan_unprintable(v) & TELL_SCAN_ALL * 0x80;
}

static inline tell_scan_mask tell_scan_not_clean(tell_scan_block v)
{
	uint64_t special = tell_scan_equal(v, '"') | tell_scan_equal(v, '\\');
	return (tell_scan_unprintable(v) | special) & TELL_SCAN_ALL * 0x80;
}
