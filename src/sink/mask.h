#pragma once
#include <signal.h>
#include <stdbool.h>

/* Keep a signal that a write(2) raises in its own thread (SIGPIPE, SIGXFSZ) from the host,
 * whatever it does with that signal, and leave one that was pending before where it is.
 *
 *	tell_mask_on(&m, SIGPIPE);
 *	n = write(fd, p, len);
 *	tell_mask_off(&m, n < 0 && errno == EPIPE);
 *
 * Cost:    two system calls.
 * Threads: masks only the calling one. errno stays. */
struct tell_mask {
	sigset_t set, old;
	bool was_blocked, was_pending;
};

void tell_mask_on(struct tell_mask *m, int signal);

/* raised: the write did raise it. */
void tell_mask_off(struct tell_mask *m, bool raised);
