#pragma once
#include <pthread.h>
#include <telltale/module.h>
#include "metric/told.h"

/* What was told to one receiver, kept as long as the process: a stack that is loaded anew goes
 * on where the one before was, so that nothing is counted twice. For a short time both may run.
 *
 * Life:    one for each service and set of arguments that ever was.
 * Threads: share: any. `told` under its lock, held while datagrams are sent: only lines of the
 *          same receiver wait for it. */
struct tell_told_shared {
	pthread_mutex_t lock;
	struct tell_told told;
	struct tell_told_shared *next;
	char name[]; /* service, module, receiver */
};

/* NULL: memory is out. */
struct tell_told_shared *tell_told_share(
	const char *module, const struct tell_args *args);

void tell_told_lock(struct tell_told_shared *s);
void tell_told_unlock(struct tell_told_shared *s);

/* In a forked child, whose counters begin at 0: nothing was told, nobody has the lock. */
void tell_told_child(struct tell_told_shared *s);
