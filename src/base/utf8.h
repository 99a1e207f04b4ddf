#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/scan.h"

/* UTF-8 as RFC 3629 has it: no surrogates, no overlong forms, nothing over U+10FFFF.
 *
 * Shape:   text is pointer and length; NUL is a byte like any other. Nothing is read at
 *          or behind s + n.
 * Threads: pure functions. */
#define TELL_UTF8_MAX_BYTES 4
#define TELL_CP_REPLACEMENT UINT32_C(0xfffd)

/* Length of the longest prefix that is whole, valid characters; n when all is. */
size_t tell_utf8_valid(const char *s, size_t n);

/* The largest m <= max (and <= n) at which valid text can be cut without splitting a
 * character. Among invalid bytes it cuts at most 3 before max. */
size_t tell_utf8_cut(const char *s, size_t n, size_t max);

/* The same of text that somebody has cut at n bytes already: n, less the begin of a character
 * whose rest is gone. */
size_t tell_utf8_whole(const char *s, size_t n);

/* Read one character (n >= 1): the bytes it takes. An ill-formed one gives U+FFFD and
 * takes its maximal subpart (Unicode 15, section 3.9, table 3-8), so that a decoder of
 * our output finds as many U+FFFD as any other conforming decoder. */
int tell_utf8_next(const char *s, size_t n, uint32_t *ret_cp);

/* Write a character, 1 to 4 bytes; returns how many. Not a Unicode scalar value: U+FFFD. */
size_t tell_utf8_put(char *p, uint32_t cp);

/* Characters that act on a terminal, a line or the reading order instead of being shown:
 * C0, DEL, C1, the bidi controls (Unicode 15 annex #9, table 4) and U+2028/2029. */
static inline bool tell_cp_unsafe(uint32_t cp)
{
	if (cp < 0x20 || (cp >= 0x7f && cp <= 0x9f))
		return true;
	if (cp < 0x61c)
		return false;
	return cp == 0x61c || cp == 0x200e || cp == 0x200f ||
		(cp >= 0x2028 && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069);
}
