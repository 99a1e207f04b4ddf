#pragma once
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include "api/round.h"
#include "stack/notes.h"

/* The helper thread: asks a service's metric and health lines, which may wait, so that nobody
 * else has to. What they answer stays here for whoever wants to know.
 *
 * Life:    started and stopped by the service thread, as its stack has such lines. When all that
 *          there are wait for answers, and another line is late, the service thread starts one
 *          more, which ends when nothing is due: TELL_HELPERS at most. One that hangs in a line
 *          when it shall end is left behind with the lines it holds; what it answers then is
 *          nobody's. In a forked child a new one is made.
 * Calls:   functions of the program are called one at a time.
 * Signals: all are blocked in it.
 * Threads: it touches nothing of the service: what is to be sent, the service thread fetches,
 *          which it wakes. `lock` is never held while a line is asked; reading a round takes
 *          it. */
#define TELL_HELPERS	    4
#define TELL_HELPER_LATE_NS (UINT64_C(250) * 1000000)

struct tell_helper {
	uint32_t refs; /* under the lock: the service and each thread */
	pthread_mutex_t lock;
	pthread_cond_t change; /* of turn, round or a thread's end */
	struct tell_round round;
	struct tell_notes notes; /* what lines want said */
	void (*wake)(void *arg); /* there is news, or notes; a send(2) at most */
	void *wake_arg;
	bool runs;
	uint64_t turn;	   /* threads of another turn end */
	uint64_t stopping; /* the turn that is waited for; 0: none */
	struct {
		pthread_t id;
		bool made; /* to be joined, or detached */
		bool ended;
	} threads
		[TELL_HELPERS]; /* of this turn; the first is there as long as there are lines */
	size_t n_asking;	/* of these */
	uint64_t asking_since_ns; /* the last of them */
	uint32_t run_id;
};

/* 0 or -ENOMEM. */
int tell_helper_new(struct tell_helper **ret, void (*wake)(void *arg), void *wake_arg);

/* Give it the lines of this stack, which the caller may walk; starts or stops the first thread.
 * NULL: none. 0, or what pthread_create(3) says: then nothing is asked. */
int tell_helper_set(struct tell_helper *h, struct tell_stack *stack, uint32_t run_id);

/* One more, if a line is late and all wait for answers; the lock is held. When to call again,
 * CLOCK_MONOTONIC, should no answer come before. */
uint64_t tell_helper_relieve(struct tell_helper *h, uint64_t now_ns);

/* Stop the threads by deadline_ns (CLOCK_MONOTONIC); one that hangs is left behind. Answers
 * stay. */
void tell_helper_stop(struct tell_helper *h, uint64_t deadline_ns);

/* It is stopped. NULL is allowed; returns NULL. */
struct tell_helper *tell_helper_free(struct tell_helper *h);
