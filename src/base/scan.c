#include "base/scan.h"

/* TELL_SCAN_WORD: the tests look at the form that other machines get. */
#if defined(__SSE2__) && !defined(TELL_SCAN_WORD)
#include "base/scan_sse2.h"
#else
#include "base/scan_word.h"
#endif

/* One loop for all: `stops` is a constant at each call and is put in its place. */
static inline __attribute__((always_inline)) size_t scan(
	const char *s, size_t n, tell_scan_mask (*stops)(tell_scan_block))
{
	if (n < TELL_SCAN_BLOCK)
		return tell_scan_first(
			stops(tell_scan_load_short(s, n)) | tell_scan_end(n));

	size_t last = n - TELL_SCAN_BLOCK;
	for (size_t at = 0; at < last; at += TELL_SCAN_BLOCK) {
		tell_scan_mask mask = stops(tell_scan_load(s + at));
		if (mask)
			return at + tell_scan_first(mask);
	}
	/* The last block overlaps the one before rather than reach behind the text. */
	tell_scan_mask mask = stops(tell_scan_load(s + last));
	return mask ? last + tell_scan_first(mask) : n;
}

size_t tell_clean_prefix(const char *s, size_t n)
{
	return scan(s, n, tell_scan_not_clean);
}

size_t tell_plain_prefix(const char *s, size_t n)
{
	return scan(s, n, tell_scan_not_plain);
}

size_t tell_ascii_prefix(const char *s, size_t n)
{
	return scan(s, n, tell_scan_not_ascii);
}
