#pragma once
#include <stddef.h>
#include <stdint.h>
#include <telltale/module.h>
#include "api/call.h"

/* A record that a call of another interface is: syslog(3), sd_journal_send(3), a line for
 * /dev/log. That interface says whose it is; its stack is the one of our own service.
 *
 *	if (tell_call_begin(&c, NULL, site, &level)) {
 *		enum tell_verdict v = tell_relay(&c, site, &r);
 *		... r.kept: c.thread->record is the record as it was sent ...
 *		tell_deliver_notes(c.thread, c.service, c.stack);
 *		tell_call_end(&c);
 *	}
 *
 * Shape:   all texts are borrowed until tell_relay() returns.
 * Threads: as struct tell_call. */
struct tell_relay {
	int level;	  /* in range */
	int facility;	  /* RFC 5424 table 1; -1: as the service's */
	const char *name; /* SYSLOG_IDENTIFIER, any bytes; NULL or "": as the service */
	size_t name_len;
	uint32_t pid; /* who makes it; 0: this process */
	bool kept;    /* the record is looked at after it was sent: no queue takes it */
	bool say_pid; /* show it beside what the receiver sees itself */
	uint64_t time_ns; /* 0: now */
	const char *message;
	size_t message_len;
	const struct tell_field *fields;
	const uint16_t *keys; /* as for tell_record_add() */
	size_t n_fields;
	uint8_t slot_flags;
	const struct tell_field *more; /* those whose names are not among them */
	size_t n_more;
};

/* Make the record and send it. site NULL: it has no place. The sinks' verdict; TELL_FULL
 * when memory is out. */
enum tell_verdict tell_relay(
	struct tell_call *c, struct tell_site *site, const struct tell_relay *r);
