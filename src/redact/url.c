#include "redact/search.h"
#include "redact/secret.h"
#include "redact/text.h"

/* The password in scheme://user:password@host (RFC 3986 section 3.2.1). Passwords that
 * should have been percent-encoded and were not - with '/', '?', '#' or '@' in them - are
 * common in connection strings, so the end is the last '@' that can be one. A port is not
 * a password: https://host:8443/npm/vue@3.4. */
#define TOKEN_MIN 16
#define USER_MAX  256
#define REST_MAX  1024 /* how far an '@' is looked for behind a '/' */

/* Is s[i] where a URL surely ends? */
static bool ends_url(const struct tell_search *x, size_t i)
{
	char c = x->s[i];
	return tell_char_is(c, TELL_CHAR_SPACE) || c == '"' || c == '<' || c == '>' ||
		((c == '\'' || c == '`') && tell_text_quote_closes(x->s, x->n, i)) ||
		(c == '\\' && i + 1 < x->n &&
			(x->s[i + 1] == '"' || tell_char_is_escape(x->s, i + 1)));
}

static bool ends_authority(char c)
{
	return c == '/' || c == '?' || c == '#';
}

/* Where "//" or "\/\/" (as some write it in JSON) behind the colon ends; 0: no URL. */
static size_t authority_begin(const struct tell_search *x, size_t at)
{
	if (at == 0 || !tell_char_is(x->s[at - 1], TELL_CHAR_SCHEME))
		return 0;
	size_t left = x->n - at - 1;
	if (left >= 2 && memcmp(x->s + at + 1, "//", 2) == 0)
		return at + 3;
	return left >= 4 && memcmp(x->s + at + 1, "\\/\\/", 4) == 0 ? at + 5 : 0;
}

/* The '@' that ends a password which begins at `from`; 0: none. whole: it is one only
 * within the authority. */
static size_t password_end(struct tell_search *x, size_t from, bool whole)
{
	size_t i = from, last = 0;
	while (i < x->n && !ends_url(x, i) && !ends_authority(x->s[i])) {
		if (x->s[i] == '@')
			last = i;
		i++;
	}
	x->url_done = i;
	if (last || whole || i == x->n || ends_url(x, i))
		return last;

	/* digits, or nothing, up to the '/' */
	bool port = i > from || x->s[i] == '/';
	for (size_t d = from; d < i && port; d++)
		port = tell_is_digit(x->s[d]) && d - from < 5;
	if (port)
		return 0;
	size_t stop = i + REST_MAX;
	i = i > x->at_done ? i : x->at_done;
	for (; i < x->n && i < stop && !ends_url(x, i); i++)
		if (x->s[i] == '@')
			return i;
	x->at_done = i;
	return 0;
}

/* https://token@host: who is long and has digits and letters is no user's name. */
static void find_token(struct tell_search *x, size_t from)
{
	size_t to = from;
	while (to < x->n && to - from < USER_MAX && x->s[to] != '@' && x->s[to] != ':' &&
		!ends_authority(x->s[to]) && !ends_url(x, to))
		to++;
	if (to < x->n && x->s[to] == '@' && to - from >= TOKEN_MIN &&
		tell_secret_long(x->s + from, to - from) &&
		!tell_text_mask(x->s, x->n, from))
		tell_search_add(x, TELL_SPAN_URL, from, to);
}

static bool ends_user(const void *x, size_t i)
{
	return ((const struct tell_search *)x)->s[i] == '/' || ends_url(x, i);
}

static bool ends_password(const void *x, size_t i)
{
	return ((const struct tell_search *)x)->s[i] == '@' || ends_url(x, i);
}

/* jdbc:oracle:thin:scott/tiger@host (Oracle JDBC Developer's Guide, "Data Sources"). */
static void find_oracle(struct tell_search *x, size_t at)
{
	if (at < 16 ||
		(memcmp(x->s + at - 16, "jdbc:oracle:thin", 16) != 0 &&
			memcmp(x->s + at - 15, "jdbc:oracle:oci", 15) != 0))
		return;
	struct tell_walked *w = tell_search_walked(x);
	size_t stop = x->n - at < USER_MAX ? x->n : at + USER_MAX;
	size_t from = tell_gap_walk(&w->no_slash, at + 1, stop, ends_user, x) + 1;
	size_t to = from < stop ? tell_gap_walk(&w->no_at, from, stop, ends_password, x)
				: x->n;
	if (to < x->n && to > from && x->s[to] == '@' &&
		!tell_text_mask(x->s, x->n, from))
		tell_search_add(x, TELL_SPAN_URL, from, to);
}

void tell_find_url(struct tell_search *x, size_t at)
{
	size_t begin = authority_begin(x, at);
	if (!begin)
		find_oracle(x, at);
	if (!begin || begin < x->url_done)
		return;
	find_token(x, begin);
	size_t i = begin;
	bool at_user = false; /* ann@example.org:x@db: user names may be addresses */
	while (i < x->n && i - begin < USER_MAX && x->s[i] != ':') {
		if (x->s[i] == '[' || ends_authority(x->s[i]) || ends_url(x, i))
			return;
		at_user |= x->s[i++] == '@';
	}
	if (i >= x->n || x->s[i] != ':')
		return;
	size_t from = i + 1, to = password_end(x, from, at_user);
	if (to > from && tell_text_mask(x->s, x->n, from) != to - from)
		tell_search_add(x, TELL_SPAN_URL, from, to);
}
