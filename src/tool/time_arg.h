#pragma once
#include <stdint.h>

/* A point in time as people write it on a command line.
 *
 * Forms:   now, today, yesterday, tomorrow (midnight); -1h30m and +5m, "2h ago", from now;
 *          2026-11-21, 10:00, "2026-11-21 10:00[:00[.5]]" in local time (or UTC when asked
 *          for); the same with "T", and with " UTC" behind it; RFC 3339 with Z or an
 *          offset; @1793000000[.5], seconds since 1970.
 * Threads: reads TZ. Source: systemd.time(7), of which these are the usual ones. */

/* 0, or -EINVAL (TELL_TIME_ARG_FIX says what to write); *ret_ns is realtime. */
int tell_time_arg(const char *text, uint64_t now_ns, int utc, uint64_t *ret_ns);

#define TELL_TIME_ARG_FIX                                                                \
	"write -1h, \"2026-11-21 10:00\", yesterday, today, @1793000000 or RFC 3339"
