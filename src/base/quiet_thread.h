#pragma once
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>

/* A thread of our own in somebody's process: all signals are the host's, and its stack is no
 * larger than it must be. 0, or what pthread_create(3) says.
 *
 * Threads: any. A header, as modules in objects of their own need it as well. */
static inline int tell_quiet_thread(
	pthread_t *ret, size_t stack_bytes, void *(*run)(void *), void *arg)
{
	sigset_t all, before;
	pthread_attr_t attr;
	(void)sigfillset(&all); /* cannot fail, nor can the two masks below */
	int r = pthread_attr_init(&attr);
	if (r)
		return r;
	(void)pthread_attr_setstacksize(&attr, stack_bytes); /* else the default */
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	r = pthread_create(ret, &attr, run, arg);
	if (r == EINVAL) /* glibc takes the host's thread variables from it: too many */
		r = pthread_create(ret, NULL, run, arg);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	(void)pthread_attr_destroy(&attr);
	return r;
}
