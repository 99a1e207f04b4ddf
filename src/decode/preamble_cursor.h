#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/ascii.h"
#include "decode/preamble.h"

/* Where the reading of a preamble stands; for preamble*.c. A reader
 * of an element answers whether there was one, and then stands behind it. */
#define TELL_PREAMBLE_WORD_MAX	     64
#define TELL_PREAMBLE_PID_DIGITS_MAX 7 /* of 2^22; what is longer is a thread's handle */

struct tell_preamble_cursor {
	struct tell_preamble *h;
	const char *p, *end;
	bool known;    /* an element was read: what follows need not say so clearly */
	bool may_time; /* a time may stand here: at the begin, or behind [ERROR] */
	bool dash;     /* a dash stands between what was read last and this */
};

bool tell_preamble_word(struct tell_preamble_cursor *c);
bool tell_preamble_bracket(struct tell_preamble_cursor *c);

static inline bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static inline bool blank_or_end(const char *p, const char *end)
{
	return p >= end || is_blank(*p);
}

static inline bool timed(const struct tell_preamble_cursor *c)
{
	return c->h->time.n > 0;
}

static inline size_t digits(const char *p, const char *end)
{
	size_t n = 0;
	while (p + n < end && tell_is_digit(p[n]))
		n++;
	return n;
}

static inline size_t blanks(const char *p, const char *end)
{
	size_t n = 0;
	while (p + n < end && is_blank(p[n]))
		n++;
	return n;
}

/* The letters of a word that may be a level's; DEBUG1 has a digit. */
static inline size_t letters(const char *p, const char *end)
{
	size_t n = 0;
	while (p + n < end && n < TELL_PREAMBLE_WORD_MAX && tell_is_letter(p[n]))
		n++;
	return n && p + n < end && tell_is_digit(p[n]) ? n + 1 : n;
}

/* A name of a program, a logger, a host. */
static inline size_t name(const char *p, const char *end)
{
	size_t n = 0;
	while (p + n < end && n < TELL_PREAMBLE_WORD_MAX &&
		(tell_is_letter(p[n]) || tell_is_digit(p[n]) || p[n] == '_' ||
			p[n] == '.' || p[n] == '-' || p[n] == '/' || p[n] == ':'))
		n++;
	return n;
}

static inline void set_level(
	struct tell_preamble_cursor *c, const char *word, size_t n, int severity)
{
	c->h->level = (struct tell_piece){ word, n };
	c->h->severity = severity;
}
