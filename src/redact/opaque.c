#include "redact/pair.h"
#include "redact/text.h"

/* What stands behind the words "token" and "API key" without a sign, when nobody would take
 * it for a word: 20 characters with digits and letters of both cases, or 32 of hex. */
#define MIXED_MIN 20
#define HEX_MIN	  32

/* Is this the k and e of such a word? Its end, else 0. */
static size_t word_end(const struct tell_search *x, size_t at)
{
	static const char *const before[] = { "api", "secret", "access", "private",
		"auth" };
	const char *s = x->s;
	bool token = at > 2 && tell_text_starts_with(s, x->n, at - 3, "token");
	size_t to = at + 2;
	if (to >= x->n || tell_char_is_word(s[to]))
		return 0;
	if (token)
		return to;
	if (s[at + 1] != 'y' && s[at + 1] != 'Y')
		return 0;
	size_t end = at - 1;
	if (end && (s[end - 1] == ' ' || s[end - 1] == '_' || s[end - 1] == '-'))
		end--;
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		size_t len = strlen(before[i]);
		if (end >= len && tell_text_starts_with(s, x->n, end - len, before[i]))
			return to;
	}
	return 0;
}

static size_t skip_between(const struct tell_search *x, size_t at)
{
	static const char *const verbs[] = { " is", " was", " =", " of" };
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (tell_text_starts_with(x->s, x->n, at, verbs[i])) {
			at += strlen(verbs[i]);
			break;
		}
	size_t stop = at + 4;
	while (at < x->n && at < stop && memchr(" [(\"'`\\<", x->s[at], 8))
		at++;
	return at;
}

void tell_find_opaque(struct tell_search *x, size_t at)
{
	size_t end = word_end(x, at);
	if (!end)
		return;
	tell_find_listed(x, end);
	tell_find_column(x, at - 1, end);
	tell_find_cell(x, end);
	size_t from = skip_between(x, end), to = from;
	bool digit = false, lower = false, upper = false, hex = true;
	if (from == end)
		return;
	while (to < x->n &&
		(tell_char_is(x->s[to], TELL_CHAR_TOKEN68) || x->s[to] == '_' ||
			x->s[to] == '=')) {
		char c = x->s[to++], low = tell_char_lower(c);
		digit |= tell_is_digit(c);
		lower |= c >= 'a' && c <= 'z';
		upper |= c >= 'A' && c <= 'Z';
		hex &= tell_is_digit(c) || (low >= 'a' && low <= 'f');
	}
	while (to > from && (x->s[to - 1] == '.' || x->s[to - 1] == '/'))
		to--;
	size_t len = to - from;
	if (memchr(x->s + from, '/', len < 3 ? len : 3) && x->s[from] == '/')
		return; /* a path */
	if ((len >= MIXED_MIN && digit && lower && upper) ||
		(len >= HEX_MIN && hex && digit && (lower || upper)))
		tell_search_add(x, TELL_SPAN_PAIR, from, to);
}
