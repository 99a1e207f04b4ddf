#include "stack/breaker.h"

#include "base/clock.h"

#define GAP_FIRST_NS  (100 * TELL_NS_PER_MS)
#define GAP_COSTLY_NS (5 * TELL_NS_PER_SEC)
#define GAP_CHEAP_NS  TELL_NS_PER_SEC
#define PROBE_NS                                                                         \
	(10 * TELL_NS_PER_SEC) /* a probe that never came back: another may try */

#define GET(p)	  __atomic_load_n(&(p), __ATOMIC_RELAXED)
#define SET(p, v) __atomic_store_n(&(p), (v), __ATOMIC_RELAXED)

static bool is_failure(enum tell_verdict v)
{
	return v == TELL_UNAVAILABLE || v == TELL_TIMEOUT || v == TELL_FULL ||
		v == TELL_FAILED;
}

bool tell_breaker_probes(struct tell_breaker *b, uint64_t now_ns)
{
	uint64_t retry_ns = GET(b->retry_ns);
	if (now_ns < retry_ns ||
		!__atomic_compare_exchange_n(&b->retry_ns, &retry_ns, now_ns + PROBE_NS,
			false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		return false;
	SET(b->state, TELL_BREAKER_HALF_OPEN);
	return true;
}

/* Half of the gap to the whole of it. */
static uint64_t jittered(struct tell_breaker *b, uint64_t gap_ns, uint64_t now_ns)
{
	uint64_t x = GET(b->random);
	x = x ? x : (now_ns ^ (uintptr_t)b) | 1;
	x ^= x << 13; /* G. Marsaglia, "Xorshift RNGs", 2003 */
	x ^= x >> 7;
	x ^= x << 17;
	SET(b->random, x);
	return gap_ns / 2 + x % (gap_ns / 2);
}

static void open_for(struct tell_breaker *b, uint64_t gap_ns, uint64_t now_ns)
{
	uint64_t most_ns = GET(b->costly) ? GAP_COSTLY_NS : GAP_CHEAP_NS;
	gap_ns = gap_ns < most_ns ? gap_ns : most_ns;
	SET(b->gap_ns, gap_ns);
	SET(b->retry_ns, now_ns + jittered(b, gap_ns, now_ns));
	SET(b->state, TELL_BREAKER_OPEN);
}

static enum tell_breaker_turn failed(
	struct tell_breaker *b, enum tell_verdict v, bool probe, uint64_t now_ns)
{
	uint32_t n = __atomic_add_fetch(&b->failures, 1, __ATOMIC_RELAXED);
	SET(b->costly, v == TELL_TIMEOUT);
	if (probe) {
		open_for(b, 2 * GET(b->gap_ns), now_ns);
		return TELL_BREAKER_REOPENED;
	}
	/* Exactly one thread opens it. */
	uint8_t closed = TELL_BREAKER_CLOSED;
	if (n < TELL_BREAKER_FAILURES ||
		!__atomic_compare_exchange_n(&b->state, &closed, TELL_BREAKER_OPEN, false,
			__ATOMIC_RELAXED, __ATOMIC_RELAXED))
		return TELL_BREAKER_STAYS;
	(void)__atomic_add_fetch(&b->opened, 1, __ATOMIC_RELAXED);
	open_for(b, GAP_FIRST_NS, now_ns);
	return TELL_BREAKER_OPENED;
}

enum tell_breaker_turn tell_breaker_answered(
	struct tell_breaker *b, enum tell_verdict v, bool probe, uint64_t now_ns)
{
	if (v == TELL_SUCCESS || v == TELL_SPOOLED) {
		SET(b->failures, 0);
		uint8_t was = __atomic_exchange_n(
			&b->state, TELL_BREAKER_CLOSED, __ATOMIC_RELAXED);
		return was == TELL_BREAKER_CLOSED ? TELL_BREAKER_STAYS
						  : TELL_BREAKER_RECOVERED;
	}
	if (is_failure(v))
		return failed(b, v, probe, now_ns);
	if (probe) { /* it says nothing about the sink: the next record is the probe */
		SET(b->state, TELL_BREAKER_OPEN);
		SET(b->retry_ns, now_ns);
	}
	return TELL_BREAKER_STAYS;
}

uint64_t tell_breaker_left_ns(const struct tell_breaker *b, uint64_t now_ns)
{
	uint64_t retry_ns = GET(b->retry_ns);
	bool waits = GET(b->state) == TELL_BREAKER_OPEN && retry_ns > now_ns;
	return waits ? retry_ns - now_ns : 0;
}

void tell_breaker_reset(struct tell_breaker *b)
{
	SET(b->failures, 0);
	SET(b->state, TELL_BREAKER_CLOSED);
}

void tell_breaker_child(struct tell_breaker *b)
{
	*b = (struct tell_breaker){ 0 };
}

const char *tell_breaker_word(enum tell_breaker_state state)
{
	switch (state) {
	case TELL_BREAKER_CLOSED:
		return "closed";
	case TELL_BREAKER_OPEN:
		return "open";
	case TELL_BREAKER_HALF_OPEN:
		return "half-open";
	}
	return "";
}
