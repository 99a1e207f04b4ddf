#include "api/retire.h"
#include <stdlib.h>
#include "api/deliver.h"
#include "api/drain.h"
#include "api/nested.h"
#include "api/quick.h"
#include "base/clock.h"

#define GIVE_UP_TRIES 5000 /* of 1 ms: then an old stack is not awaited any longer */
#define RETIRE_MS     200 /* for what an old stack holds: a frame half sent, gathered lines */

/* What is queued is the queue's, which outlives a stack: counted where the queue is asked. */
static void stats_add(struct tell_stack_stats *sum, const struct tell_stack_stats *one)
{
	sum->filtered += one->filtered;
	sum->delivered += one->delivered;
	sum->undelivered += one->undelivered;
	sum->dropped += one->dropped;
	sum->recovered += one->recovered;
	sum->enrich_failed += one->enrich_failed;
	sum->masked += one->masked;
	sum->notes_suppressed += one->notes_suppressed;
}

static void add_stuck(struct tell_stack_stats *sum, const struct tell_stuck *k)
{
	struct tell_stack_stats one;
	tell_stack_stats(k->stack, &one);
	stats_add(sum, &one);
	if (k->queue_ends)
		sum->queued += one.queued;
}

void tell_service_stats(const struct tell_service *s, struct tell_stack_stats *ret)
{
	const struct tell_stack *stack = __atomic_load_n(&s->stack, __ATOMIC_ACQUIRE);
	*ret = s->past;
	if (stack) {
		struct tell_stack_stats one;
		tell_stack_stats(stack, &one);
		stats_add(ret, &one);
		ret->queued += one.queued;
		ret->lanes = one.lanes;
	}
	for (const struct tell_stuck *k = s->stuck; k; k = k->next)
		add_stuck(ret, k);
	ret->records = ret->filtered + ret->delivered + ret->undelivered + ret->queued +
		ret->dropped - ret->recovered;
}

void tell_service_ledger(const struct tell_service *s, struct tell_ledger *ret)
{
	const struct tell_stack *stack = __atomic_load_n(&s->stack, __ATOMIC_ACQUIRE);
	*ret = (struct tell_ledger){ 0 };
	if (s->past_rows)
		*ret = *s->past_rows;
	for (size_t i = 0; i < ret->n; i++) { /* a stack's that is no more */
		ret->rows[i].breaker = TELL_BREAKER_CLOSED;
		ret->rows[i].left_ns = 0;
	}
	for (const struct tell_stuck *k = s->stuck; k; k = k->next)
		tell_ledger_add(ret, k->stack);
	if (stack)
		tell_ledger_add(ret, stack);
	tell_service_stats(s, &ret->sum);
}

/* They outlive it. queue_ends: what is left there is left in the file, for the next start. */
static void keep_numbers(
	struct tell_service *s, const struct tell_stack *old, bool queue_ends)
{
	struct tell_stack_stats numbers;
	tell_stack_stats(old, &numbers);
	stats_add(&s->past, &numbers);
	if (queue_ends)
		s->past.queued += numbers.queued;
	if (!s->past_rows)
		s->past_rows = calloc(1, sizeof(*s->past_rows));
	if (s->past_rows)
		tell_ledger_add(s->past_rows, old);
}

static bool ends_queue(const struct tell_stack *behind)
{
	return !behind || !tell_stack_has_queue(behind);
}

/* Nobody walks the old stack any more: what it holds goes out, or is counted and said by
 * the one behind it. The process's lock is held, so that one stays. */
static void retire(
	struct tell_service *s, struct tell_stack *old, struct tell_stack *behind)
{
	struct tell_thread *t = tell_thread_self();
	uint64_t deadline_ns = tell_clock_monotonic_ns() + RETIRE_MS * TELL_NS_PER_MS;
	/* One that walked it may have shown the short way to others, for a moment. */
	tell_quick_off();
	bool queue_ends = ends_queue(behind);
	if (t && queue_ends) /* nobody else reads it. Else it is the new one's */
		tell_service_drain_stack(s, old, deadline_ns);
	if (t)
		(void)tell_deliver_end(t, s, old, behind, deadline_ns);
	keep_numbers(s, old, queue_ends);
	tell_stack_free(old);
}

/* Those that were given up, once nobody walks them any more. */
static void retire_stuck(struct tell_service *s, struct tell_stack *behind)
{
	struct tell_stuck **at = &s->stuck;
	for (struct tell_stuck *k; (k = *at) != NULL;) {
		if (tell_threads_use(k->stack) || tell_nested_under_way()) {
			at = &k->next;
			continue;
		}
		*at = k->next;
		retire(s, k->stack, behind);
		free(k);
	}
}

/* A call is stuck in a sink: its stack must live on, and what becomes of the record there
 * counts. */
static void give_up(struct tell_service *s, struct tell_stack *old, bool queue_ends)
{
	struct tell_stuck *k = malloc(sizeof(*k));
	if (!k) {
		keep_numbers(s, old, queue_ends);
		return;
	}
	*k = (struct tell_stuck){ s->stuck, old, queue_ends };
	s->stuck = k;
}

void tell_service_swap(struct tell_service *s, struct tell_stack *stack)
{
	struct tell_stack *old = __atomic_exchange_n(&s->stack, stack, __ATOMIC_SEQ_CST);
	if (old)
		tell_quick_off();
	retire_stuck(s, stack);
	for (int i = 0; old && (tell_threads_use(old) || tell_nested_under_way()); i++) {
		if (i == GIVE_UP_TRIES) {
			give_up(s, old, ends_queue(stack));
			return;
		}
		tell_clock_sleep_ms(1);
	}
	if (old)
		retire(s, old, stack);
}

void tell_service_forget_stuck(struct tell_service *s)
{
	for (struct tell_stuck *k; (k = s->stuck) != NULL;) {
		s->stuck = k->next;
		free(k);
	}
}
