#include "meter/callback.h"
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include "base/clock.h"
#include "base/lasting.h"
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

/* All under the lock, but for `late`, which is atomic. Made with the first, as few processes
 * have any. */
struct all {
	pthread_mutex_t lock; /* a default mutex: no errors */
	pthread_cond_t ran;
	struct tell_callback *first;
	struct tell_callback *from; /* where the next run begins; NULL: first */
	size_t n;
	uint64_t late;
};
static struct all *callbacks; /* atomic; NULL: there never was one */

static struct all *there(void)
{
	return __atomic_load_n(&callbacks, __ATOMIC_ACQUIRE);
}

static void locks_init(struct all *a)
{
	(void)pthread_mutex_init(&a->lock, NULL); /* neither fails with the defaults */
	(void)pthread_cond_init(&a->ran, NULL);
}

/* NULL: memory is out. */
static struct all *make(void)
{
	struct all *none = there();
	if (none)
		return none;
	struct all *a = tell_lasting(sizeof(*a));
	if (!a)
		return NULL;
	locks_init(a);
	return __atomic_compare_exchange_n(
		       &callbacks, &none, a, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)
		? a
		: none; /* another thread was first: its own is what there is */
}

int tell_callback_add(struct tell_callback **ret, struct tell_gauge *gauge,
	double (*read)(void *arg), void *arg)
{
	if (!gauge || !read)
		return -EINVAL;
	struct all *a = make();
	struct tell_callback *c = a ? calloc(1, sizeof(*c)) : NULL;
	if (!c)
		return -ENOMEM;
	c->gauge = gauge;
	c->read = read;
	c->arg = arg;
	(void)pthread_mutex_lock(&a->lock);
	bool room = a->n < TELL_CALLBACKS_MAX;
	if (room) {
		tell_gauge_leave_out(gauge); /* until it is asked */
		c->next = a->first;
		a->first = c;
		a->n++;
	}
	(void)pthread_mutex_unlock(&a->lock);
	if (!room) {
		free(c);
		return -ENOSPC;
	}
	*ret = c;
	return 0;
}

/* The lock is held, and nobody runs it. */
static void unlink_and_free(struct all *a, struct tell_callback *c)
{
	struct tell_callback **at = &a->first;
	while (*at && *at != c)
		at = &(*at)->next;
	if (*at)
		*at = c->next;
	if (a->from == c)
		a->from = c->next;
	a->n--;
	tell_gauge_leave_out(c->gauge);
	free(c);
}

void tell_callback_remove(struct tell_callback *c)
{
	int state;
	struct all *a = there();
	if (!c || !a)
		return;
	/* The wait is a cancellation point, and would keep the lock. */
	(void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state); /* cannot fail */
	(void)pthread_mutex_lock(&a->lock);
	bool own = c->running && pthread_equal(c->runner, pthread_self());
	while (c->running && !own)
		(void)pthread_cond_wait(&a->ran, &a->lock);
	if (own)
		c->removed = true;
	else
		unlink_and_free(a, c);
	(void)pthread_mutex_unlock(&a->lock);
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
static uint64_t ask(struct all *a, struct tell_callback *c, uint64_t from_ns)
{
	c->running = true;
	c->runner = pthread_self();
	(void)pthread_mutex_unlock(&a->lock);
	double value = c->read(c->arg);
	uint64_t now_ns = tell_clock_monotonic_ns();
	(void)pthread_mutex_lock(&a->lock);
	c->running = false;
	if (isnan(value))
		tell_gauge_leave_out(c->gauge);
	else
		tell_gauge_set(c->gauge, value);
	if (now_ns - from_ns > TELL_CALLBACK_NS) {
		__atomic_fetch_add(&a->late, 1, __ATOMIC_RELAXED);
		c->due_ns = now_ns + rest_ns(now_ns - from_ns);
	}
	(void)pthread_cond_broadcast(&a->ran);
	return now_ns;
}

void tell_callbacks_run(void)
{
	int saved = errno; /* the host's functions may set it */
	struct all *a = there();
	if (!a)
		return;
	(void)pthread_mutex_lock(&a->lock);
	uint64_t now_ns = a->n ? tell_clock_monotonic_ns() : 0;
	uint64_t until_ns = now_ns + TELL_CALLBACKS_NS;
	struct tell_callback *c = a->from;
	for (size_t left = a->n; left && now_ns <= until_ns; left--) {
		c = c ? c : a->first;
		if (!c)
			break; /* others were removed meanwhile */
		if (!c->running && !c->removed && now_ns >= c->due_ns)
			now_ns = ask(a, c, now_ns);
		struct tell_callback *asked = c;
		c = c->next;
		if (asked->removed && !asked->running)
			unlink_and_free(a, asked);
	}
	a->from = c;
	(void)pthread_mutex_unlock(&a->lock);
	errno = saved;
}

uint64_t tell_callbacks_late(void)
{
	struct all *a = there();
	return a ? __atomic_load_n(&a->late, __ATOMIC_RELAXED) : 0;
}

void tell_callbacks_child(void)
{
	struct all *a = there();
	if (!a)
		return;
	locks_init(a); /* owners stayed behind */
	for (struct tell_callback *c = a->first; c; c = c->next)
		c->running = c->running && pthread_equal(c->runner, pthread_self());
	__atomic_store_n(&a->late, 0, __ATOMIC_RELAXED);
}
