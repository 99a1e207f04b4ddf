#include "metric/expose_accept.h"
#include <stddef.h>
#include <string.h>
#include <strings.h>

#define Q_MOST 1000 /* thousandths */

/* A piece of the header; not NUL-terminated. */
struct piece {
	const char *text;
	size_t len;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct piece trimmed(const char *text, size_t len)
{
	for (; len && is_blank(*text); text++)
		len--;
	while (len && is_blank(text[len - 1]))
		len--;
	return (struct piece){ text, len };
}

/* The next piece of *rest, which ends at a `mark`; quoted text has none. */
static bool next(struct piece *rest, char mark, struct piece *ret)
{
	size_t n = 0;
	bool quoted = false;
	if (!rest->text)
		return false;
	for (; n < rest->len && (quoted || rest->text[n] != mark); n++)
		if (rest->text[n] == '"')
			quoted = !quoted;
	*ret = trimmed(rest->text, n);
	bool more = n < rest->len;
	rest->len = more ? rest->len - n - 1 : 0;
	rest->text = more ? rest->text + n + 1 : NULL;
	return true;
}

static bool is_word(struct piece p, const char *word)
{
	return p.len == strlen(word) && strncasecmp(p.text, word, p.len) == 0;
}

/* The value of "name=value", without quotes; NULL text: it is another parameter. */
static struct piece value_of(struct piece p, const char *name)
{
	size_t n = strlen(name);
	if (p.len <= n || p.text[n] != '=' || strncasecmp(p.text, name, n) != 0)
		return (struct piece){ NULL, 0 };
	struct piece v = { p.text + n + 1, p.len - n - 1 };
	if (v.len >= 2 && v.text[0] == '"' && v.text[v.len - 1] == '"')
		v = (struct piece){ v.text + 1, v.len - 2 };
	return v;
}

/* RFC 9110 section 12.4.2: 0, 1, or up to three digits behind the point. What is none is 0. */
static unsigned q_of(struct piece p)
{
	unsigned q = 0, unit = Q_MOST;
	for (size_t i = 0; i < p.len && unit; i++) {
		if (p.text[i] == '.' && i == 1)
			continue;
		if (p.text[i] < '0' || p.text[i] > '9')
			return 0;
		q += (unsigned)(p.text[i] - '0') * unit;
		unit /= 10;
	}
	return q > Q_MOST ? Q_MOST : q;
}

struct range {
	struct piece type, version; /* version.text NULL: any */
	unsigned q;
};

static bool next_range(struct piece *rest, struct range *ret)
{
	struct piece one, part;
	if (!next(rest, ',', &one))
		return false;
	*ret = (struct range){ .q = Q_MOST };
	(void)next(&one, ';', &ret->type); /* it has one at least, if empty */
	while (next(&one, ';', &part)) {
		struct piece v = value_of(part, "q");
		if (v.text)
			ret->q = q_of(v);
		v = value_of(part, "version");
		if (v.text)
			ret->version = v;
	}
	return true;
}

static bool has_version(const struct range *r, const char *version)
{
	return !r->version.text || is_word(r->version, version);
}

/* False: there is nothing of this kind. */
static bool kind_of(const struct range *r, enum tell_show *ret)
{
	if (is_word(r->type, "application/openmetrics-text") && has_version(r, "1.0.0"))
		*ret = TELL_SHOW_OPENMETRICS;
	else if (is_word(r->type, "application/json"))
		*ret = TELL_SHOW_JSON;
	else if ((is_word(r->type, "text/plain") && has_version(r, "0.0.4")) ||
		is_word(r->type, "text/*") || is_word(r->type, "*/*"))
		*ret = TELL_SHOW_PROMETHEUS;
	else
		return false;
	return true;
}

enum tell_show tell_expose_accept(const char *header)
{
	enum tell_show best = TELL_SHOW_PROMETHEUS, kind;
	struct piece rest = { header, header ? strlen(header) : 0 };
	unsigned best_q = 0;
	for (struct range r; next_range(&rest, &r);)
		if (kind_of(&r, &kind) && r.q > best_q) {
			best = kind;
			best_q = r.q;
		}
	return best;
}

bool tell_expose_accepts_health_json(const char *header)
{
	struct piece rest = { header, header ? strlen(header) : 0 };
	for (struct range r; next_range(&rest, &r);)
		if (is_word(r.type, "application/health+json") && r.q > 0)
			return true;
	return false;
}
