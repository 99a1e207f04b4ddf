#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <telltale/module.h>
#include "support/rig.h"

/* A stack with one sink that has a spool, and in place of that sink one that does what a test
 * says: for check_outbox*.c. Checked fixtures: outbox_set_up, outbox_tear_down. */
#define OUTBOX_SEEN 4096

extern struct outbox_fake {
	enum tell_verdict answer;
	enum tell_verdict about_7; /* what it says about the record with i=7 */
	uint64_t most;		   /* refuses when it has seen so many; 0: never */
	bool broke;		   /* refuses until it was looked at */
	bool batch;		   /* it was told that a flush follows */
	uint64_t in_vain;	   /* times that it is still connecting */
	uint64_t connection, given, confirmed;
	uint64_t looked;
	uint64_t seen[OUTBOX_SEEN], n_seen, n_recovered;
} fake;

extern struct tell_rig outbox_rig;

void outbox_set_up(void);
void outbox_tear_down(void);

struct tell_link *link_of(void);
struct tell_outbox *outbox(void);

/* It knows how far its peer is, and has a connection. */
void connect_it(void);

enum tell_verdict say(uint64_t i);
void say_all(uint64_t from, uint64_t to, enum tell_verdict expected);
void pump(void);
uint64_t waiting(void);

/* The numbers came in this order, from the given one on. */
void expect_seen(uint64_t at, uint64_t from, uint64_t to);

/* offered = success + spooled + dropped. */
void expect_ledger(uint64_t success, uint64_t spooled, uint64_t dropped);
