#include "redact/pair.h"
#include "redact/text.h"

/* XML: <password>x</password>, <x:password type="a">x, <![CDATA[x]]>, and elements that say
 * by an attribute what they hold: <add key="password" value="x"/>, <string name="token">x.
 * The search stops at the '>' of the tag in front of the value. */
#define TAG_MAX 256

struct tag {
	size_t from, to; /* behind the '<', at the '>' */
};

static bool find_tag(const struct tell_search *x, size_t at, struct tag *ret)
{
	size_t i = at;
	while (i > 0 && at - i < TAG_MAX && x->s[i - 1] != '<' && x->s[i - 1] != '>' &&
		x->s[i - 1] != '\n')
		i--;
	if (i == 0 || x->s[i - 1] != '<' || i == at ||
		(i > 1 && tell_char_is_word(x->s[i - 2])) || /* List<Token> */
		!tell_char_is(x->s[i], TELL_CHAR_ALPHA))
		return false;
	*ret = (struct tag){ i, at };
	return true;
}

/* Does the tag's own name say secret? The part behind a namespace counts. */
static bool is_named(const struct tell_search *x, const struct tag *tag)
{
	size_t from = tag->from, to = from;
	while (to < tag->to &&
		(tell_char_is(x->s[to], TELL_CHAR_NAME) || x->s[to] == ':'))
		if (x->s[to++] == ':')
			from = to;
	return tell_secret_name(x->s + from, to - from) != TELL_SECRET_NO;
}

/* The value of an attribute, in quotes that may be escaped. False: there is none. */
static bool attribute(const struct tell_search *x, const struct tag *tag,
	const char *name, size_t *ret_from, size_t *ret_to)
{
	size_t len = strlen(name);
	for (size_t i = tag->from; i + len + 2 < tag->to; i++) {
		if (x->s[i] != ' ' ||
			!tell_text_starts_with(x->s, tag->to, i + 1, name) ||
			x->s[i + 1 + len] != '=')
			continue;
		size_t from = i + len + 2;
		while (from < tag->to && x->s[from] == '\\')
			from++;
		if (from >= tag->to || (x->s[from] != '"' && x->s[from] != '\''))
			return false;
		char quote = x->s[from++];
		size_t to = from;
		while (to < tag->to && x->s[to] != quote && x->s[to] != '\\')
			to++;
		*ret_from = from;
		*ret_to = to;
		return true;
	}
	return false;
}

static void mask(struct tell_search *x, size_t from, size_t to)
{
	size_t masked = tell_text_mask(x->s, x->n, from);
	if (masked && from + masked == to)
		return;
	if (!tell_value_harmless(x->s + from, to - from))
		tell_search_add(x, TELL_SPAN_PAIR, from, to);
}

/* What stands between the tag and the next one. */
static void mask_text(struct tell_search *x, size_t from)
{
	static const char cdata[] = "<![CDATA[", end[] = "]]>";
	size_t to;
	if (x->n - from > sizeof(cdata) &&
		memcmp(x->s + from, cdata, sizeof(cdata) - 1) == 0) {
		from += sizeof(cdata) - 1;
		to = tell_text_find(x->s, x->n, from, end);
	} else {
		const char *next = memchr(x->s + from, '<', x->n - from);
		to = next ? (size_t)(next - x->s) : x->n;
	}
	while (from < to && tell_char_is(x->s[from], TELL_CHAR_SPACE))
		from++;
	while (to > from && tell_char_is(x->s[to - 1], TELL_CHAR_SPACE))
		to--;
	x->element_done = to; /* all of it was read */
	mask(x, from, to);
}

void tell_find_element(struct tell_search *x, size_t at)
{
	struct tag tag;
	if (at < x->element_done || !find_tag(x, at, &tag))
		return;
	x->element_done = at + 1;
	size_t from, to;
	bool said = attribute(x, &tag, "name", &from, &to) ||
		attribute(x, &tag, "key", &from, &to);
	said = said && tell_secret_name(x->s + from, to - from) != TELL_SECRET_NO;
	if (said && attribute(x, &tag, "value", &from, &to)) {
		mask(x, from, to);
		return;
	}
	if ((said || is_named(x, &tag)) && x->s[at - 1] != '/' && at + 1 < x->n)
		mask_text(x, at + 1);
}
