/* Elements of a preamble in brackets: [ERROR], [2026-11-21 03:54:27], [cart.c:42], [1234]. */
#include <string.h>
#include <strings.h>
#include <telltale/log.h>
#include "decode/preamble_cursor.h"

#define BRACKETS_MAX 128 /* longer ones are part of the message */

/* "pid 12", "tid=12", "thread 12" */
static size_t named_number(
	const char *p, const char *end, const char *word, struct tell_piece *ret)
{
	size_t n = strlen(word);
	if ((size_t)(end - p) < n + 2 || strncasecmp(p, word, n) != 0 ||
		!memchr(" =:#", p[n], 4))
		return 0;
	size_t k = digits(p + n + 1, end);
	*ret = (struct tell_piece){ p + n + 1, k };
	return k ? n + 1 + k : 0;
}

/* "pid 12", "pid 12:tid 34", "tid 34", "thread 34" */
static bool named_ids(
	const char *p, const char *end, struct tell_piece *pid, struct tell_piece *thread)
{
	size_t n = named_number(p, end, "pid", pid);
	p += n;
	if (n && p < end && memchr(":, ", *p, 3))
		p++;
	size_t k = named_number(p, end, "tid", thread);
	if (!k)
		k = named_number(p, end, "thread", thread);
	return n + k > 0 && p + k == end;
}

/* "12", "12:34", "12/34", "0x7f12" */
static bool bare_ids(
	const char *p, const char *end, struct tell_piece *pid, struct tell_piece *thread)
{
	size_t n = digits(p, end);
	if (n == 1 && end - p > 2 && p[0] == '0' && p[1] == 'x') {
		*thread = (struct tell_piece){ p, (size_t)(end - p) };
		for (p += 2; p < end; p++)
			if (!tell_is_digit(*p) &&
				!((*p | 0x20) >= 'a' && (*p | 0x20) <= 'f'))
				return false;
		return true;
	}
	if (n > TELL_PREAMBLE_PID_DIGITS_MAX) {
		*thread = (struct tell_piece){ p, n };
		return p + n == end;
	}
	*pid = (struct tell_piece){ p, n };
	p += n;
	if (n && p < end && (*p == ':' || *p == '/')) {
		size_t k = digits(++p, end);
		*thread = (struct tell_piece){ p, k };
		p += k;
	}
	return n && p == end && p[-1] != ':' && p[-1] != '/';
}

/* Process and thread, all of the brackets. A number without a word says little: it needs a
 * time before it. */
static bool take_ids(struct tell_preamble_cursor *c, const char *p, const char *end)
{
	struct tell_piece pid = { 0 }, thread = { 0 };
	if (!c->known ||
		(!named_ids(p, end, &pid, &thread) &&
			!(timed(c) && bare_ids(p, end, &pid, &thread))))
		return false;
	if ((pid.n && c->h->pid.n) || (thread.n && c->h->thread.n))
		return false;
	if (pid.n)
		c->h->pid = pid;
	if (thread.n)
		c->h->thread = thread;
	return true;
}

/* [error], [ERROR  ], [E] behind a time, [core:error] as Apache writes it. */
static bool take_level(struct tell_preamble_cursor *c, const char *p, const char *end)
{
	static const char of_letter[] = "CDEFINTVW";
	static const int levels[] = { TELL_CRIT, TELL_DEBUG, TELL_ERROR, TELL_CRIT,
		TELL_INFO, TELL_NOTICE, TELL_DEBUG, TELL_DEBUG, TELL_WARNING };
	unsigned flags;
	size_t n = (size_t)(end - p);
	const char *colon = timed(c) ? memchr(p, ':', n) : NULL;
	const char *known = n == 1 && timed(c) ? strchr(of_letter, *p) : NULL;
	if (c->h->level.n)
		return false;
	if (known && *p) {
		set_level(c, p, 1, levels[known - of_letter]);
		return true;
	}
	size_t before = colon && !c->h->logger.n ? (size_t)(colon - p) : 0;
	if (before && name(p, colon) == before) {
		p = colon + 1;
		n -= before + 1;
	} else {
		before = 0;
	}
	int severity = letters(p, end) == n ? tell_preamble_severity(p, n, &flags) : -1;
	if (severity < 0)
		return false;
	if (before)
		c->h->logger = (struct tell_piece){ p - 1 - before, before };
	set_level(c, p, n, severity);
	return true;
}

