#include "api/service_thread.h"
#include <pthread.h>
#include <signal.h>
#include <time.h>
#include "api/drain.h"

static void *work(void *arg)
{
	struct tell_service *s = arg;
	long nap_ns = 100000;
	while (!__atomic_load_n(&s->thread_stop, __ATOMIC_ACQUIRE)) {
		size_t n = tell_service_drain(s);
		nap_ns = n || __atomic_exchange_n(&s->thread_wake, 0, __ATOMIC_RELAXED)
			? 100000
			: nap_ns < 50000000 ? nap_ns * 2
					    : nap_ns;
		struct timespec nap = { 0, nap_ns };
		(void)nanosleep(&nap, NULL);
	}
	return NULL;
}

void tell_service_thread_start(struct tell_service *s)
{
	sigset_t all, before;
	uint32_t no = 0;
	if (!__atomic_compare_exchange_n(
		    &s->thread_runs, &no, 1, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
		return;
	__atomic_store_n(&s->thread_stop, 0, __ATOMIC_RELAXED);
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&s->thread, NULL, work, s) != 0)
		__atomic_store_n(&s->thread_runs, 0, __ATOMIC_RELEASE);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void tell_service_thread_wake(struct tell_service *s)
{
	__atomic_store_n(&s->thread_wake, 1, __ATOMIC_RELAXED);
}

void tell_service_thread_stop(struct tell_service *s)
{
	if (!__atomic_load_n(&s->thread_runs, __ATOMIC_ACQUIRE))
		return;
	__atomic_store_n(&s->thread_stop, 1, __ATOMIC_RELEASE);
	(void)pthread_join(s->thread, NULL);
	__atomic_store_n(&s->thread_runs, 0, __ATOMIC_RELEASE);
}

void tell_service_thread_child(struct tell_service *s)
{
	s->thread_runs = 0;
}
