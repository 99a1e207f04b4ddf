#include "redact/pair.h"
#include "redact/text.h"

#define LOOK_AHEAD 64

/* Base64 with its '=' at the end, and nothing behind that would be a value. */
static bool is_padded(const struct tell_search *x, size_t from, size_t at)
{
	size_t i = at;
	while (i < x->n && x->s[i] == '=')
		i++;
	if (at - from < 16 || i == at || i - at > 2)
		return false;
	return i == x->n || tell_char_is(x->s[i], TELL_CHAR_SPACE) ||
		memchr("\"'\\,;)]}&", x->s[i], 9) != NULL;
}

bool tell_pair_begins(const struct tell_search *x, size_t at)
{
	size_t i = at, stop = at + LOOK_AHEAD;
	while (i < x->n && i < stop && tell_char_is(x->s[i], TELL_CHAR_SPACE))
		i++;
	while (i < x->n && i < stop &&
		(x->s[i] == '\\' || x->s[i] == '"' || x->s[i] == '\''))
		i++;
	size_t name = i;
	while (i < x->n && i < stop && tell_char_is(x->s[i], TELL_CHAR_NAME))
		i++;
	if (i == name || is_padded(x, name, i))
		return false;
	while (i < x->n && i < stop &&
		(x->s[i] == '\\' || x->s[i] == '"' || x->s[i] == '\'' || x->s[i] == ' '))
		i++;
	return i < x->n && (x->s[i] == '=' || x->s[i] == ':');
}

/* The end of a written-out line end or tab, \n or \\r and so on; 0: none at `at`. */
static size_t escape_end(const struct tell_search *x, size_t at)
{
	size_t i = at;
	while (i < x->n && i - at < LOOK_AHEAD && x->s[i] == '\\')
		i++;
	if (i == at || i >= x->n || (x->s[i] != 'n' && x->s[i] != 'r' && x->s[i] != 't'))
		return 0;
	return i + 1;
}

/* Does something new begin behind the sign at `at`, or nothing at all? */
static bool separates(const struct tell_search *x, size_t at)
{
	return at + 1 == x->n || tell_char_is(x->s[at + 1], TELL_CHAR_SPACE) ||
		tell_pair_begins(x, at + 1);
}

size_t tell_next_line(const struct tell_search *x, size_t at)
{
	size_t i = at;
	for (int k = 0; k < 2 && i < x->n; k++) { /* \r\n */
		size_t end = x->s[i] == '\n' || x->s[i] == '\r' ? i + 1
								: escape_end(x, i);
		if (!end || x->s[end - 1] == 't')
			break;
		i = end;
	}
	size_t text = i;
	while (text < x->n && text - i < LOOK_AHEAD &&
		(x->s[text] == ' ' || x->s[text] == '\t'))
		text++;
	return i > at && text > i ? text : 0;
}

/* A password may hold a backslash and an n, so a written-out line end counts only when
 * something new begins behind it. */
static bool ends_at_escape(const struct tell_search *x, size_t at)
{
	size_t end = escape_end(x, at);
	for (int i = 0; i < 3 && end && end < x->n; i++) { /* \r\n\t */
		size_t next = escape_end(x, end);
		if (!next)
			break;
		end = next;
	}
	return end &&
		(end == x->n || tell_char_is(x->s[end], TELL_CHAR_SPACE) ||
			x->s[end] == '"' || tell_pair_begins(x, end));
}

static size_t before_slashes(const struct tell_search *x, size_t from, size_t at)
{
	while (at > from && x->s[at - 1] == '\\')
		at--;
	return at;
}

/* Is s[i], in a value that begins at `at`, the quote that ends what is around the pair? */
static bool ends_around(
	const struct tell_search *x, const struct tell_pair *p, size_t at, size_t i)
{
	return tell_text_quote_ends(i - before_slashes(x, at, i), p->around_escapes);
}

static bool ends_bare(
	const struct tell_search *x, const struct tell_pair *p, size_t at, size_t i)
{
	char c = x->s[i];
	if (tell_char_is(c, TELL_CHAR_SPACE))
		return true;
	if (p->around && c == p->around)
		return ends_around(x, p, at, i);
	switch (c) {
	case ',':
	case ';':
	case '&':
	case '|':
		return separates(x, i);
	case '"':
	case '\'':
	case '`':
		return tell_text_quote_closes(x->s, x->n, i);
	case '<':
		return i + 1 < x->n && x->s[i + 1] == '/'; /* </password> */
	case '\\':
		return ends_at_escape(x, i);
	default:
		return false;
	}
}

/* Signs at the end that belong to what is around the value: "(token=x)." - but a bracket
 * that was opened in the value is closed by it. */
static size_t without_signs(const struct tell_search *x, size_t at, size_t end)
{
	static const char closing[] = ")]}>,;.", opening[] = "([{<";
	bool opened[4] = { false };
	if (end == at || !memchr(closing, x->s[end - 1], sizeof(closing) - 1))
		return end;
	for (size_t i = at; i < end; i++)
		for (size_t b = 0; b < sizeof(opened); b++)
			opened[b] |= x->s[i] == opening[b];
	while (end > at) {
		const char *sign = memchr(closing, x->s[end - 1], sizeof(closing) - 1);
		if (!sign || (sign < closing + sizeof(opened) && opened[sign - closing]))
			break;
		end--;
	}
	return end;
}

size_t tell_bare_end(const struct tell_search *x, const struct tell_pair *p, size_t at)
{
	size_t i = at;
	while (i < x->n && !ends_bare(x, p, at, i))
		i++;
	if (i < x->n && (x->s[i] == '"' || x->s[i] == '\''))
		i = before_slashes(x, at, i);
	return without_signs(x, at, i);
}

size_t tell_line_end(const struct tell_search *x, const struct tell_pair *p, size_t at)
{
	char open = '\0'; /* inside a parameter's quotes: realm="..." */
	for (size_t i = at; i < x->n; i++) {
		char c = x->s[i];
		if (c == '\n' || c == '\r' || c == '\0' ||
			(c == '\\' && ends_at_escape(x, i)))
			return i;
		if (c != '"' && c != '\'' && c != p->around)
			continue;
		size_t begin = before_slashes(x, at, i);
		if (p->around) {
			if (c == p->around && ends_around(x, p, at, i))
				return begin;
			continue;
		}
		if (open)
			open = c == open ? '\0' : open;
		else if (begin > at && x->s[begin - 1] == '=')
			open = c;
		else if (tell_text_quote_closes(x->s, x->n, i))
			return begin;
	}
	return x->n;
}
