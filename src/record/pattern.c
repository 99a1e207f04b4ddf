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

static const char *after_digits(const char *s)
{
	return s + strspn(s, "0123456789");
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
 * This counts how much it will write. And its time doubles with each thing that may be empty
 * in a loop, as it goes round without reading a byte: this knows which may be empty. */
struct group {
	unsigned long size;
	bool empty;  /* a branch before this one may be empty */
	bool branch; /* this branch may be, as far as it has come, without its last part */
};

struct growth {
	struct group group[GROUPS_MAX + 1]; /* the open ones; [0] is the whole */
	int depth;
	unsigned long copies; /* written beyond the pattern's own length */
	unsigned long last;   /* of what the next repetition repeats: its size, */
	bool last_empty;      /* whether it may be empty, */
	char last_sign;	      /* '\0', or the sign of the repetition that it is */
	bool has_last;
};

/* Written out times times; empty: also not at all; loops: without end. A ? may stand behind
 * another sign, as Perl has it. */
static const char *repeat(
	struct growth *g, char sign, unsigned long times, bool empty, bool loops)
{
	if (!g->has_last)
		return "nothing stands before a repetition";
	if (g->last_sign && (sign != '?' || g->last_sign == '?'))
		return "a repetition stands directly behind a repetition";
	if (loops && g->last_empty)
		return "what is repeated without end may be empty";
	if (times > COPIES_MAX)
		times = COPIES_MAX + 2;
	unsigned long more = g->last * (times ? times - 1 : 0);
	g->last += more;
	g->group[g->depth].size += more;
	g->copies += more;
	g->last_empty |= empty;
	g->last_sign = sign;
	return g->copies > COPIES_MAX
		? "it is over 1000 longer with its repetitions written out"
		: NULL;
}

static void end_part(struct growth *g)
{
	g->group[g->depth].branch &= g->last_empty;
	g->last_empty = true;
	g->has_last = false;
	g->last_sign = '\0';
}

static void add_part(struct growth *g, unsigned long size, bool empty)
{
	end_part(g);
	g->last = size;
	g->last_empty = empty;
	g->has_last = true;
	g->group[g->depth].size += size;
}

static void end_branch(struct growth *g)
{
	struct group *group = &g->group[g->depth];
	end_part(g);
	group->empty |= group->branch;
	group->branch = true;
	group->size++;
}

static void close_group(struct growth *g)
{
	if (g->depth == 0) { /* that one is text */
		add_part(g, 1, false);
		return;
	}
	end_branch(g);
	const struct group *inner = &g->group[g->depth--];
	add_part(g, inner->size, inner->empty);
}

static const char *repeat_at(struct growth *g, const char *s)
{
	if (*s == '{')
		return repeat(g, *s, count_at(s), strtoul(s + 1, NULL, 10) == 0,
			strncmp(after_digits(s + 1), ",}", 2) == 0);
	return repeat(g, *s, *s == '+' ? 2 : 1, *s != '+', *s != '?');
}

/* What would cost without bound; NULL: nothing. */
static const char *too_much(const char *ere)
{
	struct growth g = { .group[0].branch = true, .last_empty = true };
	const char *wrong = NULL;
	for (const char *s = ere; *s && !wrong; s++) {
		if (*s == '\\' && s[1] >= '1' && s[1] <= '9') {
			wrong = "back references are not supported";
		} else if (*s == '(') {
			end_part(&g);
			if (++g.depth > GROUPS_MAX)
				return "groups are more than 50 deep";
			g.group[g.depth] = (struct group){ .branch = true };
		} else if (*s == ')') {
			close_group(&g);
		} else if (*s == '|') {
			end_branch(&g);
		} else if (strchr("*+?{", *s)) {
			wrong = repeat_at(&g, s);
			if (*s == '{')
				s += strcspn(s, "}");
			if (!*s)
				break; /* regcomp() misses its } */
		} else if (*s == '[') {
			s = skip_bracket(s);
			add_part(&g, 1, false);
		} else if (*s == '\\' && s[1]) {
			s++;
			add_part(&g, 1, strchr("bB<>`'", *s) != NULL);
		} else {
			add_part(&g, 1, *s == '^' || *s == '$');
		}
	}
	return wrong;
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
