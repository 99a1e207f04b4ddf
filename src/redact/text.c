#include "redact/text.h"

#define WORDY		       (TELL_CHAR_B64URL | TELL_CHAR_TOKEN68 | TELL_CHAR_NAME | TELL_CHAR_SCHEME)
#define D		       (TELL_CHAR_DIGIT | WORDY | TELL_CHAR_ENDS_NAME)
#define A		       (TELL_CHAR_ALPHA | WORDY)
#define E		       (A | TELL_CHAR_ENDS_NAME) /* the last letters of the words in secret.c */
#define S		       TELL_CHAR_SPACE
#define U		       (TELL_CHAR_NAME | TELL_CHAR_ENDS_NAME) /* UTF-8: contraseña */
#define FOUR(c)		       [c] = U, [(c) + 1] = U, [(c) + 2] = U, [(c) + 3] = U
#define MANY(c)		       FOUR(c), FOUR((c) + 4), FOUR((c) + 8), FOUR((c) + 12)
#define LETTER(lower, classes) [lower] = (classes), [(lower) - 'a' + 'A'] = (classes)

/* clang-format off */
const uint8_t tell_char_class[256] = {
	[0] = S, ['\t'] = S, ['\n'] = S, ['\v'] = S, ['\f'] = S, ['\r'] = S, [' '] = S,
	['$'] = TELL_CHAR_NAME,
	['+'] = TELL_CHAR_TOKEN68 | TELL_CHAR_SCHEME,
	['-'] = WORDY,
	['.'] = TELL_CHAR_TOKEN68 | TELL_CHAR_NAME | TELL_CHAR_SCHEME,
	['/'] = TELL_CHAR_TOKEN68,
	['_'] = TELL_CHAR_B64URL | TELL_CHAR_TOKEN68 | TELL_CHAR_NAME | TELL_CHAR_ENDS_NAME,
	['~'] = TELL_CHAR_TOKEN68,
	['0'] = D, ['1'] = D, ['2'] = D, ['3'] = D, ['4'] = D,
	['5'] = D, ['6'] = D, ['7'] = D, ['8'] = D, ['9'] = D,
	LETTER('a', E), LETTER('b', A), LETTER('c', E), LETTER('d', E),
	LETTER('e', E), LETTER('f', A), LETTER('g', E), LETTER('h', E),
	LETTER('i', E), LETTER('j', A), LETTER('k', E), LETTER('l', E),
	LETTER('m', E), LETTER('n', E), LETTER('o', E), LETTER('p', E),
	LETTER('q', A), LETTER('r', E), LETTER('s', E), LETTER('t', E),
	LETTER('u', A), LETTER('v', E), LETTER('w', E), LETTER('x', A),
	LETTER('y', E), LETTER('z', A),
	MANY(0x80), MANY(0x90), MANY(0xa0), MANY(0xb0), MANY(0xc0), MANY(0xd0), MANY(0xe0),
	MANY(0xf0),
};
/* clang-format on */

bool tell_text_starts_with(const char *s, size_t n, size_t at, const char *literal)
{
	for (; *literal; literal++, at++)
		if (at >= n || tell_char_lower(s[at]) != *literal)
			return false;
	return true;
}

size_t tell_text_find(const char *s, size_t n, size_t at, const char *literal)
{
	const char *p = at < n ? memmem(s + at, n - at, literal, strlen(literal)) : NULL;
	return p ? (size_t)(p - s) : n;
}

size_t tell_text_mask(const char *s, size_t n, size_t at)
{
	static const char begin[] = "[REDACTED";
	size_t len = sizeof(begin) - 1;
	if (n - at <= len || memcmp(s + at, begin, len) != 0)
		return 0;
	size_t i = at + len;
	if (s[i] == ':') {
		i++;
		while (i < n && i - at < 32 && s[i] >= 'a' && s[i] <= 'z')
			i++;
	}
	if (i < n && s[i] == ':') { /* style=partial has 4 behind it, hmac 16 */
		size_t from = ++i;
		while (i < n && i - from < 16 &&
			tell_char_is(s[i], TELL_CHAR_DIGIT | TELL_CHAR_ALPHA))
			i++;
		if (i - from != 4 && i - from != 16)
			return 0;
	}
	return i < n && s[i] == ']' ? i + 1 - at : 0;
}

bool tell_text_quote_closes(const char *s, size_t n, size_t at)
{
	size_t i = at + 1;
	return i >= n || tell_char_is(s[i], TELL_CHAR_SPACE) || s[i] == ',' ||
		s[i] == '}' || s[i] == ']' || s[i] == ')' || s[i] == ':' || s[i] == ';' ||
		s[i] == '\\' || s[i] == '"' || s[i] == '\'' || s[i] == '>' ||
		s[i] == '|' || s[i] == '&';
}

size_t tell_text_quote_end(const char *s, size_t n, size_t at, char quote, size_t k)
{
	size_t slashes = 0; /* how many stand in front of s[i] */
	for (size_t i = at; i < n; i++) {
		if (s[i] == '\\') {
			slashes++;
			continue;
		}
		if (s[i] == quote && tell_text_quote_ends(slashes, k))
			return i - (slashes < k ? slashes : k);
		slashes = 0;
	}
	return n;
}
