#include "record/pattern.h"
#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <regex.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COPIES_MAX 1000
#define GROUPS_MAX 50

struct tell_pattern {
	regex_t re;
	bool plain; /* text, head and tail say all; re is not compiled */
	bool head, tail;
	size_t len;
	char text[];
};

/* Is it text with perhaps ^ and $? Then fill p with it. */
static bool take_plain(struct tell_pattern *p, const char *ere)
{
	size_t n = 0;
	const char *s = ere;
	p->head = *s == '^';
	s += p->head;
	for (; *s; s++) {
		if (*s == '$' && s[1] == '\0') {
			p->tail = true;
			break;
		}
		if (*s == '\\' && s[1] && strchr(".[]()*+?{}|^$\\/-\"", s[1]))
			s++;
		else if (strchr(".[]()*+?{}|^$\\", *s))
			return false;
		p->text[n++] = *s;
	}
	p->len = n;
	return true;
}

/* The ']' that ends the bracket expression at s; its last byte when there is none. */
static const char *skip_bracket(const char *s)
{
	s += s[1] == '^' ? 2 : 1;
	if (*s == ']')
		s++;
	for (; *s && *s != ']'; s++) {
		if (*s != '[' || !s[1] || !strchr(":.=", s[1]))
			continue;
		char end = s[1];
		const char *close = s + 2;
		while (*close && (close[0] != end || close[1] != ']'))
			close++;
		s = *close ? close + 1 : close - 1;
	}
	return *s ? s : s - 1;
}

/* The larger number of the count at s, "{2,5}"; "{2,}" writes three. */
static unsigned long count_at(const char *s)
{
	char *end;
	unsigned long low = strtoul(s + 1, &end, 10);
	if (*end != ',')
		return low;
	unsigned long high = strtoul(end + 1, &end, 10);
	return high > low ? high : low + 1;
}

/* regcomp() writes repetitions out: x{3} is xxx, x+ is xx*, and (x{9}){9} is 81 of them.
 * This counts how much it will write. */
struct growth {
	unsigned long size[GROUPS_MAX + 1]; /* of each open group, so far */
	unsigned long last;		    /* of what the next repetition repeats */
	unsigned long copies;		    /* written beyond the pattern's own length */
	int depth;
};

static void grow(struct growth *g, unsigned long times)
{
	unsigned long more = g->last * (times > COPIES_MAX ? COPIES_MAX + 1 : times);
	g->last += more;
	g->size[g->depth] += more;
	g->copies += more;
}

static void add_one(struct growth *g)
{
	g->last = 1;
	g->size[g->depth]++;
}

/* What would cost without bound; NULL: nothing. */
static const char *too_much(const char *ere)
{
	struct growth g = { .last = 0 };
	for (const char *s = ere; *s; s++) {
		if (*s == '\\' && s[1] >= '1' && s[1] <= '9')
			return "back references are not supported";
		if (*s == '(') {
			if (++g.depth > GROUPS_MAX)
				return "groups are more than 50 deep";
			g.size[g.depth] = 0;
		} else if (*s == ')' && g.depth) {
			g.last = g.size[g.depth--] + 1;
			g.size[g.depth] += g.last;
		} else if ((*s == '*' || *s == '?') && s[1] == *s) {
			/* Each one doubles regcomp()'s work. */
			return *s == '*' ? "a * repeats a *" : "a ? repeats a ?";
		} else if (*s == '+') {
			grow(&g, 1);
		} else if (*s == '{') {
			unsigned long n = count_at(s);
			grow(&g, n ? n - 1 : 0);
		} else if (*s != '*' && *s != '?') {
			if (*s == '[')
				s = skip_bracket(s);
			else if (*s == '\\' && s[1])
				s++;
			add_one(&g);
		}
		if (g.copies > COPIES_MAX)
			return "it is over 1000 longer with its repetitions written out";
	}
	return NULL;
}

/* regcomp() keeps the locale it runs in; the host's must not change what matches. */
static int compile(regex_t *re, const char *ere, char *why, size_t size)
{
	locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	locale_t before = c ? uselocale(c) : (locale_t)0;
	int r = regcomp(re, ere, REG_EXTENDED | REG_NOSUB);
	if (r != 0)
		(void)regerror(r, re, why, size); /* cut to size */
	if (c) {
		(void)uselocale(before); /* what it was: valid */
		freelocale(c);
	}
	if (r == 0)
		return 0;
	return r == REG_ESPACE ? -ENOMEM : -EINVAL;
}

int tell_pattern_new(struct tell_pattern **ret, const char *ere, char *why, size_t size)
{
	struct tell_pattern *p = calloc(1, sizeof(*p) + strlen(ere) + 1);
	if (!p)
		return -ENOMEM;
	if (take_plain(p, ere)) {
		p->plain = true;
		*ret = p;
		return 0;
	}

	int r = -EINVAL;
	const char *limit = too_much(ere);
	if (limit)
		(void)snprintf(why, size, "%s", limit); /* cut to size */
	else
		r = compile(&p->re, ere, why, size);
	if (r < 0) {
		free(p);
		return r;
	}
	*ret = p;
	return 0;
}

struct tell_pattern *tell_pattern_free(struct tell_pattern *p)
{
	if (p && !p->plain)
		regfree(&p->re);
	free(p);
	return NULL;
}

static bool match_plain(const struct tell_pattern *p, const char *text, size_t len)
{
	if (p->len > len)
		return false;
	if (p->head)
		return (!p->tail || p->len == len) && memcmp(text, p->text, p->len) == 0;
	if (p->tail)
		return memcmp(text + len - p->len, p->text, p->len) == 0;
	return p->len == 0 || memmem(text, len, p->text, p->len);
}

bool tell_pattern_match(const struct tell_pattern *p, const char *text, size_t len)
{
	if (p->plain)
		return match_plain(p, text, len);
	if (len > INT_MAX)
		len = INT_MAX;
	/* REG_STARTEND: text need not end with NUL and may have some (glibc, BSD) */
	regmatch_t range = { .rm_so = 0, .rm_eo = (regoff_t)len };
	return regexec(&p->re, text, 1, &range, REG_STARTEND) == 0;
}
