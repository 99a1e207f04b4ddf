#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <telltale/log.h>
#include "api/process.h"
#include "api/service.h"
#include "base/ticks.h"
#include "queue/quick.h"
#include "record/thread.h"

/* The short way of a call: straight into the thread's lane of the queue, without a look at
 * the stack.
 *
 * When:    a call of the same site went the long way since the stack was put in force, and
 *          what it found then holds for every call of the site: the same lines would say the
 *          same (tell_stack_quick_mark()), its keys are literals whose values stay, and its
 *          place and names are in the ring's file. All that is in one number, the mark: of
 *          the site's plan, of the thread, and in force for the process.
 * Ends:    the mark in force is cleared before the stack goes, and whoever is on the short
 *          way is waited for. It lies in a page that the kernel clears in a forked child.
 * Threads: any; a signal handler that comes in between takes the long way, and is refused
 *          there. */

/* The process's mark in force, or 0. */
static inline uint64_t tell_quick_mark(void)
{
	const uint64_t *mark = __atomic_load_n(
		&tell_process.quick_mark, __ATOMIC_RELAXED);
	return mark ? __atomic_load_n(mark, __ATOMIC_RELAXED) : 0;
}

/* Give the site's plan and the thread what they need for the next call: `lane` from
 * tell_stack_quick_lane(), for a record that has just gone into the queue. */
void tell_quick_learn(struct tell_site *site, struct tell_thread *t,
	const struct tell_service *s, const struct tell_stack *stack, void *lane);

/* No call begins the short way any more, and none is on it. */
void tell_quick_off(void);

static inline bool tell_quick_scopes(
	struct tell_thread *t, const struct tell_quick_plan *plan, const void *frame)
{
	if (t->changing) /* a handler, in the middle of it */
		return false;
	tell_context_settle(t, frame);
	return t->quick.context_mark == t->quick.mark && !t->twice &&
		!(t->context.names & plan->names);
}

/* True: the record is in the queue. False: nothing happened. */
static inline __attribute__((always_inline)) bool tell_quick_log(struct tell_site *site,
	int level, const char *message, size_t len, const struct tell_field *fields,
	size_t n)
{
	const struct tell_quick_plan *plan = __atomic_load_n(
		(struct tell_quick_plan **)&site->keys, __ATOMIC_ACQUIRE);
	struct tell_thread *t = tell_thread_me;
	if (!plan || !t)
		return false;
	uint64_t mark = __atomic_load_n(&plan->mark, __ATOMIC_ACQUIRE);
	uint8_t forced = __atomic_load_n(&plan->forced, __ATOMIC_RELAXED);
	if (mark == 0 || mark != t->quick.mark || n != plan->n ||
		__atomic_load_n(&site->state, __ATOMIC_RELAXED) != TELL__ON ||
		__atomic_load_n(&site->forced, __ATOMIC_RELAXED) != forced ||
		!tell_thread_enter())
		return false;
	__atomic_store_n(&t->quick_inside, 1, __ATOMIC_RELAXED);
	__asm__ volatile("" ::: "memory"); /* the other half is membarrier(2) */
	bool done = false;
	if (tell_quick_mark() == mark &&
		(!t->n_frames ||
			tell_quick_scopes(t, plan, __builtin_frame_address(0)))) {
		const struct tell_quick_call c = {
			.context = t->n_frames ? &t->context : NULL,
			.time = t->quick.ticks ? tell_ticks() : tell_clock_realtime_ns(),
			.run_lane_flags = t->quick.run_lane_flags |
				(uint64_t)(forced ? TELL_RECORD_FORCED : 0) << 48,
			.pid_tid = t->quick.pid_tid,
			.level = (uint8_t)level,
		};
		done = tell_quick_put(t->quick.lane, &c, plan, message, len, fields);
	}
	__atomic_store_n(&t->quick_inside, 0, __ATOMIC_RELEASE);
	tell_thread_leave();
	return done;
}
