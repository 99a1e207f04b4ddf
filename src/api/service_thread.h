#pragma once
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/held.h"

/* The service thread: what a service does beside its records. It drains the queue, answers
 * the control socket, and does what is due at a time: levels that revert, losses to tell.
 *
 * Life:    due once a stack is loaded that has work for it; started by the next record, so
 *          never in a process that does not log, nor in a forked child before it does; only a
 *          stack with health lines has it at once. Ended by close, exit, and a reload that
 *          needs it no more. Where none can be made records go past the queue until the next
 *          reload.
 * Waiting: with a queue, 100 us after a round that found work, then twice as long each time
 *          up to 100 ms: a reader at a writer's heels slows both down. Without one until
 *          something is due. A wake or the socket end it.
 * Signals: all are blocked in it. Nothing it does may log through the public API: that would
 *          be a record about records; such a call is dropped and counted.
 * Threads: start and wake: any; plan, stop and child as struct tell_service. It waits for the
 *          process's lock only in slices, so that whoever holds it can stop it. */
struct tell_service;
struct tell_stack;
struct tell_control;

enum tell_thread_state {
	TELL_THREAD_NONE,
	TELL_THREAD_RUNS,
	TELL_THREAD_ENDED, /* still to be joined */
};

struct tell_service_thread {
	uint8_t due;	    /* atomic: the next record starts it */
	uint8_t state;	    /* atomic: enum tell_thread_state */
	uint8_t stop;	    /* atomic: it shall end */
	uint8_t asleep;	    /* atomic: a wake is worth its system call */
	uint8_t has_queue;  /* atomic: work may come without a wake */
	uint8_t controlled; /* atomic: it shall have a socket */
	uint32_t rousing;   /* atomic: wakes under way: they use the pair below */
	bool wanted;	    /* the stack in force has work for it */
	uint64_t rounds;    /* atomic: how often it was up */
	pthread_t id;
	struct tell_held
		rouse[2]; /* it listens at the first, a wake writes to the second */
	struct tell_control *control; /* its own; NULL: no socket */
	uint64_t control_next_ns;     /* its own: when to try again; 0: at once */
	struct tell_control *left;    /* the parents' of a forked child */
};

/* A stack came into force, or none (NULL): is a thread due, or to go? */
void tell_service_thread_plan(struct tell_service *s, const struct tell_stack *stack);

/* May it have one? `telltale log` and `cat` have none, nor have programs that never asked for
 * us and may live by having one thread only (src/preload): their records wait for the sinks. */
bool tell_service_thread_allowed(const struct tell_service *s);

/* Start it if it is due. The process's lock is held. */
void tell_service_thread_start(struct tell_service *s);

/* A stack came into force: one with health or metric lines waits for no record, as a service
 * manager may wait for READY=1, and a scraper for its numbers. The process's lock is held. */
void tell_service_thread_early(struct tell_service *s);

/* Slow half of tell_service_thread_check(), which each record asks: the same, unless somebody
 * has the lock. */
void tell_service_thread_try(struct tell_service *s);

static inline void tell_service_thread_check(
	struct tell_service *s, const struct tell_service_thread *t)
{
	if (__builtin_expect(__atomic_load_n(&t->due, __ATOMIC_RELAXED), 0))
		tell_service_thread_try(s);
}

/* Is there one that drains? Else the caller has to. */
static inline bool tell_service_thread_runs(const struct tell_service_thread *t)
{
	return __atomic_load_n(&t->state, __ATOMIC_ACQUIRE) == TELL_THREAD_RUNS;
}

/* Is it the calling thread? */
static inline bool tell_service_thread_is_me(const struct tell_service_thread *t)
{
	return tell_service_thread_runs(t) && pthread_equal(t->id, pthread_self());
}

/* Slow half of tell_service_thread_wake(). */
void tell_service_thread_rouse(struct tell_service_thread *t);

/* There is work: never waits, and is one load while the thread is up. A wake in the instant
 * when it falls asleep may be missed: with a queue it looks again after 100 ms at most. Also
 * for signal handlers; keeps errno. */
static inline void tell_service_thread_wake(struct tell_service_thread *t)
{
	if (__builtin_expect(__atomic_load_n(&t->asleep, __ATOMIC_RELAXED), 0))
		tell_service_thread_rouse(t);
}

/* Shall the calling thread, which is one, end? To be asked between slices of waiting. */
static inline bool tell_service_thread_stopping(const struct tell_service_thread *t)
{
	return __atomic_load_n(&t->stop, __ATOMIC_ACQUIRE);
}

/* Stop it by deadline_ns (CLOCK_MONOTONIC). False: it hangs in a sink and goes on using the
 * service, which must stay; it ends when it can. */
bool tell_service_thread_stop(struct tell_service *s, uint64_t deadline_ns);

/* In a forked child: the thread stayed behind. */
void tell_service_thread_child(struct tell_service *s);
