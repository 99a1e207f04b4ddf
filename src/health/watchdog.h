#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <telltale/module.h>

/* The state of a line `health ... watchdog`: what the service manager is to be told, and where.
 * Who sends it is the service thread (api/notify.h).
 *
 * Source:  sd_notify(3), sd_watchdog_enabled(3); read when the stack is loaded. */
#define TELL_NOTIFY_SOCKET_MAX 108 /* unix(7) */

struct tell_watchdog {
	bool ready, status, child;
	char socket[TELL_NOTIFY_SOCKET_MAX + 1]; /* "": there is nobody to tell */
	uint64_t interval_ns;			 /* 0: no watchdog */
	uint32_t pid;				 /* whose it is; 0: whoever's */
};
