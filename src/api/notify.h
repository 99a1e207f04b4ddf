#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "api/round.h"

/* What the service manager is told, as a line `health ... watchdog` wants it: READY=1 once,
 * STATUS= with each change, WATCHDOG=1 twice an interval as long as the service is live.
 *
 * Shape:   one datagram a message, without libsystemd; a full socket loses it, never waits.
 *          $NOTIFY_SOCKET stays as it is: the program may use it itself.
 * Clock:   the caller passes the time.
 * Threads: the service thread. */
struct tell_notify {
	bool in_child; /* of a fork: then only with child=yes */
	bool ready;    /* READY=1 is sent */
	bool told;     /* STATUS= is, with: */
	enum tell_health_status status;
	uint64_t ping_ns; /* when WATCHDOG=1 is due */
};

/* Send what is due: when to call again, CLOCK_MONOTONIC. The round is locked. */
uint64_t tell_notify_due(
	struct tell_notify *n, const struct tell_round *r, uint64_t now_ns);
