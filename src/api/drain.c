#include "api/drain.h"
#include "api/deliver.h"
#include "api/nested.h"
#include "api/quick.h"
#include "base/clock.h"

#define BATCH_MAX	256
#define FLUSH_WITHIN_NS TELL_NS_PER_SEC
#define STUCK_TRIES	100 /* of 1 ms: then the queue's file is left to be adopted */

size_t tell_service_drain(struct tell_service *s)
{
	struct tell_thread *t = tell_thread_self();
	size_t n = 0;
	if (!t || !__atomic_load_n(&s->stack, __ATOMIC_ACQUIRE) ||
		pthread_mutex_trylock(&s->draining) != 0)
		return 0;
	struct tell_stack *stack = tell_service_enter_open(s, t);
	if (stack && tell_stack_has_queue(stack))
		n = tell_deliver_queued(t, s, stack,
			tell_clock_monotonic_ns() + FLUSH_WITHIN_NS, BATCH_MAX);
	tell_service_leave(t);
	(void)pthread_mutex_unlock(&s->draining);
	return n;
}

void tell_service_drain_stack(
	struct tell_service *s, struct tell_stack *old, uint64_t deadline_ns)
{
	struct tell_thread *t = tell_thread_self();
	if (!t || !tell_stack_has_queue(old))
		return;
	(void)pthread_mutex_lock(&s->draining); /* who has it may be in another stack */
	while (tell_deliver_queued(t, s, old, deadline_ns, BATCH_MAX) > 0 &&
		tell_clock_monotonic_ns() < deadline_ns)
		;
	(void)pthread_mutex_unlock(&s->draining);
}

void tell_service_drain_all(struct tell_service *s, uint64_t deadline_ns)
{
	while (tell_service_drain(s) > 0 && tell_clock_monotonic_ns() < deadline_ns)
		;
}

void tell_service_pass_queue(struct tell_service *s)
{
	__atomic_store_n(&s->past_queue, true, __ATOMIC_SEQ_CST);
	tell_quick_off();
}

void tell_service_end_queue(
	struct tell_service *s, struct tell_stack *stack, uint64_t deadline_ns)
{
	for (int i = 0; tell_threads_use(stack) || tell_nested_under_way(); i++) {
		if (i == STUCK_TRIES)
			return;
		tell_clock_sleep_ms(1);
	}
	tell_quick_off(); /* they may have shown the short way to others, for a moment */
	tell_service_drain_all(s, deadline_ns);
	tell_stack_end_queue(stack);
}

uint64_t tell_service_pump(struct tell_service *s)
{
	struct tell_thread *t = tell_thread_self();
	uint64_t due_ns = UINT64_MAX;
	if (!t || !__atomic_load_n(&s->stack, __ATOMIC_ACQUIRE))
		return due_ns;
	struct tell_stack *stack = tell_service_enter_open(s, t);
	if (stack)
		due_ns = tell_deliver_spooled(t, s, stack);
	tell_service_leave(t);
	return due_ns;
}
