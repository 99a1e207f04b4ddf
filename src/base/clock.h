#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* Time: reading it, and writing it as logs want it.
 *
 * Shape:   uint64_t nanoseconds; realtime since 1970 UTC without leap seconds, which
 *          lasts until 2554. Writers return the end of what they wrote; no NUL.
 * Clock:   only the first three functions look at one; the rest are given the time.
 * Threads: pure but for the clocks; the rfc3164 ones read TZ through localtime_r(), so
 *          they are not for signal handlers. A stamp has one owner at a time. */
#define TELL_NS_PER_SEC		UINT64_C(1000000000)
#define TELL_NS_PER_MS		UINT64_C(1000000)
#define TELL_RFC3339_CHARS	27 /* 2026-11-21T02:06:07.123456Z */
#define TELL_RFC3164_CHARS	15 /* Nov 21 02:06:07 */
#define TELL_DURATION_MAX_CHARS 16

uint64_t tell_clock_realtime_ns(void);
uint64_t tell_clock_monotonic_ns(void);

/* The monotonic clock at the kernel's last tick, 1 to 10 ms old: no system call, about 5 ns.
 * For what is looked at "now and then". */
static inline uint64_t tell_clock_tick_ns(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC_COARSE, &t); /* cannot fail: Linux 2.6.32 */
	return (uint64_t)t.tv_sec * TELL_NS_PER_SEC + (uint64_t)t.tv_nsec;
}

/* Sleeps the whole time, also across signals. */
void tell_clock_sleep_ms(unsigned ms);

/* RFC 3339 in UTC with microseconds, cut not rounded: always TELL_RFC3339_CHARS. */
char *tell_put_rfc3339(char *p, uint64_t realtime_ns);

/* RFC 3164 section 4.1.2, local time (TZ of the process): always TELL_RFC3164_CHARS. */
char *tell_put_rfc3164(char *p, uint64_t realtime_ns);

/* The text of the second written last: within one second only the fraction is new.
 * Zeroed is empty. One stamp serves one of the two functions, not both. */
struct tell_stamp {
	uint64_t sec; /* the second that text is for, plus one */
	char text[24];
};

/* The same bytes as tell_put_rfc3339() and tell_put_rfc3164(). */
char *tell_stamp_put(struct tell_stamp *st, char *p, uint64_t realtime_ns);
char *tell_stamp_put_rfc3164(struct tell_stamp *st, char *p, uint64_t realtime_ns);

/* All n bytes as an RFC 3339 time: "T", "t" or a blank between, 0 to 9 fraction digits,
 * "Z" or an offset. False, *ret_ns untouched: anything else, or outside 1970..2554. */
bool tell_parse_rfc3339(const char *s, size_t n, uint64_t *ret_ns);

/* For people: "0ns" "850us" "1.2ms" "3.5s" "2m5s" "1h2m" "3d4h", cut not rounded. */
char *tell_put_duration_ns(char *p, uint64_t ns);
