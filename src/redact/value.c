#include "redact/pair.h"
#include "redact/text.h"

/* The value behind a secret's name: in quotes, a JSON number or container, or bare. */
#define BLANKS_MAX  64 /* values in columns */
#define SLASHES_MAX 63
#define NEAR	    512
#define LONG_MAX    256

static void add(struct tell_search *x, size_t from, size_t to)
{
	tell_search_add(x, TELL_SPAN_PAIR, from, to);
}

/* Was all of it masked before? A mask with more behind it is no mask: anybody can write
 * one in front of a secret. */
static bool is_masked(const struct tell_search *x, size_t from, size_t to)
{
	size_t mask = tell_text_mask(x->s, x->n, from);
	return mask && from + mask == to;
}

/* /etc/ssl/private/x.key: two slashes or more, and what paths are made of. */
static bool is_file(const char *s, size_t len)
{
	size_t slashes = 0;
	if (s[0] != '/' || len < 4)
		return false;
	for (size_t i = 0; i < len; i++) {
		slashes += s[i] == '/';
		if (s[i] != '/' && !tell_char_is(s[i], TELL_CHAR_NAME))
			return false;
	}
	return slashes > 1;
}

/* 17, 12ms, 98%: a count or how long it took. */
static bool is_count(const char *s, size_t len)
{
	size_t i = 0;
	while (i < len && tell_is_digit(s[i]))
		i++;
	if (i == 0 || i > 3)
		return false;
	return i == len || (len - i <= 2 && !tell_is_digit(s[len - 1]));
}

static bool is_digit(const void *s, size_t i)
{
	return tell_is_digit(((const char *)s)[i]);
}

static bool is_alpha(const void *s, size_t i)
{
	return tell_char_is(((const char *)s)[i], TELL_CHAR_ALPHA);
}

static bool is_space(const void *s, size_t i)
{
	return tell_char_is(((const char *)s)[i], TELL_CHAR_SPACE);
}

/* As tell_secret_long(), of many values that overlap. */
static bool is_long(struct tell_search *x, size_t from, size_t to)
{
	struct tell_walked *w = tell_search_walked(x);
	size_t stop = to - from < LONG_MAX ? to : from + LONG_MAX;
	return to - from >= 16 &&
		tell_gap_walk(&w->digit, from, stop, is_digit, x->s) < stop &&
		tell_gap_walk(&w->alpha, from, stop, is_alpha, x->s) < stop &&
		tell_gap_walk(&w->space, from, stop, is_space, x->s) == stop;
}

/* pwd=/home/ann is where somebody works; pin=17 is a leg of a chip. */
static bool is_something_else(
	struct tell_search *x, enum tell_secret means, size_t from, size_t to)
{
	const char *s = x->s + from;
	size_t len = to - from;
	if (is_file(s, len))
		return true;
	if (means == TELL_SECRET_WORKDIR)
		return s[0] == '/' || (len > 1 && s[0] == '~' && s[1] == '/') ||
			(len > 2 && s[1] == ':' && s[2] == '\\');
	if (means == TELL_SECRET_LONG)
		return !is_long(x, from, to);
	return means == TELL_SECRET_SHORT && is_count(s, len);
}

static void quoted(struct tell_search *x, const struct tell_pair *p, size_t from,
	char quote, size_t k)
{
	size_t to = tell_text_quote_end(x->s, x->n, from, quote, k);
	/* SQL writes a quote within a string twice. */
	while (quote == '\'' && to > from && to + 1 < x->n && x->s[to] == '\'' &&
		x->s[to + 1] == '\'')
		to = tell_text_quote_end(x->s, x->n, to + 2, quote, k);
	bool parameters;
	if (p->means == TELL_SECRET_AUTH)
		from = tell_scheme_end(x->s, from, to, &parameters);
	if (from >= to || is_masked(x, from, to) ||
		tell_value_harmless(x->s + from, to - from) ||
		is_something_else(x, p->means, from, to))
		return; /* what else is in there may still be one */
	x->quoted_done = to;
	add(x, from, to);
}

/* ---- JSON without quotes ---- */

static size_t container_end(const struct tell_search *x, size_t at, size_t k)
{
	size_t depth = 0;
	for (size_t i = at; i < x->n; i++) {
		char c = x->s[i];
		if (c == '{' || c == '[')
			depth++;
		else if ((c == '}' || c == ']') && --depth == 0)
			return i + 1;
		else if (c == '"') {
			i = tell_text_quote_end(x->s, x->n, i + 1, '"', k);
			while (i < x->n && x->s[i] == '\\')
				i++; /* not k: a string around this one may end */
		}
	}
	return x->n;
}

static void add_quoted(
	struct tell_search *x, const struct tell_pair *p, size_t from, size_t to)
{
	tell_spans_add(x->spans,
		(struct tell_span){ .from = from,
			.to = to,
			.kind = TELL_SPAN_PAIR,
			.quoted = true,
			.escapes = p->escapes });
}

