#include "sink/mask.h"

#include <errno.h>
#include <time.h>

void tell_mask_on(struct tell_mask *m, int signal)
{
	sigset_t pending;

	(void)sigemptyset(&m->set); /* fail for bad signal numbers only */
	(void)sigaddset(&m->set, signal);
	(void)pthread_sigmask(SIG_BLOCK, &m->set, &m->old);
	/* Only a signal that was blocked before can be pending. */
	m->was_blocked = sigismember(&m->old, signal) == 1;
	m->was_pending = m->was_blocked && sigpending(&pending) == 0 &&
		sigismember(&pending, signal) == 1;
}

void tell_mask_off(struct tell_mask *m, bool raised)
{
	static const struct timespec now = { 0 };
	int saved = errno;

	if (raised && !m->was_pending)
		while (sigtimedwait(&m->set, NULL, &now) < 0 && errno == EINTR)
			;
	if (!m->was_blocked)
		(void)pthread_sigmask(SIG_SETMASK, &m->old, NULL);
	errno = saved;
}
