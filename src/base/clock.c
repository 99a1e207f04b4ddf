#include "base/clock.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/digits.h"

static uint64_t read_clock(clockid_t which)
{
	struct timespec ts;
	(void)clock_gettime(which, &ts); /* fails only for clocks that do not exist */
	return (uint64_t)ts.tv_sec * TELL_NS_PER_SEC + (uint64_t)ts.tv_nsec;
}

uint64_t tell_clock_realtime_ns(void)
{
	return read_clock(CLOCK_REALTIME);
}

uint64_t tell_clock_monotonic_ns(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

void tell_clock_sleep_ms(unsigned ms)
{
	uint64_t until = tell_clock_monotonic_ns() + ms * TELL_NS_PER_MS;
	struct timespec ts = {
		.tv_sec = (time_t)(until / TELL_NS_PER_SEC),
		.tv_nsec = (long)(until % TELL_NS_PER_SEC),
	};
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) == EINTR)
		;
}

struct date {
	uint32_t year, month, day;
};

/* Day 0 is 1970-01-01. Counted in years that begin in March, so that the leap day is the
 * last of its year and months follow (153 * m + 2) / 5; in eras of 400 years (H. Richards,
 * Explanatory Supplement to the Astronomical Almanac, 15.11, shifted to begin in March of
 * the year 0, which is 719468 days before 1970). */
static struct date date_of_day(uint32_t day)
{
	uint32_t days = day + 719468, era = days / 146097;
	uint32_t of_era = days % 146097;
	uint32_t years = (of_era - of_era / 1460 + of_era / 36524 - (of_era == 146096)) /
		365;
	uint32_t of_year = of_era - (365 * years + years / 4 - years / 100);
	uint32_t march_month = (5 * of_year + 2) / 153;
	uint32_t month = march_month < 10 ? march_month + 3 : march_month - 9;
	return (struct date){
		.year = era * 400 + years + (month <= 2),
		.month = month,
		.day = of_year - (153 * march_month + 2) / 5 + 1,
	};
}

/* "2026-11-21T02:06:07." */
static void put_second(char *p, uint64_t sec)
{
	struct date d = date_of_day((uint32_t)(sec / 86400));
	uint32_t of_day = (uint32_t)(sec % 86400);
	p = tell_put_2_digits(p, d.year / 100);
	p = tell_put_2_digits(p, d.year % 100);
	*p++ = '-';
	p = tell_put_2_digits(p, d.month);
	*p++ = '-';
	p = tell_put_2_digits(p, d.day);
	*p++ = 'T';
	p = tell_put_2_digits(p, of_day / 3600);
	*p++ = ':';
	p = tell_put_2_digits(p, of_day / 60 % 60);
	*p++ = ':';
	p = tell_put_2_digits(p, of_day % 60);
	*p = '.';
}

char *tell_stamp_put(struct tell_stamp *st, char *p, uint64_t realtime_ns)
{
	uint64_t sec = realtime_ns / TELL_NS_PER_SEC;
	if (__builtin_expect(st->sec != sec + 1, 0)) {
		put_second(st->text, sec);
		st->sec = sec + 1;
	}
	memcpy(p, st->text, 20);
	p = tell_put_6_digits(
		p + 20, (uint32_t)(realtime_ns - sec * TELL_NS_PER_SEC) / 1000);
	*p = 'Z';
	return p + 1;
}

char *tell_put_rfc3339(char *p, uint64_t realtime_ns)
{
	struct tell_stamp st = { .sec = 0 };
	return tell_stamp_put(&st, p, realtime_ns);
}

/* "Nov 21 02:06:07"; the day of the month has a blank in front when below 10. */
static void put_local_second(char *p, uint64_t sec)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t t = (time_t)sec;
	struct tm tm;
	if (!localtime_r(&t, &tm)) /* years that do not fit in an int: not with 64 bits */
		memset(&tm, 0, sizeof(tm));
	memcpy(p, months + 3 * tm.tm_mon, 3);
	p[3] = ' ';
	tell_put_2_digits(p + 4, (uint32_t)tm.tm_mday);
	if (p[4] == '0')
		p[4] = ' ';
	p[6] = ' ';
	tell_put_2_digits(p + 7, (uint32_t)tm.tm_hour);
	p[9] = ':';
	tell_put_2_digits(p + 10, (uint32_t)tm.tm_min);
	p[12] = ':';
	tell_put_2_digits(p + 13, (uint32_t)tm.tm_sec);
}

char *tell_stamp_put_rfc3164(struct tell_stamp *st, char *p, uint64_t realtime_ns)
{
	uint64_t sec = realtime_ns / TELL_NS_PER_SEC;
	if (st->sec != sec + 1) {
		put_local_second(st->text, sec);
		st->sec = sec + 1;
	}
	memcpy(p, st->text, TELL_RFC3164_CHARS);
	return p + TELL_RFC3164_CHARS;
}

char *tell_put_rfc3164(char *p, uint64_t realtime_ns)
{
	put_local_second(p, realtime_ns / TELL_NS_PER_SEC);
	return p + TELL_RFC3164_CHARS;
}