/* "credentials": {...}: all of it, unless it is empty. What goes on directly behind it is no
 * JSON: the bracket was in some other value, and that goes as well. */
static void container(struct tell_search *x, const struct tell_pair *p, size_t at)
{
	size_t to = container_end(x, at, p->escapes);
	if (to < x->n && !tell_char_is(x->s[to], TELL_CHAR_SPACE) &&
		!memchr(",}]\"'\\", x->s[to], 6))
		to = tell_bare_end(x, p, to);
	x->quoted_done = to;
	if (to - at > 2)
		add_quoted(x, p, at, to);
}

/* "pin": 1234, of which JSON needs a string to be made. False: it is no number. */
static bool number(struct tell_search *x, const struct tell_pair *p, size_t at)
{
	size_t i = at;
	while (i < x->n && (tell_is_digit(x->s[i]) || memchr("+-.eE", x->s[i], 5)))
		i++;
	if (i == at ||
		(i < x->n && !tell_char_is(x->s[i], TELL_CHAR_SPACE) &&
			!memchr(",}]", x->s[i], 3)))
		return false;
	if (!is_something_else(x, p->means, at, i))
		add_quoted(x, p, at, i);
	return true;
}

/* ---- bare ---- */

/* Cookies go on behind "; " (RFC 6265 section 4.2.1). */
static size_t cookies_end(
	const struct tell_search *x, const struct tell_pair *p, size_t at)
{
	if (x->s[p->sign] == ':')
		return tell_line_end(x, p, at);
	size_t to = tell_bare_end(x, p, at);
	while (to + 2 < x->n && x->s[to] == ';' && x->s[to + 1] == ' ' &&
		tell_pair_begins(x, to + 2))
		to = tell_bare_end(x, p, to + 2);
	return to;
}

static size_t bare_end(const struct tell_search *x, const struct tell_pair *p, size_t at,
	bool parameters)
{
	if (p->means == TELL_SECRET_COOKIES)
		return cookies_end(x, p, at);
	return parameters ? tell_line_end(x, p, at) : tell_bare_end(x, p, at);
}

/* "Authorization: Custom d41d8cd98f": the second word of an unknown scheme. */
static size_t second_word(
	const struct tell_search *x, const struct tell_pair *p, size_t at, size_t to)
{
	if (to - at > 24 || to + 1 >= x->n || x->s[to] != ' ' || x->s[p->sign] != ':')
		return to;
	size_t end = tell_bare_end(x, p, to + 1);
	bool digit = false;
	for (size_t i = to + 1; i < end && i < to + 64; i++)
		digit |= tell_is_digit(x->s[i]);
	return digit && end - to > 8 ? end : to;
}

/* "password: field required": a sentence goes on behind the colon. */
static bool is_prose(
	const struct tell_search *x, const struct tell_pair *p, size_t from, size_t to)
{
	const char *s = x->s;
	if (s[p->sign] != ':' || s[p->sign + 1] != ' ' || p->quote || to - from > 14 ||
		to + 1 >= x->n || s[to] != ' ' ||
		!tell_char_is(s[to + 1], TELL_CHAR_ALPHA | TELL_CHAR_DIGIT))
		return false;
	for (size_t i = from; i < to; i++)
		if (s[i] < 'a' || s[i] > 'z')
			return false;
	return true;
}

static bool is_equals_or_line(const void *s, size_t i)
{
	char c = ((const char *)s)[i];
	return c == '=' || c == '\n';
}

/* "cookies: 3 set" is no cookie: those have a '=' near. */
static bool is_cookie(struct tell_search *x, size_t at)
{
	size_t stop = x->n - at < NEAR ? x->n : at + NEAR;
	size_t i = tell_gap_walk(
		&tell_search_walked(x)->no_equals, at, stop, is_equals_or_line, x->s);
	return i < stop && x->s[i] == '=';
}

static void bare(struct tell_search *x, const struct tell_pair *given, size_t at)
{
	struct tell_pair pair = *given;
	const struct tell_pair *p = &pair;
	if (at < x->bare_done && x->bare_masked)
		return;
	if (p->means == TELL_SECRET_COOKIES && !is_cookie(x, at))
		pair.means = TELL_SECRET_SHORT;
	bool parameters = false;
	size_t from = at;
	if (p->means == TELL_SECRET_AUTH)
		from = tell_scheme_end(x->s, at, x->n, &parameters);

	size_t mask = tell_text_mask(x->s, x->n, from);
	if (mask && bare_end(x, p, from + mask, parameters) == from + mask)
		return;
	bool inside = from < x->bare_done && p->means != TELL_SECRET_COOKIES &&
		!parameters;
	size_t to = inside ? x->bare_done : bare_end(x, p, from, parameters);
	if (p->means == TELL_SECRET_AUTH && from == at)
		to = second_word(x, p, from, to);

	x->bare_done = to;
	x->bare_masked = to > from && !tell_value_harmless(x->s + from, to - from) &&
		!is_something_else(x, p->means, from, to) && !is_prose(x, p, from, to);
	if (x->bare_masked)
		add(x, from, to);
}

