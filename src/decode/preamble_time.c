/* The times that programs write in front of a line. */
#include <string.h>
#include "base/ascii.h"
#include "base/clock.h"
#include "base/digits.h"
#include "decode/preamble.h"

#define FRACTION_MAX 9
#define A_LEAP_YEAR  2024 /* where the text has none: 29 February may stand */

struct scan {
	const char *p, *end;
};

/* A time as numbers; year 0: not said. */
struct moment {
	unsigned year, month, day, hour, minute, second;
	struct tell_piece fraction;
	bool dated, zoned;
	int offset_min; /* east of Greenwich */
};

static char peek(const struct scan *s)
{
	return s->p < s->end ? *s->p : '\0';
}

static bool skip(struct scan *s, char c)
{
	if (peek(s) != c || s->p == s->end)
		return false;
	s->p++;
	return true;
}

static size_t count_digits(const struct scan *s)
{
	size_t n = 0;
	while (s->p + n < s->end && tell_is_digit(s->p[n]))
		n++;
	return n;
}

/* Exactly n digits; more may follow. */
static bool digits(struct scan *s, size_t n, unsigned *ret)
{
	unsigned v = 0;
	if ((size_t)(s->end - s->p) < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!tell_is_digit(s->p[i]))
			return false;
		v = v * 10 + (unsigned)(s->p[i] - '0');
	}
	s->p += n;
	*ret = v;
	return true;
}

/* One of the three-letter words: its number from 1 on, 0 for none. */
static unsigned word3(struct scan *s, const char *words)
{
	if (s->end - s->p < 3)
		return 0;
	for (unsigned i = 0; words[3 * i]; i++)
		if (memcmp(s->p, words + 3 * i, 3) == 0) {
			s->p += 3;
			return i + 1;
		}
	return 0;
}

static unsigned month_name(struct scan *s)
{
	return word3(s, "JanFebMarAprMayJunJulAugSepOctNovDec");
}

static unsigned weekday(struct scan *s)
{
	return word3(s, "MonTueWedThuFriSatSun");
}

/* ".123", ",123" and, where three or six digits stand alone, ":123" */
static void fraction(struct scan *s, struct moment *m)
{
	struct scan t = { s->p + 1, s->end };
	char c = peek(s);
	if (c != '.' && c != ',' && c != ':')
		return;
	size_t n = count_digits(&t);
	if (n == 0 || (c == ':' && n != 3 && n != 6))
		return;
	m->fraction = (struct tell_piece){ t.p, n < FRACTION_MAX ? n : FRACTION_MAX };
	s->p = t.p + n;
}

/* "03:54:27", "035427" when compact; then a fraction. */
static bool clock_time(struct scan *s, struct moment *m, bool compact)
{
	if (!digits(s, 2, &m->hour) || (!compact && !skip(s, ':')) ||
		!digits(s, 2, &m->minute) || (!compact && !skip(s, ':')) ||
		!digits(s, 2, &m->second))
		return false;
	fraction(s, m);
	return true;
}

/* "+01:00", "+0100" or, not behind a blank, "+01" */
static bool offset(struct scan *s, struct moment *m, bool behind_blank)
{
	struct scan t = *s;
	unsigned hours, minutes = 0;
	bool east = skip(&t, '+');
	if ((!east && !skip(&t, '-')) || !digits(&t, 2, &hours) || hours > 23)
		return false;
	bool colon = skip(&t, ':');
	if (!digits(&t, 2, &minutes) && (colon || behind_blank))
		return false;
	if (minutes > 59 || tell_is_digit(peek(&t)))
		return false;
	m->offset_min = (int)(hours * 60 + minutes) * (east ? 1 : -1);
	m->zoned = true;
	*s = t;
	return true;
}

/* " UTC", " CET": letters name a zone only if they are a known one, as any word of the
 * message may follow; and only those of Greenwich say which it is. */
