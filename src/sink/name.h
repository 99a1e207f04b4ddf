#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "sink/resolve.h"

/* A server's name over time: when to look it up again, and what came of it.
 *
 * Age:     getaddrinfo(3) tells no TTL, so addresses are taken to be good for 60 s; a name that
 *          is not known is asked for each 5 s. A look-up that took long is not repeated
 *          for ten times as long: the service thread does nothing else meanwhile.
 * Clock:   the caller passes the time, CLOCK_MONOTONIC.
 * Threads: one at a time; why may be read by any. */
struct tell_name {
	const char *host;
	uint16_t port;
	int type;
	const char *_Atomic why; /* it has no address; NULL: it has */
	uint64_t next_ns;	 /* due, not before */
};

bool tell_name_due(const struct tell_name *n, uint64_t now_ns);

/* Look it up: as tell_resolve(). */
int tell_name_look(struct tell_name *n, struct tell_peer peers[TELL_PEERS_MAX]);
