#pragma once
#include "base/scan.h"

/* TELL_SCAN_WORD: the tests look at the form that other machines get. */
#if defined(__SSE2__) && !defined(TELL_SCAN_WORD)
#include "base/scan_sse2.h"
#else
#include "base/scan_word.h"
#endif

/* Looking and copying in one pass: what encoders do with all text.
 *
 * Threads: pure functions. */

/* Bytes behind the copy that may be written to as well. */
#define TELL_COPY_SPARE TELL_SCAN_BLOCK

/* Copy the clean prefix of s (see tell_clean_prefix) to `to`, which has room for
 * n + TELL_COPY_SPARE bytes; what is behind the prefix there means nothing. Nothing is
 * read at or behind s + n. Returns the prefix's length. */
static inline size_t tell_copy_clean(char *to, const char *s, size_t n)
{
	if (n < TELL_SCAN_BLOCK) {
		tell_scan_block v = tell_scan_load_short(s, n);
		tell_scan_store(to, v);
		return tell_scan_first(tell_scan_not_clean(v) | tell_scan_end(n));
	}
	size_t last = n - TELL_SCAN_BLOCK;
	for (size_t at = 0; at < last; at += TELL_SCAN_BLOCK) {
		tell_scan_block v = tell_scan_load(s + at);
		tell_scan_store(to + at, v);
		tell_scan_mask mask = tell_scan_not_clean(v);
		if (__builtin_expect(mask != 0, 0))
			return at + tell_scan_first(mask);
	}
	tell_scan_block v = tell_scan_load(s + last);
	tell_scan_store(to + last, v);
	tell_scan_mask mask = tell_scan_not_clean(v);
	return __builtin_expect(mask != 0, 0) ? last + tell_scan_first(mask) : n;
}