static void zone_name(struct scan *s, struct moment *m)
{
	static const char *const names[] = { "UTC", "GMT", "WET", "WEST", "BST", "IST",
		"CET", "CEST", "EET", "EEST", "MSK", "EST", "EDT", "CST", "CDT", "MST",
		"MDT", "PST", "PDT", "JST", "KST", "AEST", "AEDT" };
	if (s->end - s->p < 3 || s->p[0] < 'A' || s->p[0] > 'W' || s->p[1] < 'A' ||
		s->p[1] > 'Z')
		return;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t n = strlen(names[i]);
		if (s->p[0] != names[i][0] || (size_t)(s->end - s->p) < n ||
			memcmp(s->p, names[i], n) != 0)
			continue;
		char next = s->p + n < s->end ? s->p[n] : ' ';
		if ((next >= 'A' && next <= 'Z') || (next >= 'a' && next <= 'z') ||
			tell_is_digit(next) || next == '_')
			continue;
		s->p += n;
		m->zoned |= i < 2;
		return;
	}
}

static void zone(struct scan *s, struct moment *m)
{
	if (skip(s, 'Z')) {
		m->zoned = true;
		return;
	}
	if (offset(s, m, false) || peek(s) != ' ')
		return;
	struct scan t = { s->p + 1, s->end };
	const char *from = t.p;
	if (!offset(&t, m, true))
		zone_name(&t, m);
	if (t.p > from)
		*s = t;
}

/* 2026-11-21T03:54:27.123+01:00, 2026/11/21 03:54:27 */
static bool iso(struct scan *s, struct moment *m)
{
	if (!digits(s, 4, &m->year))
		return false;
	char sep = peek(s);
	if ((sep != '-' && sep != '/') || !skip(s, sep) || !digits(s, 2, &m->month) ||
		!skip(s, sep) || !digits(s, 2, &m->day) ||
		(!skip(s, 'T') && !skip(s, ' ')) || !clock_time(s, m, false))
		return false;
	m->dated = true;
	zone(s, m);
	return true;
}

/* 20261121T035427Z, 20261121 03:54:27, 20261121-03:54:27 */
static bool compact(struct scan *s, struct moment *m)
{
	if (!digits(s, 4, &m->year) || !digits(s, 2, &m->month) || !digits(s, 2, &m->day))
		return false;
	bool t = skip(s, 'T');
	if (!t && !skip(s, ' ') && !skip(s, '-'))
		return false;
	if (!clock_time(s, m, t && count_digits(s) == 6))
		return false;
	m->dated = true;
	zone(s, m);
	return true;
}

static bool day_of_month(struct scan *s, struct moment *m)
{
	size_t n = count_digits(s);
	return (n == 1 || n == 2) && digits(s, n, &m->day);
}

/* "Nov 21 03:54:27" of syslog; behind a weekday as ctime(3) and date(1) have it, with the
 * year at the end; or the year in the middle. */
static bool month_first(struct scan *s, struct moment *m, bool with_weekday)
{
	m->month = month_name(s);
	if (!m->month || !skip(s, ' '))
		return false;
	(void)skip(s, ' '); /* a day below 10 may have a blank in front */
	if (!day_of_month(s, m) || !skip(s, ' '))
		return false;
	if (count_digits(s) == 4 && (!digits(s, 4, &m->year) || !skip(s, ' ')))
		return false;
	if (!clock_time(s, m, false))
		return false;
	m->dated = true;
	zone(s, m);
	struct scan t = *s;
	if (with_weekday && skip(&t, ' ') && count_digits(&t) == 4 &&
		digits(&t, 4, &m->year))
		*s = t;
	return true;
}

