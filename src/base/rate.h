#pragma once
#include <stdbool.h>
#include <stdint.h>

/* A pace with room for a burst: so many at once, then one each gap.
 *
 * Shape:   a rate is two numbers that never change; what it is spent on keeps one time in ns
 *          on CLOCK_MONOTONIC, when the next is due at the even pace. 0, and any time gone
 *          by, is a whole burst.
 * Clock:   the caller passes the time, so that a test can replay any history.
 * Threads: any number spend at once: a compare-and-swap, no lock.
 * Source:  ITU-T I.371, virtual scheduling algorithm (GCRA). */
struct tell_rate {
	uint64_t gap_ns;   /* one's share of the time */
	uint64_t depth_ns; /* how far due may run ahead: gap_ns * burst */
};

/* "100/s", "600/min", "5/h", "50/10s", as nft(8) and nginx write them: how many in which time. 0, or -EINVAL. */
#define TELL_RATE_FIX "write how many in which time: 100/s, 600/min, 10000/30s"
int tell_parse_rate(const char *text, uint64_t *ret_n, uint64_t *ret_period_ns);

/* n in period_ns, burst of them at once. 0, or -EINVAL: a number is 0, n is more than one a
 * ns, or the burst is that of more than 100 years. */
int tell_rate_set(struct tell_rate *ret, uint64_t n, uint64_t period_ns, uint64_t burst);

/* Spend one at now_ns: false when there is none. */
bool tell_rate_take(const struct tell_rate *r, uint64_t *due_ns, uint64_t now_ns);