/* Several in one pair: "[2026-11-21 03:54:27 INFO cart.c:42]"; what stands behind a level
 * and is none of them names the logger. */
static bool take_several(struct tell_preamble_cursor *c, const char *p, const char *end)
{
	for (bool any = false; p < end; any = true) {
		p += blanks(p, end);
		size_t n = c->may_time && !timed(c)
			? tell_preamble_time(c->h, p, end, true)
			: 0;
		if (!n && !timed(c))
			return false; /* several begin with their time */
		unsigned flags = 0;
		size_t k = n || c->h->level.n ? 0 : letters(p, end);
		int severity = k ? tell_preamble_severity(p, k, &flags) : -1;
		if (severity >= 0 && (flags & TELL_PREAMBLE_UPPER) &&
			blank_or_end(p + k, end)) {
			set_level(c, p, k, severity);
			n = k;
		}
		if (!n && !c->h->file.n)
			n = tell_preamble_place(c->h, p, end, true);
		if (!n && c->h->level.n && !c->h->logger.n && any) {
			n = name(p, end);
			c->h->logger = (struct tell_piece){ p, n };
		}
		p += n;
		if (!n || !blank_or_end(p, end))
			return false;
		p += blanks(p, end);
	}
	return timed(c);
}

static bool take_place(struct tell_preamble_cursor *c, const char *p, const char *end)
{
	return !c->h->file.n &&
		tell_preamble_place(c->h, p, end, true) == (size_t)(end - p);
}

/* "[name] [error]" of spdlog: a logger; "[main] INFO" of Java: a thread. after: behind the
 * closing bracket. */
static bool take_name(
	struct tell_preamble_cursor *c, const char *p, const char *end, const char *after)
{
	size_t n = name(p, end);
	unsigned flags;
	const char *s = after + blanks(after, c->end);
	bool bracket = s < c->end && *s == '[';
	s += bracket;
	size_t k = letters(s, c->end);
	if (!timed(c) || c->h->level.n || p + n != end || !n || s + k >= c->end ||
		tell_preamble_severity(s, k, &flags) < 0)
		return false;
	if (bracket && s[k] == ']' && !c->h->logger.n) {
		c->h->logger = (struct tell_piece){ p, n };
		return true;
	}
	if (bracket || !(flags & TELL_PREAMBLE_UPPER) || !is_blank(s[k]) ||
		c->h->thread.n)
		return false;
	c->h->thread = (struct tell_piece){ p, n };
	return true;
}

static bool take(
	struct tell_preamble_cursor *c, const char *p, const char *end, const char *after)
{
	static bool (*const kinds[])(struct tell_preamble_cursor *, const char *,
		const char *) = { take_level, take_place, take_ids, take_several };
	struct tell_preamble before = *c->h;
	bool square = p[-1] == '[';
	p += blanks(p, end);
	while (end > p && is_blank(end[-1]))
		end--;
	for (size_t i = 0; p < end && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (kinds[i](c, p, end))
			return true;
		*c->h = before;
		if (!square && kinds[i] == take_place)
			return false; /* other brackets hold levels and places only */
	}
	return p < end && take_name(c, p, end, after);
}

bool tell_preamble_bracket(struct tell_preamble_cursor *c)
{
	const char *p = c->p + 1;
	char close = *c->p == '[' ? ']' : ')';
	size_t left = (size_t)(c->end - p);
	const char *end = memchr(p, close, left < BRACKETS_MAX ? left : BRACKETS_MAX);
	bool had_time = timed(c);
	if (!end || (close == ')' && !blank_or_end(end + 1, c->end)) ||
		!take(c, p, end, end + 1))
		return false;
	c->p = end + 1;
	c->may_time = !had_time && !timed(c);
	return true;
}
