#include "redact/pair.h"
#include "redact/text.h"

/* YAML's block scalars (YAML 1.2.2 section 8.1): "password: |" or ">-", and the value on
 * the lines below, as long as they are indented more than the first of them less one.
 * Line ends may be written out. */
#define HEADER_MAX 4
#define INDENT_MAX 64

size_t tell_line_behind(const struct tell_search *x, size_t at)
{
	const char *s = x->s;
	size_t i = at;
	if (i < x->n && s[i] == '\r')
		i++;
	if (i < x->n && s[i] == '\n')
		return i + 1;
	while (i < x->n && i - at < INDENT_MAX && s[i] == '\\')
		i++;
	size_t slashes = i - at;
	if (!slashes || i >= x->n)
		return 0;
	if (s[i] == 'r' && x->n - i > slashes + 1 && s[i + 1] == '\\')
		i += 1 + slashes;
	return i < x->n && s[i] == 'n' ? i + 1 : 0;
}

static size_t indent_at(const struct tell_search *x, size_t at)
{
	size_t i = at;
	while (i < x->n && i - at < INDENT_MAX && x->s[i] == ' ')
		i++;
	return i - at;
}

/* Where the text of the line at `at` ends. */
static size_t text_end(const struct tell_search *x, size_t at)
{
	size_t i = at;
	while (i < x->n && x->s[i] != '\n' && x->s[i] != '\r' && x->s[i] != '"' &&
		!(x->s[i] == '\\' && tell_line_behind(x, i)))
		i++;
	return i;
}

bool tell_pair_block(struct tell_search *x, size_t at)
{
	if (x->s[at] != '|' && x->s[at] != '>')
		return false;
	size_t i = at + 1;
	while (i < x->n && i - at < HEADER_MAX &&
		(x->s[i] == '-' || x->s[i] == '+' || tell_is_digit(x->s[i])))
		i++;
	size_t line = tell_line_behind(x, i), indent = line ? indent_at(x, line) : 0;
	if (!indent)
		return false;
	size_t from = line + indent, to = text_end(x, from);
	for (;;) {
		size_t next = tell_line_behind(x, to);
		if (!next || indent_at(x, next) < indent)
			break;
		to = text_end(x, next);
	}
	x->quoted_done = to;
	size_t mask = tell_text_mask(x->s, x->n, from);
	if (!(mask && from + mask == to))
		tell_search_add(x, TELL_SPAN_PAIR, from, to);
	return true;
}
