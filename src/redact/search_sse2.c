#include "redact/search.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#include <stdint.h>
#include <string.h>

#define BLOCK 16

/* One bit for each byte of `cur` that tell_search_at() wants to see; `before` holds the
 * bytes one place to the left. Two letters are told by what all their cases share. */
static inline unsigned stops(__m128i cur, __m128i before)
{
	const __m128i dash = _mm_set1_epi8('-');
	__m128i hit = _mm_or_si128(_mm_cmpeq_epi8(cur, _mm_set1_epi8(':')),
		_mm_cmpeq_epi8(cur, _mm_set1_epi8('=')));
	hit = _mm_or_si128(hit, _mm_cmpeq_epi8(cur, _mm_set1_epi8('J')));
	__m128i dashes = _mm_and_si128(
		_mm_cmpeq_epi8(cur, dash), _mm_cmpeq_epi8(before, dash));
	__m128i b = _mm_cmpeq_epi8(
		_mm_and_si128(before, _mm_set1_epi8((char)~0x20)), _mm_set1_epi8('B'));
	__m128i e_or_a = _mm_cmpeq_epi8(
		_mm_and_si128(cur, _mm_set1_epi8((char)~0x24)), _mm_set1_epi8('A'));
	hit = _mm_or_si128(hit, _mm_or_si128(dashes, _mm_and_si128(b, e_or_a)));
	return (unsigned)_mm_movemask_epi8(hit);
}

/* The first bit of each four or more digits in a row. A card number has such a row whole
 * in one block, wherever the blocks begin: see redact/card.c for how it is grouped. */
static inline unsigned digit_rows(__m128i cur)
{
	__m128i d = _mm_sub_epi8(cur, _mm_set1_epi8('0'));
	unsigned m = (unsigned)_mm_movemask_epi8(
		_mm_cmpeq_epi8(_mm_min_epu8(d, _mm_set1_epi8(9)), d));
	m &= m >> 1;
	m &= m >> 2;
	return m & ~(m << 1);
}

static void look(struct tell_search *x, size_t at, unsigned hits, unsigned rows)
{
	for (; hits; hits &= hits - 1)
		tell_search_at(x, at + (size_t)__builtin_ctz(hits));
	for (; rows; rows &= rows - 1)
		tell_find_card(x, at + (size_t)__builtin_ctz(rows));
}

static inline void block(
	struct tell_search *x, size_t at, __m128i cur, __m128i before, unsigned seen)
{
	unsigned hits = stops(cur, before) & ~seen;
	unsigned rows = digit_rows(cur);
	if (__builtin_expect((hits | rows) != 0, 0))
		look(x, at, hits, rows);
}

static inline __m128i load(const char *s)
{
	return _mm_loadu_si128((const __m128i *)(const void *)s);
}

void tell_search_run(struct tell_search *x)
{
	const char *s = x->s;
	size_t n = x->n;
	if (n < BLOCK) {
		char copy[BLOCK] = { 0 };
		memcpy(copy, s, n);
		__m128i cur = load(copy);
		block(x, 0, cur, _mm_slli_si128(cur, 1), 0);
		return;
	}
	__m128i first = load(s);
	block(x, 0, first, _mm_slli_si128(first, 1), 0);
	size_t at = BLOCK;
	for (; at + BLOCK <= n; at += BLOCK)
		block(x, at, load(s + at), load(s + at - 1), 0);
	if (at == n)
		return;
	/* The last block overlaps the one before: what that one saw is not asked again,
	 * but a row of digits may be whole only here. */
	size_t last = n - BLOCK;
	block(x, last, load(s + last), load(s + last - 1), (1u << (at - last)) - 1);
}

#else
void tell_search_run(struct tell_search *x)
{
	tell_search_run_plain(x);
}
#endif
