#include "redact/pair.h"
#include "redact/text.h"

/* Values whose name stands elsewhere than in front of a sign: {"name":"password",
 * "value":"x"} in any spelling of a pair, a form's name="password" and the line below it
 * (RFC 7578 section 4.2), and lists: ["--token", "x"], ('password', 'x'), {password,"x"}. */
#define SKIP_MAX  64
#define VALUE_MAX 1024

static bool is_quote(char c)
{
	return c == '"' || c == '\'';
}

/* In front of blanks, line ends, quotes, backslashes and these signs. */
static size_t skip_back(const struct tell_search *x, size_t at, const char *signs)
{
	size_t stop = at > SKIP_MAX ? at - SKIP_MAX : 0;
	while (at > stop &&
		(tell_char_is(x->s[at - 1], TELL_CHAR_SPACE) || is_quote(x->s[at - 1]) ||
			x->s[at - 1] == '\\' || strchr(signs, x->s[at - 1])))
		at--;
	return at;
}

static bool is_word(const struct tell_search *x, size_t from, size_t to, const char *word)
{
	return to - from == strlen(word) && tell_text_starts_with(x->s, x->n, from, word);
}

/* Is the value in front of `at` a secret's name, and called so? */
static enum tell_secret name_before(const struct tell_search *x, size_t at)
{
	static const char *const called[] = { "name", "key", "field", "header",
		"variable", "var", "param", "parameter", "option" };
	size_t to = skip_back(x, at, ","), from = tell_pair_name_begin(x, to);
	size_t sign = skip_back(x, from, "");
	if (from == to || sign == 0 || (x->s[sign - 1] != ':' && x->s[sign - 1] != '='))
		return TELL_SECRET_NO;
	size_t end = skip_back(x, sign - 1, ""), begin = tell_pair_name_begin(x, end);
	for (size_t i = 0; i < sizeof(called) / sizeof(called[0]); i++)
		if (is_word(x, begin, end, called[i]))
			return tell_secret_name(x->s + from, to - from);
	return TELL_SECRET_NO;
}

/* name="password", an empty line, and the value. */
static void find_form(struct tell_search *x, size_t at)
{
	size_t from = at + 1;
	while (from < x->n && (x->s[from] == '\\' || is_quote(x->s[from])))
		from++;
	size_t to = from;
	while (to < x->n && to - from < TELL_SECRET_NAME_MAX &&
		tell_char_is(x->s[to], TELL_CHAR_NAME))
		to++;
	if (to == from || tell_secret_name(x->s + from, to - from) == TELL_SECRET_NO)
		return;
	while (to < x->n &&
		(is_quote(x->s[to]) ||
			(x->s[to] == '\\' && to + 1 < x->n && is_quote(x->s[to + 1]))))
		to++;
	size_t value = tell_line_behind(x, to);
	value = value ? tell_line_behind(x, value) : 0;
	if (!value || value >= x->n)
		return;
	size_t end = value;
	while (end < x->n && end - value < VALUE_MAX && x->s[end] != '"' &&
		!tell_line_behind(x, end))
		end++;
	if (end > value && !tell_text_mask(x->s, x->n, value))
		tell_search_add(x, TELL_SPAN_PAIR, value, end);
}

void tell_find_named(struct tell_search *x, size_t at)
{
	struct tell_pair pair;
	size_t end;
	if (!tell_pair_read(x, at, &pair, &end))
		return;
	if (is_word(x, pair.name, end, "value") || is_word(x, pair.name, end, "val")) {
		pair.means = name_before(x, pair.name);
		if (pair.means != TELL_SECRET_NO)
			tell_pair_value(x, &pair, at + 1);
	} else if (x->s[at] == '=' && is_word(x, pair.name, end, "name")) {
		find_form(x, at);
	}
}

/* ---- lists ---- */

/* Digits, or letters of both cases and a sign: names of columns have none. */
static bool looks_made_up(const char *s, size_t n)
{
	bool digit = false, alpha = false, sign = false, lower = false, upper = false;
	for (size_t i = 0; i < n; i++) {
		digit |= tell_is_digit(s[i]);
		alpha |= tell_char_is(s[i], TELL_CHAR_ALPHA);
		lower |= s[i] >= 'a' && s[i] <= 'z';
		upper |= i > 0 && s[i] >= 'A' && s[i] <= 'Z';
		sign |= s[i] > ' ' && s[i] < 0x7f && !tell_char_is(s[i], TELL_CHAR_NAME);
	}
	return n >= 4 && alpha && (digit || sign || (n >= 16 && lower && upper));
}

/* Is the name in front of the comma an element of a list, and a secret's? */
static bool is_listed(const struct tell_search *x, size_t at, bool *ret_option)
{
	size_t end = at;
	while (end && (is_quote(x->s[end - 1]) || x->s[end - 1] == '\\'))
		end--;
	size_t from = tell_pair_name_begin(x, end), before = from;
	if (from == end)
		return false;
	while (before &&
		(is_quote(x->s[before - 1]) || x->s[before - 1] == '\\' ||
			x->s[before - 1] == ' '))
		before--;
	*ret_option = x->s[from] == '-';
	return before && strchr("[({,", x->s[before - 1]) &&
		tell_secret_name(x->s + from, end - from) != TELL_SECRET_NO;
}

void tell_find_listed(struct tell_search *x, size_t end)
{
	size_t at = end;
	while (at < x->n && at - end < 8 && (is_quote(x->s[at]) || x->s[at] == '\\'))
		at++;
	if (at >= x->n || x->s[at] != ',')
		return;
	bool option;
	if (at < x->listed_done || !is_listed(x, at, &option))
		return;
	size_t i = at + 1, slashes = 0;
	while (i < x->n && i - at < 8 && (x->s[i] == ' ' || x->s[i] == '<'))
		i++;
	while (i < x->n && slashes < 63 && x->s[i] == '\\')
		i++, slashes++;
	if (i >= x->n || !is_quote(x->s[i]))
		return;
	size_t from = i + 1;
	size_t to = tell_text_quote_end(x->s, x->n, from, x->s[i], slashes);
	x->listed_done = to;
	size_t next = to + slashes + 1;
	if (to >= x->n || to - from > VALUE_MAX || (next < x->n && x->s[next] == ':') ||
		tell_text_mask(x->s, x->n, from) ||
		tell_value_harmless(x->s + from, to - from) ||
		!(option || looks_made_up(x->s + from, to - from)))
		return;
	tell_search_add(x, TELL_SPAN_PAIR, from, to);
}
