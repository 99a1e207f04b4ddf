#pragma once
#include <pthread.h>
#include "spool/spool.h"
#include "stack/outbox.h"

/* What outbox.c and outbox_shared.c know of a spool's line. */
#define TELL_MARKS 128

/* Records sent up to a number, when, and up to which byte of the connection. */
struct tell_mark {
	uint64_t end, given;
	uint64_t began_ns, at_ns;
};

struct tell_outbox {
	struct tell_outbox *next; /* of the process's */
	unsigned users;
	char *dir; /* NULL: the usual one */
	char name[128], service[64];
	struct tell_spool_options options;

	pthread_mutex_t lock;	  /* all below */
	struct tell_spool *spool; /* NULL: not open */
	struct tell_spool *left;  /* a dead process's, while it is adopted; NULL: none */
	uint64_t retry_ns, adopt_ns;
	uint64_t
		counted; /* up to here the ledger knows them as delivered, or not its own */
	uint64_t again, told_lost;
	uint64_t
		by_others; /* handed on, and not by the line that counts them as spooled */
	uint64_t looked_ns, acknowledged;
	struct tell_link
		*owner; /* whose connection marks are about; NULL: it is closed */
	uint64_t turns; /* under the lock of all outboxes */
	uint64_t connection;
	uint64_t held_end,
		held_ns; /* acknowledged up to here by broken ones that lived so long */
	enum tell_verdict last; /* the sink's newest answer */
	size_t n_marks;
	struct tell_mark marks[TELL_MARKS];
};

/* Take over what dead processes of this sink left: their records move to its own spool, a batch
 * a call, while nothing there waits to be sent. When to call again, monotonic. */
uint64_t tell_outbox_adopt(struct tell_outbox *o, struct tell_run *run, uint64_t now_ns);

/* Sent up to where the spool is, of this connection's bytes so many. */
void tell_outbox_mark(struct tell_outbox *o, uint64_t given);

/* The line that sends for this one: itself, or a newer one. */
struct tell_link *tell_outbox_sender(const struct tell_outbox *o, struct tell_link *link);

/* How far is the peer? hold: acknowledged is not enough. False: the connection that had what
 * is not sure broke, and it is to be sent again. */
bool tell_outbox_look(struct tell_outbox *o, struct tell_link *link, bool hold);

/* Has the peer's kernel all there is? */
bool tell_outbox_acknowledged(const struct tell_outbox *o);
