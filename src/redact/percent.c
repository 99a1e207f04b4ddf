#include "redact/pair.h"
#include "redact/text.h"

/* Pairs whose sign is percent-encoded, once or twice: password%3Dx%26, token%253Dx, and
 * %22password%22%3A%22x%22 (RFC 3986 section 2.1). The search stops behind a '%'. */
#define USERINFO_MAX 256

struct coded {
	const char *s;
	size_t n;
	bool twice;
};

/* The bytes of the escape at `at` that stands for c; 0: it is another. */
static size_t escape_of(const struct coded *x, size_t at, char c)
{
	static const char hex[] = "0123456789abcdef";
	size_t skip = x->twice ? 3 : 1; /* %25 or % */
	if (at + skip + 2 > x->n || x->s[at] != '%' ||
		(x->twice && (x->s[at + 1] != '2' || x->s[at + 2] != '5')))
		return 0;
	unsigned char u = (unsigned char)c;
	if (tell_char_lower(x->s[at + skip]) != hex[u >> 4] ||
		tell_char_lower(x->s[at + skip + 1]) != hex[u & 15])
		return 0;
	return skip + 2;
}

/* The same, of one of some that ends in front of `end`. */
static size_t escape_before(const struct coded *x, size_t end, const char *any)
{
	size_t len = x->twice ? 5 : 3;
	for (; end >= len && *any; any++)
		if (escape_of(x, end - len, *any))
			return len;
	return 0;
}

static size_t escape_at(const struct coded *x, size_t at, const char *any)
{
	for (; *any; any++)
		if (escape_of(x, at, *any))
			return x->twice ? 5 : 3;
	return 0;
}

static bool is_secret(const struct coded *x, size_t end)
{
	end -= escape_before(x, end, "\"'");
	size_t from = end;
	while (from > 0 && end - from < TELL_SECRET_NAME_MAX &&
		tell_char_is(x->s[from - 1], TELL_CHAR_NAME))
		from--;
	if (from > 0 && from < end && x->s[from - 1] == '%')
		from += end - from > 4 && x->twice ? 4 : 2;
	return from < end && tell_secret_name(x->s + from, end - from) != TELL_SECRET_NO;
}

static bool ends(const struct coded *x, size_t at, const char *any)
{
	return tell_char_is(x->s[at], TELL_CHAR_SPACE) ||
		strchr("&\"'<>;#\\", x->s[at]) || escape_at(x, at, any);
}

/* https%3A%2F%2Fuser%3Apassword%40host. at: behind the first colon. */
static void find_userinfo(struct tell_search *x, const struct coded *c, size_t at)
{
	size_t len = c->twice ? 5 : 3, from = 0;
	if (!escape_at(c, at, "/") || !escape_at(c, at + len, "/"))
		return;
	for (size_t i = at + 2 * len; i < x->n && i - at < USERINFO_MAX; i++) {
		if (tell_char_is(x->s[i], TELL_CHAR_SPACE) || escape_at(c, i, "/?#"))
			return;
		if (from && escape_at(c, i, "@")) {
			if (!tell_text_mask(x->s, x->n, from))
				tell_search_add(x, TELL_SPAN_URL, from, i);
			return;
		}
		if (!from && escape_at(c, i, ":"))
			from = i + len;
	}
}

void tell_find_percent(struct tell_search *x, size_t at)
{
	if (x->s[at - 1] != '%' || at < x->percent_done)
		return;
	struct coded c = { .s = x->s, .n = x->n };
	c.twice = x->s[at] == '2' && at + 1 < x->n && x->s[at + 1] == '5';
	size_t sign = escape_at(&c, at - 1, "=:");
	if (!sign)
		return;
	size_t from = at - 1 + sign;
	find_userinfo(x, &c, from);
	if (!is_secret(&c, at - 1))
		return;
	size_t blank = escape_at(&c, from, " ");
	from += blank;
	size_t quote = escape_at(&c, from, "\"'");
	from += quote;
	size_t to = from;
	while (to < x->n && !ends(&c, to, quote ? "\"'" : "&;,} "))
		to++;
	x->percent_done = to;
	size_t mask = tell_text_mask(x->s, x->n, from);
	if ((mask && from + mask == to) || tell_value_harmless(x->s + from, to - from))
		return;
	tell_search_add(x, TELL_SPAN_PAIR, from, to);
}
