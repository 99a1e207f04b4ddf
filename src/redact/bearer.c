#include "redact/search.h"
#include "redact/text.h"

/* "Bearer <token68>" (RFC 6750 section 2.1) and "Basic <base64 of user:password>" (RFC
 * 7617 section 2), where no Authorization header says so. Prose has these words too, so
 * the token must look like one: Basic must decode to something with a colon in it. */
#define BLANKS_MAX  4
#define LONG	    24 /* no word of a sentence */
#define SLASHES_MAX 63

/* JSON may write a slash as "\/" (RFC 8259 section 7), json-c does; JSON within JSON as
 * "\\\/". 0: there is none. */
static size_t escaped_slash_end(const struct tell_search *x, size_t at)
{
	size_t i = at;
	while (i < x->n && i - at < SLASHES_MAX && x->s[i] == '\\')
		i++;
	return i > at && i < x->n && x->s[i] == '/' ? i + 1 : 0;
}

static size_t token_end(struct tell_search *x, size_t at)
{
	while (at < x->n) {
		if (tell_char_is(x->s[at], TELL_CHAR_TOKEN68)) {
			at++;
			continue;
		}
		size_t end = escaped_slash_end(x, at);
		if (!end)
			break;
		at = end;
	}
	while (at < x->n && x->s[at] == '=')
		at++;
	return at;
}

/* Not "authentication", "token", "realm=", "of". */
static bool is_opaque(const char *s, size_t len)
{
	bool digit = false, lower = false, upper_inside = false;
	for (size_t i = 0; i < len; i++) {
		digit |= tell_is_digit(s[i]);
		lower |= s[i] >= 'a' && s[i] <= 'z';
		upper_inside |= i > 0 && s[i] >= 'A' && s[i] <= 'Z';
	}
	if (len >= LONG)
		return true;
	if (len < 6)
		return false;
	return digit || (lower && upper_inside);
}

static int sextet(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (tell_is_digit(c))
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	return c == '/' || c == '_' ? 63 : -1;
}

/* Is it base64 of printable text with a colon? */
static bool is_user_and_password(const char *s, size_t len)
{
	unsigned bits = 0, value = 0;
	bool colon = false;
	for (size_t i = 0; i < len && s[i] != '='; i++) {
		if (s[i] == '\\')
			continue; /* of an escaped slash */
		int six = sextet(s[i]);
		if (six < 0)
			return false;
		value = (value << 6 | (unsigned)six) & 0xffff;
		bits += 6;
		if (bits < 8)
			continue;
		bits -= 8;
		unsigned char c = (unsigned char)(value >> bits);
		if (c < 0x20 || c == 0x7f)
			return false;
		colon |= c == ':';
	}
	return colon;
}

void tell_find_bearer(struct tell_search *x, size_t at)
{
	size_t word = at - 1;
	bool basic = tell_text_starts_with(x->s, x->n, word, "basic");
	if (!basic && !tell_text_starts_with(x->s, x->n, word, "bearer"))
		return;
	if (!tell_text_begins_word(x->s, word))
		return;

	size_t from = word + (basic ? 5 : 6), after_word = from;
	while (from < x->n && from - after_word < BLANKS_MAX &&
		(x->s[from] == ' ' || x->s[from] == '\t'))
		from++;
	if (from == after_word)
		return;
	size_t to = token_end(x, from);
	const char *token = x->s + from;
	size_t len = to - from;
	if (basic ? is_user_and_password(token, len) : is_opaque(token, len))
		tell_search_add(x, TELL_SPAN_BEARER, from, to);
}
