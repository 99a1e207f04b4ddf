#include "api/service_thread.h"
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "api/drain.h"

#define NAP_LEAST_NS 100000
#define NAP_MOST_NS  100000000 /* what a record may wait */

/* s->thread_runs: a start is one's own to make, and its end is waited for by who stops it. */
enum { NONE, STARTING, RUNS };

/* s->thread_wake */
enum { AWAKE, WANTED, ASLEEP };

/* Until woken, or for so long. */
static void nap(struct tell_service *s, long ns)
{
	uint32_t seen = AWAKE;
	const struct timespec most = { .tv_nsec = ns };
	if (__atomic_compare_exchange_n(&s->thread_wake, &seen, ASLEEP, false,
		    __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
		(void)syscall(SYS_futex, &s->thread_wake, FUTEX_WAIT_PRIVATE, ASLEEP,
			&most, NULL, 0); /* however it ends: look */
	__atomic_store_n(&s->thread_wake, AWAKE, __ATOMIC_RELEASE);
}

static void *work(void *arg)
{
	struct tell_service *s = arg;
	long nap_ns = NAP_LEAST_NS;
	while (!__atomic_load_n(&s->thread_stop, __ATOMIC_ACQUIRE)) {
		if (tell_service_drain(s) > 0)
			nap_ns = NAP_LEAST_NS;
		else if (nap_ns < NAP_MOST_NS)
			nap_ns = nap_ns * 2 < NAP_MOST_NS ? nap_ns * 2 : NAP_MOST_NS;
		nap(s, nap_ns);
	}
	return NULL;
}

bool tell_service_thread_start(struct tell_service *s)
{
	sigset_t all, before;
	uint32_t none = NONE;
	if (!__atomic_compare_exchange_n(&s->thread_runs, &none, STARTING, false,
		    __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
		return true;
	__atomic_store_n(&s->thread_stop, 0, __ATOMIC_RELAXED);
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before); /* the host's are not for it */
	int r = pthread_create(&s->thread, NULL, work, s);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	__atomic_store_n(&s->thread_runs, r == 0 ? RUNS : NONE, __ATOMIC_RELEASE);
	return r == 0;
}

void tell_service_thread_wake(struct tell_service *s)
{
	if (__atomic_exchange_n(&s->thread_wake, WANTED, __ATOMIC_ACQ_REL) == ASLEEP)
		(void)syscall(
			SYS_futex, &s->thread_wake, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

void tell_service_thread_stop(struct tell_service *s)
{
	while (__atomic_load_n(&s->thread_runs, __ATOMIC_ACQUIRE) == STARTING)
		(void)sched_yield(); /* another thread's call, which makes it just now */
	if (__atomic_load_n(&s->thread_runs, __ATOMIC_ACQUIRE) != RUNS)
		return;
	__atomic_store_n(&s->thread_stop, 1, __ATOMIC_RELEASE);
	tell_service_thread_wake(s);
	(void)pthread_join(s->thread, NULL);
	__atomic_store_n(&s->thread_wake, AWAKE, __ATOMIC_RELAXED);
	__atomic_store_n(&s->thread_runs, NONE, __ATOMIC_RELEASE);
}

void tell_service_thread_child(struct tell_service *s)
{
	s->thread_runs = NONE;
	s->thread_wake = AWAKE;
}
