#include "tool/time_arg.h"
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "base/clock.h"
#include "base/number.h"
#include "base/size.h"

static bool local_parts(uint64_t ns, int utc, struct tm *tm)
{
	time_t t = (time_t)(ns / TELL_NS_PER_SEC);
	return (utc ? gmtime_r(&t, tm) : localtime_r(&t, tm)) != NULL;
}

/* Normalises what overflows (day 0 of a month), refuses times before 1970. */
static int from_parts(struct tm *tm, int utc, uint64_t frac_ns, uint64_t *ret_ns)
{
	tm->tm_isdst = -1; /* let the time zone's rules decide */
	time_t t = utc ? timegm(tm) : mktime(tm);
	if (t < 0 || (uint64_t)t > UINT64_MAX / TELL_NS_PER_SEC - 1)
		return -EINVAL;
	*ret_ns = (uint64_t)t * TELL_NS_PER_SEC + frac_ns;
	return 0;
}

/* Midnight, days from today's. */
static int midnight(int days, uint64_t now_ns, int utc, uint64_t *ret_ns)
{
	struct tm tm;
	if (!local_parts(now_ns, utc, &tm))
		return -EINVAL;
	tm.tm_mday += days;
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	return from_parts(&tm, utc, 0, ret_ns);
}

static int relative(const char *text, uint64_t now_ns, uint64_t *ret_ns)
{
	bool back = text[0] == '-';
	char amount[64];
	size_t n = strlen(text);
	if (text[0] == '-' || text[0] == '+') {
		text++;
	} else if (n > 4 && strcmp(text + n - 4, " ago") == 0) {
		back = true;
		n -= 4;
	} else {
		return -EINVAL;
	}
	if (n >= sizeof(amount))
		return -EINVAL;
	(void)snprintf(amount, sizeof(amount), "%.*s", (int)n, text);

	uint64_t ns;
	if (tell_parse_duration(amount, &ns) < 0)
		return -EINVAL;
	if (back)
		*ret_ns = ns < now_ns ? now_ns - ns : 0;
	else
		*ret_ns = ns < UINT64_MAX - now_ns ? now_ns + ns : UINT64_MAX;
	return 0;
}

/* ".25" as ns; "" is none. */
static int fraction(const char *text, uint64_t *ret_ns)
{
	*ret_ns = 0;
	if (!*text)
		return 0;
	double part;
	if (*text != '.' || !text[1] ||
		strspn(text + 1, "0123456789") != strlen(text + 1) ||
		!tell_parse_f64(text, strlen(text), &part))
		return -EINVAL;
	*ret_ns = (uint64_t)(part * 1e9);
	return 0;
}

static int epoch(const char *text, uint64_t *ret_ns)
{
	size_t whole = strcspn(text, ".");
	uint64_t sec, frac_ns;
	if (!tell_parse_u64(text, whole, &sec) ||
		sec > UINT64_MAX / TELL_NS_PER_SEC - 1 ||
		fraction(text + whole, &frac_ns) < 0)
		return -EINVAL;
	*ret_ns = sec * TELL_NS_PER_SEC + frac_ns;
	return 0;
}

static bool in_range(const struct tm *tm)
{
	return tm->tm_mon >= 0 && tm->tm_mon < 12 && tm->tm_mday >= 1 &&
		tm->tm_mday <= 31 && tm->tm_hour <= 23 && tm->tm_min <= 59 &&
		tm->tm_sec <= 59;
}

/* Two digits behind sep at *p: the number, -1 when they are not there. */
static int two_digits(const char **p, char sep)
{
	const char *s = *p;
	if (sep && *s++ != sep)
		return -1;
	if (s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9')
		return -1;
	*p = s + 2;
	return (s[0] - '0') * 10 + s[1] - '0';
}

/* "2026-11-21": true, *p behind it. */
static bool read_date(const char **p, struct tm *tm)
{
	const char *s = *p;
	int century = two_digits(&s, 0), year = two_digits(&s, 0);
	int month = two_digits(&s, '-'), day = two_digits(&s, '-');
	if (century < 0 || year < 0 || month < 1 || day < 1)
		return false;
	tm->tm_year = century * 100 + year - 1900;
	tm->tm_mon = month - 1;
	tm->tm_mday = day;
	*p = s;
	return true;
}

/* "10:00" or "10:00:59": true, *p behind it. */
static bool read_clock(const char **p, struct tm *tm)
{
	const char *s = *p;
	tm->tm_hour = two_digits(&s, 0);
	tm->tm_min = two_digits(&s, ':');
	if (tm->tm_hour < 0 || tm->tm_min < 0)
		return false;
	int sec = two_digits(&s, ':');
	tm->tm_sec = sec < 0 ? 0 : sec;
	*p = s;
	return true;
}

static int calendar(const char *text, uint64_t now_ns, int utc, uint64_t *ret_ns)
{
	char copy[64];
	size_t n = strlen(text);
	if (n > 4 && strcmp(text + n - 4, " UTC") == 0) {
		utc = 1;
		n -= 4;
	}
	if (n >= sizeof(copy))
		return -EINVAL;
	(void)snprintf(copy, sizeof(copy), "%.*s", (int)n, text);

	struct tm tm;
	const char *p = copy;
	if (!local_parts(now_ns, utc, &tm))
		return -EINVAL;
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	bool dated = read_date(&p, &tm);
	if (dated && (*p == ' ' || *p == 'T') && p[1])
		p++;
	else if (dated && *p)
		return -EINVAL;
	if (*p && !read_clock(&p, &tm))
		return -EINVAL;

	uint64_t frac_ns;
	if (p == copy || !in_range(&tm) || fraction(p, &frac_ns) < 0)
		return -EINVAL;
	int month = tm.tm_mon;
	int r = from_parts(&tm, utc, frac_ns, ret_ns);
	return tm.tm_mon == month ? r : -EINVAL; /* 31 of a month with 30 */
}

int tell_time_arg(const char *text, uint64_t now_ns, int utc, uint64_t *ret_ns)
{
	if (strcmp(text, "now") == 0) {
		*ret_ns = now_ns;
		return 0;
	}
	if (strcmp(text, "today") == 0)
		return midnight(0, now_ns, utc, ret_ns);
	if (strcmp(text, "yesterday") == 0)
		return midnight(-1, now_ns, utc, ret_ns);
	if (strcmp(text, "tomorrow") == 0)
		return midnight(1, now_ns, utc, ret_ns);
	if (text[0] == '@')
		return epoch(text + 1, ret_ns);
	if (tell_parse_rfc3339(text, strlen(text), ret_ns))
		return 0;
	if (relative(text, now_ns, ret_ns) == 0)
		return 0;
	return calendar(text, now_ns, utc, ret_ns);
}
