#include "redact/search.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>
#include "redact/stops.h"

#define BLOCK 32
#define WIDE  __attribute__((target("avx2")))
#define RUN   tell_search_run_avx2

typedef __m256i vec;

static WIDE inline vec v_load(const char *s)
{
	return _mm256_loadu_si256((const __m256i *)(const void *)s);
}

/* The same 16 bytes in both halves: lookups do not cross them. */
static WIDE inline vec v_table(const uint8_t *t)
{
	return _mm256_broadcastsi128_si256(
		_mm_loadu_si128((const __m128i *)(const void *)t));
}

static WIDE inline vec v_fill(char c)
{
	return _mm256_set1_epi8(c);
}

static WIDE inline vec v_and(vec a, vec b)
{
	return _mm256_and_si256(a, b);
}

static WIDE inline vec v_shift4(vec a)
{
	return _mm256_srli_epi16(a, 4);
}

static WIDE inline vec v_lookup(vec table, vec at)
{
	return _mm256_shuffle_epi8(table, at);
}

/* Each byte where the one behind it was, a zero first. */
static WIDE inline vec v_back(vec a)
{
	return _mm256_alignr_epi8(a, _mm256_permute2x128_si256(a, a, 0x08), 15);
}

static WIDE inline bool v_any(vec a)
{
	return !_mm256_testz_si256(a, a);
}

/* A bit for each byte that is not zero, or that has its top bit set. */
static WIDE inline uint32_t v_set(vec a)
{
	return ~(uint32_t)_mm256_movemask_epi8(
		_mm256_cmpeq_epi8(a, _mm256_setzero_si256()));
}

static WIDE inline uint32_t v_tops(vec a)
{
	return (uint32_t)_mm256_movemask_epi8(a);
}

#include "redact/search_wide.inc"

#else
void tell_search_run_avx2(struct tell_search *x)
{
	tell_search_run_plain(x);
}
#endif