/* "21 Nov 2026 03:54:27 +0100", "21/Nov/2026:03:54:27 +0100" */
static bool day_first(struct scan *s, struct moment *m)
{
	if (!day_of_month(s, m))
		return false;
	char sep = peek(s);
	if ((sep != ' ' && sep != '/' && sep != '-') || !skip(s, sep))
		return false;
	m->month = month_name(s);
	if (!m->month || !skip(s, sep) || !digits(s, 4, &m->year) ||
		(!skip(s, ' ') && (sep != '/' || !skip(s, ':'))) ||
		!clock_time(s, m, false))
		return false;
	m->dated = true;
	zone(s, m);
	return true;
}

static bool with_letters(struct scan *s, struct moment *m)
{
	bool named = weekday(s) != 0;
	if (!named)
		return month_first(s, m, false);
	if (skip(s, ','))
		return skip(s, ' ') && day_first(s, m);
	return skip(s, ' ') && month_first(s, m, true);
}

static bool is_possible(const struct moment *m)
{
	static const uint8_t lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	unsigned year = m->year ? m->year : A_LEAP_YEAR;
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	if (m->hour > 23 || m->minute > 59 || m->second > 60)
		return false;
	return !m->dated ||
		(m->month >= 1 && m->month <= 12 && m->day >= 1 &&
			m->day <= lengths[m->month - 1] +
					(unsigned)(m->month == 2 && leap));
}

static char *put4(char *p, unsigned v)
{
	return tell_put_2_digits(tell_put_2_digits(p, v / 100), v % 100);
}

/* A moment with date and zone in RFC 3339, to be counted by its one reader; 0: before 1970,
 * behind 2554. */
static uint64_t count(const struct moment *m)
{
	char text[40], *p = text;
	unsigned away = (unsigned)(m->offset_min < 0 ? -m->offset_min : m->offset_min);
	uint64_t ns;
	p = put4(p, m->year);
	*p++ = '-';
	p = tell_put_2_digits(p, m->month);
	*p++ = '-';
	p = tell_put_2_digits(p, m->day);
	*p++ = 'T';
	p = tell_put_2_digits(p, m->hour);
	*p++ = ':';
	p = tell_put_2_digits(p, m->minute);
	*p++ = ':';
	p = tell_put_2_digits(p, m->second);
	if (m->fraction.n) {
		*p++ = '.';
		memcpy(p, m->fraction.p, m->fraction.n);
		p += m->fraction.n;
	}
	*p++ = m->offset_min < 0 ? '-' : '+';
	p = tell_put_2_digits(p, away / 60);
	*p++ = ':';
	p = tell_put_2_digits(p, away % 60);
	return tell_parse_rfc3339(text, (size_t)(p - text), &ns) ? ns : 0;
}

static size_t take(struct tell_preamble *h, const char *p, size_t n, uint64_t ns)
{
	h->time = (struct tell_piece){ p, n };
	h->time_ns = ns;
	h->time_is_syslogs = p[0] >= 'A' && p[3] == ' ';
	return n;
}

static bool written(struct scan *s, struct moment *m)
{
	static bool (*const forms[])(
		struct scan *, struct moment *) = { iso, compact, day_first };
	if (!tell_is_digit(*s->p))
		return with_letters(s, m);
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct scan t = *s;
		*m = (struct moment){ 0 };
		if (forms[i](&t, m)) {
			*s = t;
			return true;
		}
	}
	*m = (struct moment){ 0 };
	return clock_time(s, m, false);
}

size_t tell_preamble_time(
	struct tell_preamble *h, const char *p, const char *end, bool bracketed)
{
	struct scan s = { p, end };
	struct moment m = { 0 };
	uint64_t ns;
	if (s.p == s.end || !(tell_is_digit(*p) || (*p >= 'A' && *p <= 'W')))
		return 0;
	if (written(&s, &m) && tell_preamble_time_ends(s.p, s.end) && is_possible(&m))
		return take(h, p, (size_t)(s.p - p),
			m.zoned && m.dated && m.year ? count(&m) : 0);
	if (!tell_is_digit(*p))
		return 0;
	size_t n = tell_preamble_epoch(p, end, bracketed, &ns);
	return n ? take(h, p, n, ns) : 0;
}
