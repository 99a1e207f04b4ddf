#include "decode/preamble.h"
#include "decode/preamble_cursor.h"

/* Between two elements, and before the message: blanks, and of these one. */
static void skip_separator(struct tell_preamble_cursor *c)
{
	c->p += blanks(c->p, c->end);
	c->dash = false;
	if (c->p == c->end)
		return;
	const char *after = c->p + 1;
	if (*c->p == '-' && after < c->end && *after == '-')
		after++;
	bool bar = *c->p == '|';
	bool mark = *c->p == ':' || *c->p == ',' || *c->p == ';' || *c->p == '-';
	if (!bar && !(mark && blank_or_end(after, c->end)))
		return;
	c->dash = *c->p == '-';
	c->p = after + blanks(after, c->end);
}

static bool read_element(struct tell_preamble_cursor *c)
{
	switch (*c->p) {
	case '[':
	case '(':
		return tell_preamble_bracket(c);
	default:
		return tell_preamble_word(c);
	}
}

/* Preambles begin with one of these; most lines are decided by it. */
static bool may_begin(char c)
{
	return tell_is_letter(c) || tell_is_digit(c) || c == '[' || c == '(' ||
		c == '.' || c == '/' || c == '_';
}

size_t tell_preamble_read(struct tell_preamble *h, const char *text, size_t len)
{
	struct tell_preamble_cursor c = { h, text, text + len, false, true, false };
	if (len == 0 || !may_begin(*text))
		return 0;
	*h = (struct tell_preamble){ .severity = -1 };
	while (c.p < c.end && read_element(&c)) {
		c.known = true;
		skip_separator(&c);
	}
	return c.known && c.p < c.end ? (size_t)(c.p - text) : 0;
}
