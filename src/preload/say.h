#pragma once
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "api/relay.h"
#include "preload/later.h"
#include "preload/logstate.h"

/* The way from a call that was taken over to a record.
 *
 *	struct tell_say say;
 *	if (tell_say_begin(&say)) {		false: keep it for later
 *		...
 *		tell_say_end(&say);
 *	}
 *
 * Between the two the thread is inside: what it calls, and signal handlers, are kept for
 * later; and it is not cancelled (pthread_cancel(3)) with our locks held. errno is as it
 * was at the begin when tell_say_end() has returned.
 *
 * Threads: any; on the caller's stack. */
struct tell_say {
	struct tell_call call;
	struct tell_logstate state;
	bool ready; /* thread and stack are there */
};

bool tell_say_begin(struct tell_say *say);
void tell_say_end(struct tell_say *say);

/* The buffer for a text that is made on the way, with the record's limit; encoders use it
 * later. NULL: memory is out. */
struct tell_buf *tell_say_buf(struct tell_say *say);

/* Make a record, unless its level is off. site NULL: it has no place. False: no sink took
 * it. With cons, what was not taken goes to the system's console (LOG_CONS). */
bool tell_say(struct tell_say *say, struct tell_site *site, struct tell_relay *relay,
	bool cons);

/* Make what was kept for later; tell_say_end() does. */
void tell_say_kept(void);

/* How the kinds are made from what was kept: within begin and end. */
void tell_syslog_kept(struct tell_say *say, const struct tell_later *later);
void tell_devlog_kept(struct tell_say *say, const struct tell_later *later);
void tell_entry_kept(struct tell_say *say, const struct tell_later *later);
