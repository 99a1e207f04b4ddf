#pragma once
#include <stdbool.h>
#include <stddef.h>

/* What openlog(3) said, for all threads of the process as in libc.
 *
 * Ident:   libc keeps the pointer, and so shows what the host writes there later: cron turns
 *          its name into capitals so. We do that where the memory stays for good, see
 *          tell_preload_is_kept(); of all else we keep a copy, as it may be gone when the
 *          next record comes.
 * Threads: all under one lock that is free in a forked child; never in a signal handler that
 *          came in the middle of it: callers are inside, see tell_thread_enter(). Only
 *          the mask needs neither. */
struct tell_ident;

/* As it is at one moment. */
struct tell_logstate {
	const char
		*ident; /* NUL-terminated; the program's name when the host gave none */
	int options;	/* LOG_PID, LOG_CONS, LOG_PERROR, ... */
	int facility;	/* LOG_USER, ... */
	struct tell_ident *held;
};

/* What holds now; until tell_logstate_done(). */
void tell_logstate_get(struct tell_logstate *ret);
void tell_logstate_done(struct tell_logstate *s);

/* openlog(): ident NULL leaves the one there is. A facility that is none is passed over. */
void tell_logstate_open(const char *ident, int options, int facility);

/* closelog(): the ident is forgotten, options and facility stay. */
void tell_logstate_close(void);

/* setlogmask(): 0 changes nothing. The mask before. */
int tell_logstate_mask(int mask);

/* Does the mask let this priority by? */
bool tell_logstate_wants(int pri);
