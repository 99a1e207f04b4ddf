#pragma once
#include "stack/chain.h"

/* Behind a queue: a sink that is too slow for it does not hold the others.
 *
 * Rule:    sinks share the reader of the queue, and so its pace. As long as the queue has room
 *          that costs nobody a record. Once it begins to lose some, all sinks lose them for the
 *          one that is waited for most: from then on nobody waits for that one, and what it
 *          cannot take at once it alone has lost, `full`. It is waited for again once it has
 *          taken all at once, and the queue has lost nothing, for TELL_HURRY_NS.
 * Whom:    sinks that wait for a process (struct tell_module, peer), beside another sink that
 *          takes the same records; the only one, and one with a spool, never.
 * Threads: the reader of the queue. The outbox of a sink with spool= knows nothing of this.
 *          Inside src/stack only. */
#define TELL_HURRY_NS (UINT64_C(1000) * 1000 * 1000)

/* Ask a sink as a record's walk does; does not count. */
enum tell_verdict tell_hurry_ask(struct tell_link *link, struct tell_run *run);

/* Flush it, when a batch is through: in no time when it is hurried. */
int tell_hurry_flush(struct tell_link *link, struct tell_run *run);

/* A batch is through, or its flush was tried once more, or a record was waited for. */
void tell_hurry_look(struct tell_stack *s, struct tell_run *run);

static inline bool tell_hurry_on(const struct tell_link *link)
{
	return link->hurry.until_ns != 0;
}
