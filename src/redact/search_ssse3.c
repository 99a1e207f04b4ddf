#include "redact/search.h"

#if defined(__x86_64__)
#include <string.h>
#include <tmmintrin.h>
#include "redact/stops.h"

#define BLOCK 16
#define WIDE  __attribute__((target("ssse3")))
#define RUN   tell_search_run_ssse3

typedef __m128i vec;

static WIDE inline vec v_load(const char *s)
{
	return _mm_loadu_si128((const __m128i *)(const void *)s);
}

static WIDE inline vec v_table(const uint8_t *t)
{
	return _mm_loadu_si128((const __m128i *)(const void *)t);
}

static WIDE inline vec v_fill(char c)
{
	return _mm_set1_epi8(c);
}

static WIDE inline vec v_and(vec a, vec b)
{
	return _mm_and_si128(a, b);
}

static WIDE inline vec v_shift4(vec a)
{
	return _mm_srli_epi16(a, 4);
}

static WIDE inline vec v_lookup(vec table, vec at)
{
	return _mm_shuffle_epi8(table, at);
}

/* Each byte where the one behind it was, a zero first. */
static WIDE inline vec v_back(vec a)
{
	return _mm_slli_si128(a, 1);
}

/* A bit for each byte that is not zero, or that has its top bit set. */
static WIDE inline uint32_t v_set(vec a)
{
	return 0xffff ^
		(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(a, _mm_setzero_si128()));
}

static WIDE inline uint32_t v_tops(vec a)
{
	return (uint32_t)_mm_movemask_epi8(a);
}

static WIDE inline bool v_any(vec a)
{
	return v_set(a) != 0;
}

#include "redact/search_wide.inc"

#else
void tell_search_run_ssse3(struct tell_search *x)
{
	tell_search_run_plain(x);
}
#endif
