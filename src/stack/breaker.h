#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <telltale/module.h>

/* A sink's circuit breaker: one that fails again and again is left alone for a while, so that
 * the sinks behind it, and the caller, do not wait for it.
 *
 * States:   closed: each record is offered. Open, after TELL_BREAKER_FAILURES failures in a
 *           row: records are turned away, as if it had answered unavailable, until the pause
 *           is over. Half-open: one record is the probe; others are turned away meanwhile. A
 *           success closes it, a failure opens it for twice as long.
 * Failures: unavailable, timeout, full, failed. Other answers are about the record.
 * Pauses:   from 100 ms, doubled to 5 s where the last failure was a timeout, else to 1 s, as
 *           such a sink costs little to ask; jitter takes up to half away, so that many
 *           processes do not come back at once.
 * Lost:     what no sink took is offered all the same, see stack/sinks.h.
 * Threads:  any number; no lock. Numbers are exact, states may lag by a record.
 * Source:   M. Nygard, "Release It!", 2007, "Circuit Breaker". */
#define TELL_BREAKER_FAILURES 5

enum tell_breaker_state {
	TELL_BREAKER_CLOSED,
	TELL_BREAKER_OPEN,
	TELL_BREAKER_HALF_OPEN
};

struct tell_breaker {
	uint8_t state;	   /* all of it relaxed atomics; enum tell_breaker_state */
	uint8_t costly;	   /* the last failure was a wait in vain */
	uint32_t failures; /* in a row */
	uint64_t gap_ns, retry_ns, random;
	uint64_t opened, turned_away; /* how often; so many records */
};

/* What a record's answer did to it. */
enum tell_breaker_turn {
	TELL_BREAKER_STAYS,
	TELL_BREAKER_OPENED,
	TELL_BREAKER_REOPENED, /* the probe failed */
	TELL_BREAKER_RECOVERED
};

/* Of one that is not closed: may this record be the probe? */
bool tell_breaker_probes(struct tell_breaker *b, uint64_t now_ns);

/* It was asked, and answered v; probe: as told above. */
enum tell_breaker_turn tell_breaker_answered(
	struct tell_breaker *b, enum tell_verdict v, bool probe, uint64_t now_ns);

/* How long until the next probe; 0: at once. */
uint64_t tell_breaker_left_ns(const struct tell_breaker *b, uint64_t now_ns);

/* Close it, whatever it was. */
void tell_breaker_reset(struct tell_breaker *b);

/* In a forked child: a new one, as its sinks open anew. */
void tell_breaker_child(struct tell_breaker *b);

/* "closed", "open", "half-open". */
const char *tell_breaker_word(enum tell_breaker_state state);

static inline bool tell_breaker_is_closed(const struct tell_breaker *b)
{
	return __atomic_load_n(&b->state, __ATOMIC_RELAXED) == TELL_BREAKER_CLOSED;
}

/* Closed, and without a failure to remember: a success changes nothing. */
static inline bool tell_breaker_is_quiet(const struct tell_breaker *b)
{
	return tell_breaker_is_closed(b) &&
		__atomic_load_n(&b->failures, __ATOMIC_RELAXED) == 0;
}
