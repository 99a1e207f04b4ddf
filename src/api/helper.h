#pragma once
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include "api/round.h"
#include "stack/notes.h"

/* The helper thread: asks a service's metric and health lines, which may wait, so that nobody
 * else has to. What they answer stays here for whoever wants to know.
 *
 * Life:    started and stopped by the service thread, as its stack has such lines. One that
 *          hangs in a line when it shall end is left behind with the lines it holds; what it
 *          answers then is nobody's. In a forked child a new one is made.
 * Signals: all are blocked in it.
 * Threads: it touches nothing of the service: what is to be sent, the service thread fetches,
 *          which it wakes. `lock` is never held while a line is asked; reading a round takes
 *          it. */
struct tell_helper {
	uint32_t refs; /* under the lock: the service and each thread */
	pthread_mutex_t lock;
	pthread_cond_t change; /* of turn, round or ended */
	struct tell_round round;
	struct tell_notes notes; /* what lines want said */
	void (*wake)(void *arg); /* there is news, or notes; a send(2) at most */
	void *wake_arg;
	pthread_t id;
	bool runs;
	uint64_t turn;	/* a thread of another turn ends */
	uint64_t ended; /* the turn whose thread has done so */
	uint32_t run_id;
};

/* 0 or -ENOMEM. */
int tell_helper_new(struct tell_helper **ret, void (*wake)(void *arg), void *wake_arg);

/* Give it the lines of this stack, which the caller may walk; starts or stops the thread.
 * NULL: none. 0, or what pthread_create(3) says: then nothing is asked. */
int tell_helper_set(struct tell_helper *h, struct tell_stack *stack, uint32_t run_id);

/* Stop the thread by deadline_ns (CLOCK_MONOTONIC); one that hangs is left behind. Answers
 * stay. */
void tell_helper_stop(struct tell_helper *h, uint64_t deadline_ns);

/* It is stopped. NULL is allowed; returns NULL. */
struct tell_helper *tell_helper_free(struct tell_helper *h);