/* "password= user=ann": the value is empty. */
static bool is_left_out(const struct tell_search *x, const struct tell_pair *p, size_t at)
{
	if (x->s[p->sign] != '=' || at == p->sign + 1)
		return false;
	bool loose = p->sign > 0 && tell_char_is(x->s[p->sign - 1], TELL_CHAR_SPACE);
	return !loose && tell_pair_begins(x, at);
}

/* {"m":"enter password:"}: the quote behind an unquoted name ends what is around it. */
static bool closes_around(
	const struct tell_search *x, const struct tell_pair *p, size_t at)
{
	return !p->quote &&
		(at + 1 == x->n || memchr(",}]:)", x->s[at + 1], 5) ||
			(p->around == x->s[at] &&
				tell_text_quote_closes(x->s, x->n, at)));
}

/* "password:" and the value on a line of its own, as YAML and prompts have it. What is a
 * pair there speaks for itself. */
static size_t on_next_line(
	const struct tell_search *x, const struct tell_pair *p, size_t at)
{
	size_t i = x->s[p->sign] == ':' ? tell_next_line(x, at) : 0;
	if (!i)
		return at;
	if (i + 1 < x->n && x->s[i] == '-' && x->s[i + 1] == ' ')
		i += 2; /* the first of a list */
	return tell_pair_begins(x, i) ? x->n : i;
}

/* Behind what says the type: string(12), (string) (len=12). */
static size_t behind_type(const struct tell_search *x, size_t at)
{
	size_t i = at;
	if (tell_text_starts_with(x->s, x->n, i, "string(") ||
		tell_text_starts_with(x->s, x->n, i, "(string) ")) {
		const char *end = memchr(x->s + i, ')', x->n - i < 24 ? x->n - i : 24);
		i = end ? (size_t)(end - x->s) + 1 : i;
		while (i < x->n && x->s[i] == ' ')
			i++;
		if (i < x->n && x->s[i] == '(')
			return behind_type(x, i + 1);
	} else if (tell_text_starts_with(x->s, x->n, i, "len=")) {
		while (i < x->n && i - at < 16 && x->s[i] != '"')
			i++;
	}
	return i;
}

/* Behind the blanks; n: there is no value. */
static size_t value_begin(
	const struct tell_search *x, const struct tell_pair *p, size_t at)
{
	const char *s = x->s;
	size_t i = at;
	while (i < x->n && i - at < BLANKS_MAX &&
		(s[i] == ' ' || s[i] == '\t' ||
			(p->quote && (s[i] == '\n' || s[i] == '\r'))))
		i++;
	if (i < x->n && (s[i] == 's' || s[i] == '('))
		i = behind_type(x, i);
	if (i < x->n && !p->quote)
		i = on_next_line(x, p, i);
	return i < x->n && is_left_out(x, p, i) ? x->n : i;
}

/* Is there a value in quotes, escaped or not? */
static bool in_quotes(struct tell_search *x, const struct tell_pair *p, size_t at)
{
	const char *s = x->s;
	size_t q = at, k = 0;
	if (q + 1 < x->n && memchr("bBuUrR", s[q], 6) &&
		(s[q + 1] == '"' || s[q + 1] == '\''))
		q++; /* Python's b'...' */
	while (q < x->n && k < SLASHES_MAX && s[q] == '\\')
		k++, q++;
	if (q == x->n || !memchr("\"'`", s[q], 3))
		return false;
	if (!closes_around(x, p, q))
		quoted(x, p, q + 1, s[q], k);
	return true;
}

void tell_pair_value(struct tell_search *x, const struct tell_pair *p, size_t at)
{
	const char *s = x->s;
	size_t i = value_begin(x, p, at);
	if (i >= x->n || in_quotes(x, p, i))
		return;
	if (s[p->sign] == ':' && !p->quote && tell_pair_block(x, i))
		return;
	bool brace = s[i] == '{' || s[i] == '[', mask = tell_text_mask(s, x->n, i) > 0;
	if ((p->quote || p->means == TELL_SECRET_COOKIES) && brace && !mask) {
		container(x, p, i);
		return;
	}
	if (p->quote && number(x, p, i))
		return;
	if (!p->quote && (brace || s[i] == '(') && !mask && tell_pair_begins(x, i + 1))
		return; /* credentials={user:ann password:x}: they speak for themselves */
	bare(x, p, i);
}
