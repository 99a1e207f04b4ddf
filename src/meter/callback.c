#include "meter/callback.h"
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include "base/clock.h"
#include "meter/registry.h"

#define REST_TIMES  100
#define REST_MIN_NS TELL_NS_PER_SEC
#define REST_MAX_NS (300 * TELL_NS_PER_SEC)

struct tell_callback {
	struct tell_callback *next;
	struct tell_gauge *gauge;
	double (*read)(void *arg);
	void *arg;
	uint64_t due_ns; /* it was late: not before */
	pthread_t runner;
	bool running; /* by that thread, without the lock */
	bool removed; /* by itself: its runner frees it */
};

/* All under the lock, but for `late`, which is atomic. */
static struct {
	pthread_mutex_t lock; /* a default mutex: no errors */
	pthread_cond_t ran;
	struct tell_callback *first;
	struct tell_callback *from; /* where the next run begins; NULL: first */
	size_t n;
	uint64_t late;
} callbacks = { .lock = PTHREAD_MUTEX_INITIALIZER, .ran = PTHREAD_COND_INITIALIZER };

int tell_callback_add(struct tell_callback **ret, struct tell_gauge *gauge,
	double (*read)(void *arg), void *arg)
{
	if (!gauge || !read)
		return -EINVAL;
	struct tell_callback *c = calloc(1, sizeof(*c));
	if (!c)
		return -ENOMEM;
	c->gauge = gauge;
	c->read = read;
	c->arg = arg;
	(void)pthread_mutex_lock(&callbacks.lock);
	bool room = callbacks.n < TELL_CALLBACKS_MAX;
	if (room) {
		tell_gauge_leave_out(gauge); /* until it is asked */
		c->next = callbacks.first;
		callbacks.first = c;
		callbacks.n++;
	}
	(void)pthread_mutex_unlock(&callbacks.lock);
	if (!room) {
		free(c);
		return -ENOSPC;
	}
	*ret = c;
	return 0;
}

/* The lock is held, and nobody runs it. */
static void unlink_and_free(struct tell_callback *c)
{
	struct tell_callback **at = &callbacks.first;
	while (*at && *at != c)
		at = &(*at)->next;
	if (*at)
		*at = c->next;
	if (callbacks.from == c)
		callbacks.from = c->next;
	callbacks.n--;
	tell_gauge_leave_out(c->gauge);
	free(c);
}

void tell_callback_remove(struct tell_callback *c)
{
	int state;
	if (!c)
		return;
	/* The wait is a cancellation point, and would keep the lock. */
	(void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state); /* cannot fail */
	(void)pthread_mutex_lock(&callbacks.lock);
	bool own = c->running && pthread_equal(c->runner, pthread_self());
	while (c->running && !own)
		(void)pthread_cond_wait(&callbacks.ran, &callbacks.lock);
	if (own)
		c->removed = true;
	else
		unlink_and_free(c);
	(void)pthread_mutex_unlock(&callbacks.lock);
	(void)pthread_setcancelstate(state, NULL);
}

/* The rest after a call that took so long. */
static uint64_t rest_ns(uint64_t took_ns)
{
	if (took_ns > REST_MAX_NS / REST_TIMES)
		return REST_MAX_NS;
	uint64_t rest = took_ns * REST_TIMES;
	return rest < REST_MIN_NS ? REST_MIN_NS : rest;
}

/* Ask one. The lock is held before and after, and not meanwhile. Returns when it is. */
static uint64_t ask(struct tell_callback *c, uint64_t from_ns)
{
	c->running = true;
	c->runner = pthread_self();
	(void)pthread_mutex_unlock(&callbacks.lock);
	double value = c->read(c->arg);
	uint64_t now_ns = tell_clock_monotonic_ns();
	(void)pthread_mutex_lock(&callbacks.lock);
	c->running = false;
	if (isnan(value))
		tell_gauge_leave_out(c->gauge);
	else
		tell_gauge_set(c->gauge, value);
	if (now_ns - from_ns > TELL_CALLBACK_NS) {
		__atomic_fetch_add(&callbacks.late, 1, __ATOMIC_RELAXED);
		c->due_ns = now_ns + rest_ns(now_ns - from_ns);
	}
	(void)pthread_cond_broadcast(&callbacks.ran);
	return now_ns;
}

void tell_callbacks_run(void)
{
	int saved = errno; /* the host's functions may set it */
	(void)pthread_mutex_lock(&callbacks.lock);
	uint64_t now_ns = callbacks.n ? tell_clock_monotonic_ns() : 0;
	uint64_t until_ns = now_ns + TELL_CALLBACKS_NS;
	struct tell_callback *c = callbacks.from;
	for (size_t left = callbacks.n; left && now_ns <= until_ns; left--) {
		c = c ? c : callbacks.first;
		if (!c)
			break; /* others were removed meanwhile */
		if (!c->running && !c->removed && now_ns >= c->due_ns)
			now_ns = ask(c, now_ns);
		struct tell_callback *asked = c;
		c = c->next;
		if (asked->removed && !asked->running)
			unlink_and_free(asked);
	}
	callbacks.from = c;
	(void)pthread_mutex_unlock(&callbacks.lock);
	errno = saved;
}

uint64_t tell_callbacks_late(void)
{
	return __atomic_load_n(&callbacks.late, __ATOMIC_RELAXED);
}

void tell_callbacks_child(void)
{
	(void)pthread_mutex_init(&callbacks.lock, NULL); /* owners stayed behind */
	(void)pthread_cond_init(&callbacks.ran, NULL);
	for (struct tell_callback *c = callbacks.first; c; c = c->next)
		c->running = c->running && pthread_equal(c->runner, pthread_self());
	__atomic_store_n(&callbacks.late, 0, __ATOMIC_RELAXED);
}
