#include "redact/pair.h"
#include "redact/text.h"

/* The value behind a secret's name: in quotes, a JSON number or container, or bare. */
#define BLANKS_MAX  64 /* values in columns */
#define SLASHES_MAX 63

static void add(struct tell_search *x, size_t from, size_t to)
{
	tell_search_add(x, TELL_SPAN_PAIR, from, to);
}

/* Was it masked before? What follows the mask is not looked at: where the value ended may
 * have been told by text that is masked itself by now. */
static bool is_masked(const struct tell_search *x, size_t from)
{
	return tell_text_mask(x->s, x->n, from) > 0;
}

/* pwd=/home/ann is where somebody works; pin=17 is a leg of a chip. */
static bool is_something_else(
	const struct tell_search *x, enum tell_secret means, size_t from, size_t to)
{
	const char *s = x->s + from;
	size_t len = to - from;
	if (means == TELL_SECRET_WORKDIR)
		return s[0] == '/' || (len > 1 && s[0] == '~' && s[1] == '/') ||
			(len > 2 && s[1] == ':' && s[2] == '\\');
	if (means != TELL_SECRET_SHORT || len > 3)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!tell_char_is_digit(s[i]))
			return false;
	return true;
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
	if (from >= to || is_masked(x, from) ||
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
		else if (c == '"')
			i = tell_text_quote_end(x->s, x->n, i + 1, '"', k) + k;
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

/* "credentials": {...}: all of it, unless it is empty. */
static void container(struct tell_search *x, const struct tell_pair *p, size_t at)
{
	size_t to = container_end(x, at, p->escapes);
	x->quoted_done = to;
	if (to - at > 2)
		add_quoted(x, p, at, to);
}

/* "pin": 1234, of which JSON needs a string to be made. False: it is no number. */
static bool number(struct tell_search *x, const struct tell_pair *p, size_t at)
{
	size_t i = at;
	while (i < x->n && (tell_char_is_digit(x->s[i]) || memchr("+-.eE", x->s[i], 5)))
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
static size_t cookies_end(struct tell_search *x, const struct tell_pair *p, size_t at)
{
	if (x->s[p->sign] == ':')
		return tell_line_end(x, at, p->around);
	size_t to = tell_bare_end(x, at, p->around);
	while (to + 2 < x->n && x->s[to] == ';' && x->s[to + 1] == ' ' &&
		tell_pair_begins(x, to + 2))
		to = tell_bare_end(x, to + 2, p->around);
	return to;
}

/* "Authorization: Custom d41d8cd98f": the second word of an unknown scheme. */
static size_t second_word(
	const struct tell_search *x, const struct tell_pair *p, size_t at, size_t to)
{
	if (to - at > 24 || to + 1 >= x->n || x->s[to] != ' ' || x->s[p->sign] != ':')
		return to;
	size_t end = tell_bare_end(x, to + 1, p->around);
	bool digit = false;
	for (size_t i = to + 1; i < end && i < to + 64; i++)
		digit |= tell_char_is_digit(x->s[i]);
	return digit && end - to > 8 ? end : to;
}

static void bare(struct tell_search *x, const struct tell_pair *p, size_t at)
{
	if (at < x->bare_done && x->bare_masked)
		return;
	bool parameters = false;
	size_t from = at;
	if (p->means == TELL_SECRET_AUTH)
		from = tell_scheme_end(x->s, at, x->n, &parameters);

	size_t to;
	if (is_masked(x, from))
		return;
	if (p->means == TELL_SECRET_COOKIES)
		to = cookies_end(x, p, from);
	else if (parameters)
		to = tell_line_end(x, from, p->around);
	else if (from < x->bare_done)
		to = x->bare_done;
	else
		to = tell_bare_end(x, from, p->around);
	if (p->means == TELL_SECRET_AUTH && from == at)
		to = second_word(x, p, from, to);

	x->bare_done = to;
	x->bare_masked = to > from && !tell_value_harmless(x->s + from, to - from) &&
		!is_something_else(x, p->means, from, to);
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

void tell_pair_value(struct tell_search *x, const struct tell_pair *p, size_t at)
{
	const char *s = x->s;
	size_t i = at;
	while (i < x->n && i - at < BLANKS_MAX &&
		(s[i] == ' ' || s[i] == '\t' ||
			(p->quote && (s[i] == '\n' || s[i] == '\r'))))
		i++;
	if (i == x->n || is_left_out(x, p, i))
		return;

	size_t q = i;
	if (q + 1 < x->n && memchr("bBuUrR", s[q], 6) &&
		(s[q + 1] == '"' || s[q + 1] == '\''))
		q++; /* Python's b'...' */
	size_t k = 0;
	while (q + k < x->n && k < SLASHES_MAX && s[q + k] == '\\')
		k++;
	char c = q + k < x->n ? s[q + k] : '\0';
	if (c == '"' || c == '\'' || c == '`') {
		if (!closes_around(x, p, q + k))
			quoted(x, p, q + k + 1, c, k);
		return;
	}
	if (p->quote && (s[i] == '{' || s[i] == '[')) {
		if (!is_masked(x, i))
			container(x, p, i);
		return;
	}
	if (p->quote && number(x, p, i))
		return;
	if (!p->quote && (s[i] == '{' || s[i] == '(' || s[i] == '[') &&
		!is_masked(x, i) && tell_pair_begins(x, i + 1))
		return; /* credentials={user:ann password:x}: they speak for themselves */
	bare(x, p, i);
}
