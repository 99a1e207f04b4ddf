#include "redact/pair.h"
#include "redact/text.h"

/* Pairs in text whose name says secret: k=v, k: v, k => v, "k":"v" at any depth of
 * escaping, 'k': 'v', [k] => v, ?k=v&, --k v. Here the name; value.c has the other half. */
#define BLANKS_MAX  64 /* values in columns */
#define SLASHES_MAX 63

static size_t blanks_before(const struct tell_search *x, size_t at)
{
	size_t i = at;
	while (i > 0 && at - i < BLANKS_MAX &&
		(x->s[i - 1] == ' ' || x->s[i - 1] == '\t'))
		i--;
	return i;
}

static size_t name_begin(const struct tell_search *x, size_t end)
{
	size_t i = end;
	while (i > 0 && end - i < TELL_SECRET_NAME_MAX &&
		tell_char_is(x->s[i - 1], TELL_CHAR_NAME))
		i--;
	if (i < end && i > 0 && tell_char_is_escape(x->s, i))
		i++; /* the n of "\npin=1" */
	return i;
}

/* "api key: x": the word before belongs to a name that is just "key". */
static size_t name_of_two_words(const struct tell_search *x, size_t from, size_t end)
{
	if (end - from != 3 || !tell_text_starts_with(x->s, end, from, "key") ||
		from < 2 || x->s[from - 1] != ' ')
		return from;
	return name_begin(x, from - 1);
}

/* Names that a colon follows and that are no names: arn:aws:...:secret:x, std::token::x,
 * /etc/secret:ro, http://token:... (for url.c). */
static bool is_path(const struct tell_search *x, const struct tell_pair *p)
{
	const char *s = x->s;
	size_t next = p->sign + 1;
	if (s[p->sign] != ':' || p->quote)
		return false;
	if (next < x->n &&
		(s[next] == ':' ||
			(s[next] == '/' && next + 1 < x->n && s[next + 1] == '/')))
		return true;
	if (p->name == 0)
		return false;
	bool tight = next < x->n && !tell_char_is(s[next], TELL_CHAR_SPACE);
	char before = s[p->name - 1];
	if (before == '/' && tight)
		return s[next] == '/' ||
			(p->name > 1 && !tell_char_is(s[p->name - 2], TELL_CHAR_SPACE));
	if (before != ':' || !tight)
		return false;
	size_t i = p->name - 1;
	while (i > 0 && p->name - i < 128 && !tell_char_is(s[i - 1], TELL_CHAR_SPACE) &&
		s[i - 1] != '"')
		i--;
	return tell_text_starts_with(s, x->n, i, "arn:") ||
		(p->name > 1 && s[p->name - 2] == ':');
}

/* The bearer of "[REDACTED:bearer] = x". */
static bool is_in_mask(const struct tell_search *x, size_t name)
{
	static const char begin[] = "[REDACTED:";
	size_t len = sizeof(begin) - 1;
	return name >= len && memcmp(x->s + name - len, begin, len) == 0;
}

static void set_around(const struct tell_search *x, size_t quote, struct tell_pair *ret)
{
	ret->around = x->s[quote];
	while (quote > 0 && x->s[quote - 1] == '\\' &&
		ret->around_escapes < SLASHES_MAX) {
		ret->around_escapes++;
		quote--;
	}
}

bool tell_pair_name(const struct tell_search *x, size_t at, struct tell_pair *ret)
{
	const char *s = x->s;
	size_t end = blanks_before(x, at);
	*ret = (struct tell_pair){ .sign = at };
	if (end == 0)
		return false;
	if (s[end - 1] == ']')
		end--;
	if (end > 0 && (s[end - 1] == '"' || s[end - 1] == '\'')) {
		ret->quote = s[--end];
		while (end > 0 && s[end - 1] == '\\' && ret->escapes < SLASHES_MAX) {
			ret->escapes++;
			end--;
		}
	}
	if (end == 0 || !tell_char_is(s[end - 1], TELL_CHAR_ENDS_NAME))
		return false;

	size_t from = name_of_two_words(x, name_begin(x, end), end);
	ret->name = from;
	ret->means = tell_secret_name(s + from, end - from);
	if (ret->means == TELL_SECRET_NO || is_path(x, ret) || is_in_mask(x, from))
		return false;
	if (!ret->quote && from > 0 && (s[from - 1] == '"' || s[from - 1] == '\''))
		set_around(x, from - 1, ret);
	return true;
}

void tell_find_pair(struct tell_search *x, size_t at)
{
	if (at < x->quoted_done)
		return;
	struct tell_pair pair;
	if (!tell_pair_name(x, at, &pair))
		return;
	size_t from = at + 1;
	if (from < x->n && x->s[at] == '=' && (x->s[from] == '>' || x->s[from] == '='))
		from++; /* => and == */
	if (from < x->n && x->s[at] == ':' && x->s[from] == '=')
		from++; /* := */
	tell_pair_value(x, &pair, from);
}

void tell_find_option(struct tell_search *x, size_t at)
{
	size_t from = at + 1, to = from;
	if (at < x->quoted_done || from >= x->n ||
		!tell_char_is(x->s[from], TELL_CHAR_ALPHA))
		return;
	while (to < x->n && to - from < TELL_SECRET_NAME_MAX &&
		tell_char_is(x->s[to], TELL_CHAR_NAME))
		to++;
	if (to + 1 >= x->n || x->s[to] != ' ' || memchr("-=: ", x->s[to + 1], 4))
		return;
	struct tell_pair pair = { .name = from, .sign = to };
	pair.means = tell_secret_name(x->s + from, to - from);
	if (pair.means != TELL_SECRET_NO)
		tell_pair_value(x, &pair, to);
}
