#include "redact/pair.h"
#include "redact/secret.h"
#include "redact/text.h"

/* INSERT INTO users (name, password) VALUES ('ann', 'x'), ('bob', 'y'): the value is found by
 * the place of its column. The search comes here by the word "password" in the columns. */
#define COLUMNS_MAX 1024
#define SECRETS_MAX 64 /* columns that are told apart; what lies behind them is masked */
#define BLANKS	    " \t\r\n`\""

static size_t skip(const struct tell_search *x, size_t at, const char *signs)
{
	while (at < x->n && x->s[at] && strchr(signs, x->s[at]))
		at++;
	return at;
}

/* What a list of columns is made of. */
static bool is_column(char c)
{
	return tell_char_is(c, TELL_CHAR_NAME | TELL_CHAR_SPACE) || c == ',' ||
		c == '`' || c == '"' || c == '\\';
}

/* How many commas lie between the bracket in front of `at` and it; -1: there is none.
 * Counted once for all columns of a list. */
static int column_of(struct tell_search *x, size_t at)
{
	struct tell_walked *w = tell_search_walked(x);
	size_t first = at > COLUMNS_MAX ? at - COLUMNS_MAX : 0;
	if (w->columns_done > at || w->columns_done < first) {
		w->columns_done = first;
		w->bracket = 0;
	}
	for (size_t i = w->columns_done; i < at; i++) {
		char c = x->s[i];
		if (c == '(') {
			w->bracket = i + 1;
			w->column = 0;
		} else if (!is_column(c)) {
			w->bracket = 0;
		}
		w->column += c == ',';
	}
	w->columns_done = at;
	return w->bracket > first ? w->column : -1;
}

static bool is_bracket(const void *s, size_t i)
{
	char c = ((const char *)s)[i];
	return c == ')' || c == '(';
}

/* Behind "VALUES", which comes behind the bracket that closes the columns; 0: not there. */
static size_t values_begin(struct tell_search *x, size_t at)
{
	struct tell_walked *w = tell_search_walked(x);
	size_t stop = x->n - at < COLUMNS_MAX ? x->n : at + COLUMNS_MAX;
	size_t i = tell_gap_walk(&w->no_bracket, at, stop, is_bracket, x->s);
	if (i >= stop || x->s[i] != ')')
		return 0;
	if (w->values_of != i + 1) {
		w->values_of = i + 1;
		i = skip(x, i + 1, BLANKS);
		w->values = tell_text_starts_with(x->s, x->n, i, "values") ? i + 6 : 0;
	}
	return w->values;
}

/* The end of a value that begins at `at`: of a string in quotes, or up to a sign. */
static size_t value_end(const struct tell_search *x, size_t at)
{
	size_t i = at;
	if (x->s[at] == '\'') { /* SQL writes a quote within a string twice */
		do
			i = tell_text_quote_end(x->s, x->n, i + 1, '\'', 0);
		while (i + 1 < x->n && x->s[i + 1] == '\'' && x->s[i] == '\'' && ++i);
		return i;
	}
	while (i < x->n && !strchr(",)'", x->s[i]))
		i++;
	return i;
}

static bool is_secret(uint64_t columns, int k)
{
	return k >= SECRETS_MAX || columns >> k & 1;
}

/* Mask the columns of one row; behind it, or 0: there is no row. */
static size_t mask_row(struct tell_search *x, size_t at, uint64_t columns)
{
	size_t i = skip(x, at, BLANKS ",");
	if (i >= x->n || x->s[i] != '(')
		return 0;
	i++;
	for (int k = 0; i < x->n; k++) {
		i = skip(x, i, BLANKS "N");
		if (i >= x->n)
			break;
		size_t to = value_end(x, i), from = x->s[i] == '\'' ? i + 1 : i;
		if (is_secret(columns, k) && x->s[i] == '\'' &&
			!tell_text_mask(x->s, x->n, from) &&
			!tell_value_harmless(x->s + from, to - from))
			tell_search_add(x, TELL_SPAN_PAIR, from, to);
		i = skip(x, to + (to < x->n && x->s[to] == '\''), " ");
		if (i >= x->n || x->s[i] != ',')
			break;
		i++;
	}
	return i < x->n && x->s[i] == ')' ? i + 1 : 0;
}

/* The columns from `at`, behind the bracket, whose names alone make a secret: a bit each. */
static uint64_t secret_columns(const struct tell_search *x, size_t at)
{
	uint64_t columns = 0;
	for (int k = 0; k < SECRETS_MAX && at < x->n && x->s[at] != ')'; k++) {
		at = skip(x, at, BLANKS "\\");
		size_t to = at;
		while (to < x->n && tell_char_is(x->s[to], TELL_CHAR_NAME))
			to++;
		enum tell_secret secret = tell_secret_name(x->s + at, to - at);
		if (secret != TELL_SECRET_NO && secret != TELL_SECRET_LONG)
			columns |= UINT64_C(1) << k;
		while (to < x->n && x->s[to] != ',' && x->s[to] != ')')
			to++;
		at = to + (to < x->n && x->s[to] == ',');
	}
	return columns;
}

void tell_find_column(struct tell_search *x, size_t from, size_t to)
{
	if (from < x->insert_done)
		return;
	size_t next = skip(x, to, BLANKS "\\");
	if (next >= x->n || (x->s[next] != ',' && x->s[next] != ')'))
		return;
	int column = column_of(x, from);
	size_t at = column < 0 ? 0 : values_begin(x, next);
	if (!at)
		return;
	uint64_t columns = secret_columns(x, tell_search_walked(x)->bracket);
	if (column < SECRETS_MAX)
		columns |= UINT64_C(1) << column;
	for (; at; at = mask_row(x, at, columns))
		x->insert_done = at;
}
