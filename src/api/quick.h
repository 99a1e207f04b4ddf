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

/* What a site says now, in one word: state, level, threshold, forced. */
static inline uint32_t tell_quick_gate(const struct tell_site *site)
{
	return __atomic_load_n((const uint32_t *)(const void *)site, __ATOMIC_RELAXED);
}

/* Ticks or ns, as the thread's records have it. */
static inline uint64_t tell_quick_time(const struct tell_thread *t)
{
	return t->quick.ticks ? tell_ticks() : tell_clock_realtime_ns();
}

/* The same with scopes, which fit before the fields when none of their names comes again. */
bool tell_quick_put_scoped(struct tell_thread *t, const struct tell_quick_plan *plan,
	const char *message, size_t len, const struct tell_field *fields,
	const void *frame);

/* On the short way: the site's plan, good for a call with n fields. NULL: not. */
static inline __attribute__((always_inline)) const struct tell_quick_plan *
tell_quick_begin(struct tell_site *site, struct tell_thread *t, size_t n)
{
	const struct tell_quick_plan *plan = __atomic_load_n(
		(struct tell_quick_plan **)&site->keys, __ATOMIC_ACQUIRE);
	if (!plan || !t)
		return NULL;
	uint64_t mark = __atomic_load_n(&plan->mark, __ATOMIC_ACQUIRE);
	if (mark == 0 || mark != t->quick.mark || n != plan->n ||
		tell_quick_gate(site) != __atomic_load_n(&plan->gate, __ATOMIC_RELAXED) ||
		!tell_thread_enter())
		return NULL;
	__atomic_store_n(&t->quick_inside, 1, __ATOMIC_RELAXED);
	__asm__ volatile("" ::: "memory"); /* the other half is membarrier(2) */
	if (__builtin_expect(tell_quick_mark() == mark, 1))
		return plan;
	__atomic_store_n(&t->quick_inside, 0, __ATOMIC_RELEASE);
	tell_thread_inside = TELL_OUTSIDE;
	return NULL;
}

static inline void tell_quick_end(struct tell_thread *t)
{
	__atomic_store_n(&t->quick_inside, 0, __ATOMIC_RELEASE);
	tell_thread_inside = TELL_OUTSIDE; /* nothing else was to be undone */
}

/* True: the record is in the queue. False: nothing happened. */
static inline __attribute__((always_inline)) bool tell_quick_log(struct tell_site *site,
	const char *message, size_t len, const struct tell_field *fields, size_t n)
{
	struct tell_thread *t = tell_thread_me;
	const struct tell_quick_plan *plan = len ? tell_quick_begin(site, t, n) : NULL;
	bool done;
	if (!plan)
		return false;
	if (__builtin_expect(t->n_frames, 0))
		done = tell_quick_put_scoped(
			t, plan, message, len, fields, __builtin_frame_address(0));
	else
		done = tell_quick_put(&t->quick.self, plan, NULL, tell_quick_time(t),
			message, len, fields);
	tell_quick_end(t);
	return done;
}

/* The same for a printf form; `ap` is as it was. */
bool tell_quick_logf(
	struct tell_site *site, const char *form, va_list ap, const void *frame);
