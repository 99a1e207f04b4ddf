#pragma once
#include <emmintrin.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The blocks of base/scan.c with SSE2; scan_word.h is the other form. A block is 16 bytes
 * of text; a mask has a bit for each byte that ends the prefix. x86 is little-endian. */
#define TELL_SCAN_BLOCK 16

typedef __m128i tell_scan_block;
typedef uint32_t tell_scan_mask;

static inline tell_scan_block tell_scan_load(const char *s)
{
	return _mm_loadu_si128((const __m128i *)(const void *)s);
}

static inline void tell_scan_store(char *to, tell_scan_block v)
{
	_mm_storeu_si128((__m128i *)(void *)to, v);
}

/* Fewer than 16 bytes, zeros behind them: two loads that overlap, so that nothing outside
 * is touched and nothing depends on n but a shift. */
static inline tell_scan_block tell_scan_load_short(const char *s, size_t n)
{
	uint64_t low = 0, high;
	if (n >= 8) {
		memcpy(&high, s + n - 8, 8);
		high = high >> 8 >> (8 * (15 - n));
		return _mm_unpacklo_epi64(
			_mm_loadl_epi64((const __m128i *)(const void *)s),
			_mm_cvtsi64_si128((long long)high));
	}
	if (n >= 4) {
		uint32_t first, last;
		memcpy(&first, s, 4);
		memcpy(&last, s + n - 4, 4);
		low = first | (uint64_t)last << (8 * (n - 4));
	} else if (n > 0) {
		low = (unsigned char)s[0] |
			(uint64_t)(unsigned char)s[n / 2] << (8 * (n / 2)) |
			(uint64_t)(unsigned char)s[n - 1] << (8 * (n - 1));
	}
	return _mm_cvtsi64_si128((long long)low);
}

/* Index of the first byte that ends the prefix; mask is not 0. */
static inline size_t tell_scan_first(tell_scan_mask mask)
{
	return (size_t)__builtin_ctz(mask);
}

/* The mask for "the text ends at byte n", n < TELL_SCAN_BLOCK. */
static inline tell_scan_mask tell_scan_end(size_t n)
{
	return UINT32_C(1) << n;
}

/* Adding 1 makes 0x7f negative like 0x80 and up: one signed comparison finds all. */
static inline __m128i tell_scan_printable(tell_scan_block v)
{
	return _mm_cmpgt_epi8(_mm_add_epi8(v, _mm_set1_epi8(1)), _mm_set1_epi8(0x20));
}

static inline tell_scan_mask tell_scan_not_plain(tell_scan_block v)
{
	return (uint32_t)_mm_movemask_epi8(tell_scan_printable(v)) ^ 0xffff;
}

static inline tell_scan_mask tell_scan_not_clean(tell_scan_block v)
{
	__m128i special = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
		_mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
	__m128i clean = _mm_andnot_si128(special, tell_scan_printable(v));
	return (uint32_t)_mm_movemask_epi8(clean) ^ 0xffff;
}

static inline tell_scan_mask tell_scan_not_ascii(tell_scan_block v)
{
	return (uint32_t)_mm_movemask_epi8(v);
}
