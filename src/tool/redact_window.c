#include <string.h>
#include "base/ascii.h"
#include "tool/redact_sieve.h"

/* telltale redact: what is longer than can be looked at in one piece. No secret is cut in
 * two: a cut is right where both sides, looked at alone, give what all of it gave. */
#define TAIL  ((size_t)64 << 10) /* no secret but one in a quoted text is longer */
#define TRIES 8
#define NEAR  512

static bool is_between(char c)
{
	return c == '\n' || c == ' ' || c == '\t' || c == ',' || c == ';' || c == '&';
}

/* The first place behind `at` where something new begins, a line best; else `at`. */
static size_t cut_near(const char *base, size_t at, size_t n)
{
	size_t stop = n - at < NEAR ? n : at + NEAR;
	const char *line = memchr(base + at, '\n', stop - at);
	if (line)
		return (size_t)(line - base) + 1;
	for (size_t i = at; i < stop; i++)
		if (is_between(base[i]))
			return i + 1;
	while (at > 0 && at < n && ((unsigned char)base[at] & 0xc0) == 0x80)
		at--; /* not within a character */
	return at;
}

/* Does a cut at `at` leave all of it as s->rest has it? Then s->part is the first half. The
 * second is looked at first: it is short, and most cuts that are wrong are so there. */
static bool fits(struct tell_sieve *s, const char *base, size_t at, size_t n)
{
	tell_buf_clear(&s->part);
	(void)tell_redactor_text(s->rules, base + at, n - at, &s->part);
	size_t back = s->part.len, front = s->rest.len - back;
	if (s->rest.len < back ||
		(back && memcmp(s->rest.data + front, s->part.data, back) != 0))
		return false;
	tell_buf_clear(&s->part);
	(void)tell_redactor_text(s->rules, base, at, &s->part);
	return s->part.len == front &&
		(!front || memcmp(s->rest.data, s->part.data, front) == 0);
}

static size_t cut(struct tell_sieve *s, const char *base, size_t n)
{
	size_t tail = n / 4 < TAIL ? n / 4 : TAIL;
	for (size_t i = 0; i < TRIES; i++) {
		size_t at = cut_near(base, n - tail + i * (tail / 2 / TRIES), n);
		if (at && at < n && fits(s, base, at, n))
			return at;
	}
	return 0;
}

size_t tell_sieve_window(struct tell_sieve *s, const char *base, size_t n)
{
	bool counting = s->rules->counting;
	s->rules->counting = false;
	tell_buf_clear(&s->rest);
	size_t at;
	if (!tell_redactor_text(s->rules, base, n, &s->rest)) {
		at = cut_near(base, n - (n / 4 < TAIL ? n / 4 : TAIL), n);
		tell_buf_put(&s->out, base, at);
	} else {
		at = cut(s, base, n);
		if (at)
			tell_buf_put(&s->out, s->part.data, s->part.len);
	}
	s->rules->counting = counting;
	if (at && s->rest.len)
		tell_redactor_count(s->rules, base, at, s->part.data ? s->part.data : "",
			s->part.len);
	return at;
}
