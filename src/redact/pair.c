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

size_t tell_pair_name_begin(const struct tell_search *x, size_t end)
{
	size_t i = end;
	while (i > 0 && end - i < TELL_SECRET_NAME_MAX &&
		tell_char_is(x->s[i - 1], TELL_CHAR_NAME))
		i--;
	if (i < end && i > 0 && tell_char_is_escape(x->s, i))
		i++; /* the n of "\npin=1" */
	return i;
}

void tell_pair_mask(struct tell_search *x, size_t from, size_t to)
{
	if (to > from && !tell_text_mask(x->s, x->n, from) &&
		!tell_value_harmless(x->s + from, to - from))
		tell_search_add(x, TELL_SPAN_PAIR, from, to);
}

/* "api key: x": the word before belongs to a name that is just "key". */
static size_t name_of_two_words(const struct tell_search *x, size_t from, size_t end)
{
	if (end - from != 3 || !tell_text_starts_with(x->s, end, from, "key") ||
		from < 2 || x->s[from - 1] != ' ')
		return from;
	return tell_pair_name_begin(x, from - 1);
}

/* pam_unix(passwd:chauthtok): a service's name. */
static bool is_pam(const struct tell_search *x, size_t at)
{
	size_t i = at;
	while (i > 0 && at - i < 32 && tell_char_is_word(x->s[i - 1]))
		i--;
	return tell_text_starts_with(x->s, x->n, i, "pam_");
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
	if (s[p->name - 1] == '(' && p->name > 5 && is_pam(x, p->name - 1))
		return true;
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

/* PASS: tests/cart.sh, --- PASS: TestCart, PASS: Cart::add: what a test has come to. */
static bool is_test_result(const struct tell_search *x, const struct tell_pair *p)
{
	const char *s = x->s;
	size_t i = p->sign + 2, from = i;
	if (s[p->sign] != ':' || p->sign - p->name != 4 || p->quote || i >= x->n ||
		s[i - 1] != ' ' || memcmp(s + p->name, "PASS", 4) != 0)
		return false;
	for (; i < x->n && !tell_char_is(s[i], TELL_CHAR_SPACE); i++)
		if (s[i] == '/' || (s[i] == ':' && i + 1 < x->n && s[i + 1] == ':'))
			return true;
	return tell_text_starts_with(s, x->n, from, "test");
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

/* In front of "[0]", "[]", the ']' of "[name]", and of "%5D". */
static size_t before_index(const struct tell_search *x, size_t end)
{
	const char *s = x->s;
	if (end > 3 && s[end - 3] == '%' && s[end - 2] == '5' &&
		(s[end - 1] | 0x20) == 'd')
		return end - 3;
	if (end == 0 || s[end - 1] != ']')
		return end;
	size_t i = end - 1;
	while (i > 0 && end - i < 8 && tell_is_digit(s[i - 1]))
		i--;
	return i > 1 && s[i - 1] == '[' ? i - 1 : end - 1;
}

/* In front of "ESC[0m", as terminals have names in colour (ECMA-48, SGR). */
static size_t before_colour(const struct tell_search *x, size_t end)
{
	size_t i = end;
	if (end < 4 || x->s[end - 1] != 'm')
		return end;
	for (i = end - 1; i > 1 && (tell_is_digit(x->s[i - 1]) || x->s[i - 1] == ';');)
		i--;
	return i > 1 && x->s[i - 1] == '[' && x->s[i - 2] == '\x1b' ? i - 2 : end;
}

bool tell_pair_read(
	const struct tell_search *x, size_t at, struct tell_pair *ret, size_t *ret_end)
{
	const char *s = x->s;
	size_t end = blanks_before(x, at);
	*ret = (struct tell_pair){ .sign = at };
	if (end < 2)
		return false;
	end = before_index(x, before_colour(x, end));
	if (end > 0 && (s[end - 1] == '"' || s[end - 1] == '\'')) {
		ret->quote = s[--end];
		while (end > 0 && s[end - 1] == '\\' && ret->escapes < SLASHES_MAX) {
			ret->escapes++;
			end--;
		}
	}
	if (end == 0 || !tell_char_is(s[end - 1], TELL_CHAR_ENDS_NAME))
		return false;
	size_t from = name_of_two_words(x, tell_pair_name_begin(x, end), end);
	if (from > 0 && s[from - 1] == '%' && end - from > 2)
		from += 2; /* of %5Bname */
	ret->name = from;
	*ret_end = end;
	if (!ret->quote && from > 0 && (s[from - 1] == '"' || s[from - 1] == '\''))
		set_around(x, from - 1, ret);
	return true;
}

bool tell_pair_name(const struct tell_search *x, size_t at, struct tell_pair *ret)
{
	size_t end;
	if (!tell_pair_read(x, at, ret, &end))
		return false;
	ret->means = tell_secret_name(x->s + ret->name, end - ret->name);
	return ret->means != TELL_SECRET_NO && !is_path(x, ret) &&
		!is_in_mask(x, ret->name) && !is_test_result(x, ret);
}

/* Could it be the name "value" or "name"? */
static bool may_be_named(const struct tell_search *x, size_t at)
{
	size_t end = blanks_before(x, at);
	while (end &&
		(x->s[end - 1] == '"' || x->s[end - 1] == '\'' || x->s[end - 1] == '\\'))
		end--;
	return end > 2 &&
		((x->s[end - 1] | 0x20) == 'e' || (x->s[end - 1] | 0x20) == 'l');
}

/* this.password = password; the variable of that name, in code. */
static bool is_assignment(const struct tell_search *x, const struct tell_pair *p)
{
	const char *s = x->s;
	size_t at = p->sign, end = at - 1, from = end, to = at + 2;
	if (s[at] != '=' || at < 2 || at + 2 >= x->n || s[at - 1] != ' ' ||
		s[at + 1] != ' ')
		return false;
	while (from > p->name && s[from - 1] != '.')
		from--;
	size_t len = end - from;
	return x->n - to > len && memcmp(s + from, s + to, len) == 0 &&
		memchr(";,)", s[to + len], 3);
}

void tell_find_pair(struct tell_search *x, size_t at)
{
	if (at < x->quoted_done)
		return;
	struct tell_pair pair;
	if (!tell_pair_name(x, at, &pair)) {
		if (may_be_named(x, at))
			tell_find_named(x, at);
		return;
	}
	if (is_assignment(x, &pair))
		return;
	size_t from = at + 1;
	if (from < x->n && x->s[at] == '=' && (x->s[from] == '>' || x->s[from] == '='))
		from++; /* => and == */
	if (from < x->n && x->s[at] == ':' && x->s[from] == '=')
		from++; /* := */
	tell_pair_value(x, &pair, from);
}

static bool ends_name(const void *s, size_t i)
{
	return !tell_char_is(((const char *)s)[i], TELL_CHAR_NAME);
}

/* The name that begins at `from`: --a--b--c has many in one. */
static size_t option_end(struct tell_search *x, size_t from)
{
	size_t stop = x->n - from < TELL_SECRET_NAME_MAX ? x->n
							 : from + TELL_SECRET_NAME_MAX;
	return tell_gap_walk(&tell_search_walked(x)->name, from, stop, ends_name, x->s);
}

void tell_find_option(struct tell_search *x, size_t at)
{
	size_t from = at + 1;
	if (at < x->quoted_done || from >= x->n ||
		!tell_char_is(x->s[from], TELL_CHAR_ALPHA))
		return;
	size_t to = option_end(x, from);
	tell_find_listed(x, to);
	tell_find_audited(x, from, to);
	if (to + 2 < x->n && x->s[to] == ',' && x->s[to + 1] == ' ')
		to++; /* [--password, x], as Java prints lists */
	if (to - from == 4 && memcmp(x->s + from, "user", 4) == 0)
		tell_find_user(x, at - 1, to);
	if (to + 1 >= x->n || x->s[to] != ' ' || memchr("-=: ", x->s[to + 1], 4))
		return;
	struct tell_pair pair = { .name = from, .sign = to };
	size_t end = x->s[to - 1] == ',' ? to - 1 : to;
	pair.means = tell_secret_name(x->s + from, end - from);
	if (pair.means != TELL_SECRET_NO)
		tell_pair_value(x, &pair, to);
}
