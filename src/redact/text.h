#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include "base/ascii.h"

/* What the detectors ask about bytes. All of it is ASCII; other bytes are of no class but
 * may be part of a secret.
 *
 * Threads: pure functions.
 * Source:  RFC 4648 section 5 (base64url), RFC 9110 section 11.2 (token68). */
enum {
	TELL_CHAR_DIGIT = 0x01,
	TELL_CHAR_ALPHA = 0x02,
	TELL_CHAR_SPACE = 0x04,	  /* blank, tab, line ends, NUL */
	TELL_CHAR_B64URL = 0x08,  /* letters, digits, '-' '_' */
	TELL_CHAR_TOKEN68 = 0x10, /* letters, digits, -._~+/ */
	TELL_CHAR_NAME =
		0x20, /* what a field's name is spelled with: letters digits _-.$, not ASCII */
	TELL_CHAR_SCHEME = 0x40,   /* RFC 3986 section 3.1: letters, digits, +-. */
	TELL_CHAR_ENDS_NAME = 0x80 /* a secret's name may end with it */
};
extern const uint8_t tell_char_class[256];

static inline bool tell_char_is(char c, int classes)
{
	return (tell_char_class[(unsigned char)c] & classes) != 0;
}

static inline bool tell_char_is_word(char c)
{
	return tell_char_is(c, TELL_CHAR_DIGIT | TELL_CHAR_ALPHA) || c == '_';
}

static inline char tell_char_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* Is s[i] the letter of an escape such as the n of "\n", that is no part of a word? */
static inline bool tell_char_is_escape(const char *s, size_t i)
{
	return i > 0 && s[i - 1] == '\\' &&
		(s[i] == 'n' || s[i] == 'r' || s[i] == 't' || s[i] == 'f' || s[i] == 'b');
}

/* Does a word that begins at `at` stand alone on its left? */
static inline bool tell_text_begins_word(const char *s, size_t at)
{
	return at == 0 || !tell_char_is_word(s[at - 1]) || tell_char_is_escape(s, at - 1);
}

/* Does s[at..n) start with the lower-case literal, in any case? */
bool tell_text_starts_with(const char *s, size_t n, size_t at, const char *literal);

/* The first place at or behind `at` where the literal stands; n: nowhere. */
size_t tell_text_find(const char *s, size_t n, size_t at, const char *literal);

/* How many bytes of s[at..n) are a mask of ours, "[REDACTED]" and so on (redact/style.h). */
size_t tell_text_mask(const char *s, size_t n, size_t at);

/* Does the quote s[at], with its backslashes before it, look like the end of a quoted
 * string: is what follows not part of a value? */
bool tell_text_quote_closes(const char *s, size_t n, size_t at);

/* Does a quote behind so many backslashes end a string that one behind k opened? With
 * fewer a string around this one ends. Escaped backslashes of the string's own come
 * 2(k+1) at a time. */
static inline bool tell_text_quote_ends(size_t slashes, size_t k)
{
	return slashes <= k || (slashes - k) % (2 * (k + 1)) == 0;
}

/* The end of a string that `quote`, escaped by k backslashes, opened in front of `at`:
 * where its closing quote's backslashes begin; n: it is not closed. k is 0, 1, 3, 7, ...
 * as JSON within JSON escapes its quotes. */
size_t tell_text_quote_end(const char *s, size_t n, size_t at, char quote, size_t k);
