#include "redact/search.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#include <stdint.h>
#include <string.h>

#define BLOCK 16

/* Throughout: cur is 16 bytes of the text, before those one place to the left. */

/* All ones where a "--", "be" or "ba" ends or a J stands. Two letters are told by what
 * all their cases share. */
static inline __m128i words(__m128i cur, __m128i before)
{
	const __m128i dash = _mm_set1_epi8('-');
	__m128i dashes = _mm_and_si128(
		_mm_cmpeq_epi8(cur, dash), _mm_cmpeq_epi8(before, dash));
	__m128i letter_b = _mm_cmpeq_epi8(
		_mm_and_si128(before, _mm_set1_epi8((char)~0x20)), _mm_set1_epi8('B'));
	__m128i e_or_a = _mm_cmpeq_epi8(
		_mm_and_si128(cur, _mm_set1_epi8((char)~0x24)), _mm_set1_epi8('A'));
	return _mm_or_si128(_mm_or_si128(dashes, _mm_and_si128(letter_b, e_or_a)),
		_mm_cmpeq_epi8(cur, _mm_set1_epi8('J')));
}

/* All ones for the bytes from `first` on, n of them. */
static inline __m128i range(__m128i cur, char first, char n)
{
	__m128i d = _mm_sub_epi8(cur, _mm_set1_epi8(first));
	return _mm_cmpeq_epi8(_mm_min_epu8(d, _mm_set1_epi8((char)(n - 1))), d);
}

static inline unsigned bits(__m128i mask)
{
	return (unsigned)_mm_movemask_epi8(mask);
}

/* One bit for each byte that tell_search_at() wants to see. */
static inline unsigned stops(__m128i cur, __m128i before)
{
	__m128i signs = _mm_or_si128(_mm_cmpeq_epi8(cur, _mm_set1_epi8(':')),
		_mm_cmpeq_epi8(cur, _mm_set1_epi8('=')));
	__m128i unicode = _mm_and_si128(_mm_cmpeq_epi8(cur, _mm_set1_epi8('0')),
		_mm_cmpeq_epi8(before, _mm_set1_epi8('u')));
	return bits(_mm_or_si128(_mm_or_si128(signs, unicode), words(cur, before)));
}

/* The first bit of each four or more digits in a row. A card number has such a row whole
 * in one block, wherever the blocks begin: see redact/card.c for how it is grouped. */
static inline unsigned digit_rows(__m128i cur)
{
	unsigned m = bits(range(cur, '0', 10));
	m &= m >> 1;
	m &= m >> 2;
	return m & ~(m << 1);
}

static __attribute__((noinline)) void look(
	struct tell_search *x, size_t at, __m128i cur, __m128i before, unsigned seen)
{
	for (unsigned hits = stops(cur, before) & ~seen; hits; hits &= hits - 1)
		tell_search_at(x, at + (size_t)__builtin_ctz(hits));
	for (unsigned rows = digit_rows(cur); rows; rows &= rows - 1)
		tell_find_card(x, at + (size_t)__builtin_ctz(rows));
}

/* Digits, ':' and '=' lie together in ASCII, with ';' and '<' between: one comparison says
 * that a block has none of them. */
static inline void glance(
	struct tell_search *x, size_t at, __m128i cur, __m128i before, unsigned seen)
{
	if (__builtin_expect(bits(_mm_or_si128(
				     range(cur, '0', '=' - '0' + 1), words(cur, before))),
		    0))
		look(x, at, cur, before, seen);
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
		glance(x, 0, cur, _mm_slli_si128(cur, 1), 0);
		return;
	}
	__m128i first = load(s);
	glance(x, 0, first, _mm_slli_si128(first, 1), 0);
	size_t at = BLOCK;
	for (; at + BLOCK <= n; at += BLOCK)
		glance(x, at, load(s + at), load(s + at - 1), 0);
	if (at == n)
		return;
	/* The last block overlaps the one before: what that one saw is not asked again,
	 * but a row of digits may be whole only here. */
	size_t last = n - BLOCK;
	glance(x, last, load(s + last), load(s + last - 1), (1u << (at - last)) - 1);
}

#else
void tell_search_run(struct tell_search *x)
{
	tell_search_run_plain(x);
}
#endif
