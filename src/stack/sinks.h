#pragma once
#include "stack/chain.h"

/* A record's walk through the sinks: as any chain, with a breaker before each (stack/breaker.h).
 * Inside src/stack only.
 *
 * Last chance: a record that failed, and was turned away by breakers, is offered to those sinks
 *              after all: the pause spares time, not records. Where some sink has it, only to
 *              those whose last failure cost no wait.
 * Threads:     any number at a time. */
struct tell_sinks_walk {
	bool delivered; /* some line said success or spooled */
	bool spoke;	/* some line had an opinion */
};

/* The ledger's name of the line: "syslog", the second one "syslog#2". */
void tell_sinks_name(char *name, size_t size, const struct tell_link *link);

/* One sink has answered v: its breaker learns of it. Returns v. */
enum tell_verdict tell_sinks_told(
	struct tell_link *link, struct tell_run *run, enum tell_verdict v, bool probe);

/* Ask one sink and tell its breaker; does not count. */
enum tell_verdict tell_sinks_ask_now(
	struct tell_link *link, struct tell_run *run, bool probe);

enum tell_verdict tell_sinks_walk(const struct tell_chain *chain, struct tell_run *run,
	struct tell_sinks_walk *ret);
