/* tell_parse_rfc3339() and the reverse, durations for people. */
#include "base/clock.h"
#include "base/number.h"

#include <string.h>

/* A text being read; each step that does not fit makes it bad for good. */
struct text {
	const char *p, *end;
	bool bad;
};

static uint32_t read_digits(struct text *t, unsigned n)
{
	uint32_t v = 0;
	if (t->bad || (size_t)(t->end - t->p) < n) {
		t->bad = true;
		return 0;
	}
	for (unsigned i = 0; i < n; i++) {
		unsigned digit = (unsigned char)*t->p++ - (unsigned)'0';
		t->bad |= digit > 9;
		v = v * 10 + digit;
	}
	return v;
}

static uint32_t read_up_to(struct text *t, uint32_t max)
{
	uint32_t v = read_digits(t, 2);
	t->bad |= v > max;
	return v;
}

/* One byte out of a set; 0 when it is none of them. */
static char read_any(struct text *t, const char *set)
{
	if (t->bad || t->p == t->end || *t->p == '\0' || !strchr(set, *t->p)) {
		t->bad = true;
		return 0;
	}
	return *t->p++;
}

static uint32_t read_fraction_ns(struct text *t)
{
	uint32_t ns = 0, n = 0;
	if (t->bad || t->p == t->end || *t->p != '.')
		return 0;
	t->p++;
	for (; t->p < t->end && *t->p >= '0' && *t->p <= '9'; n++)
		ns = n < 9 ? ns * 10 + (uint32_t)(*t->p++ - '0') : (t->p++, ns);
	t->bad |= n == 0 || n > 9;
	for (; n < 9; n++)
		ns *= 10;
	return ns;
}

/* Seconds east of Greenwich. RFC 3339 section 4.3: "-00:00" is UTC as well. */
static int64_t read_offset(struct text *t)
{
	char sign = read_any(t, "Zz+-");
	if (t->bad || sign == 'Z' || sign == 'z')
		return 0;
	int64_t seconds = (int64_t)read_up_to(t, 23) * 3600;
	read_any(t, ":");
	seconds += (int64_t)read_up_to(t, 59) * 60;
	return sign == '-' ? -seconds : seconds;
}

static bool is_leap(uint32_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Days from 1970-01-01; the reverse of date_of_day() in clock.c, which says how. */
static int64_t read_day(struct text *t)
{
	static const uint8_t lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	uint32_t year = read_digits(t, 4);
	read_any(t, "-");
	uint32_t month = read_up_to(t, 12);
	read_any(t, "-");
	uint32_t day = read_up_to(t, 31);
	if (t->bad || month == 0 || day == 0 ||
		day > lengths[month - 1] + (unsigned)(month == 2 && is_leap(year))) {
		t->bad = true;
		return 0;
	}
	uint32_t march_year = year + 399 + (month > 2); /* one era up: not below 0 */
	uint32_t march_month = month > 2 ? month - 3 : month + 9;
	uint32_t of_year = (153 * march_month + 2) / 5 + day - 1;
	int64_t days = 365 * (int64_t)march_year + march_year / 4 - march_year / 100 +
		march_year / 400 + of_year;
	return days - 146097 - 719468;
}

bool tell_parse_rfc3339(const char *s, size_t n, uint64_t *ret_ns)
{
	struct text t = { s, s + n, false };
	int64_t sec = read_day(&t) * 86400;
	read_any(&t, "Tt ");
	sec += (int64_t)read_up_to(&t, 23) * 3600;
	read_any(&t, ":");
	sec += (int64_t)read_up_to(&t, 59) * 60;
	read_any(&t, ":");
	sec += read_up_to(&t, 60); /* a leap second is the first of the next minute */
	uint64_t ns = read_fraction_ns(&t);
	sec -= read_offset(&t);
	if (t.bad || t.p != t.end || sec < 0)
		return false;
	uint64_t whole;
	if (__builtin_mul_overflow((uint64_t)sec, TELL_NS_PER_SEC, &whole) ||
		__builtin_add_overflow(whole, ns, &whole))
		return false;
	*ret_ns = whole;
	return true;
}

static char *put_unit(char *p, uint64_t v, const char *unit)
{
	size_t n = strlen(unit);
	p = tell_put_u64(p, v);
	memcpy(p, unit, n);
	return p + n;
}

/* "1.2ms", and "3ms" rather than "3.0ms" */
static char *put_tenths(char *p, uint64_t ns, uint64_t unit_ns, const char *unit)
{
	uint64_t tenth = ns / (unit_ns / 10) % 10;
	p = tell_put_u64(p, ns / unit_ns);
	if (tenth) {
		*p++ = '.';
		*p++ = (char)('0' + tenth);
	}
	memcpy(p, unit, strlen(unit));
	return p + strlen(unit);
}

/* "2m5s", and "2m" rather than "2m0s" */
static char *put_pair(
	char *p, uint64_t v, const char *unit, uint64_t rest, const char *small)
{
	p = put_unit(p, v, unit);
	return rest ? put_unit(p, rest, small) : p;
}

char *tell_put_duration_ns(char *p, uint64_t ns)
{
	uint64_t sec = ns / TELL_NS_PER_SEC;
	if (ns < 1000)
		return put_unit(p, ns, "ns");
	if (ns < TELL_NS_PER_MS)
		return put_tenths(p, ns, 1000, "us");
	if (ns < TELL_NS_PER_SEC)
		return put_tenths(p, ns, TELL_NS_PER_MS, "ms");
	if (sec < 60)
		return put_tenths(p, ns, TELL_NS_PER_SEC, "s");
	if (sec < 3600)
		return put_pair(p, sec / 60, "m", sec % 60, "s");
	if (sec < 86400)
		return put_pair(p, sec / 3600, "h", sec / 60 % 60, "m");
	return put_pair(p, sec / 86400, "d", sec / 3600 % 24, "h");
}
