#pragma once
#include "api/service.h"

/* The service thread: takes records out of the service's queue and the rest of their way.
 *
 * Life:    one a service whose stack has a queue, started by its first record, all signals
 *          blocked; ended by tell_close() and at exit. A forked child has none until its own
 *          first record.
 * Pace:    sleeps 100 us after a pass that found something, up to 100 ms after those that
 *          did not, whole batches at a time: a reader at a writer's heels slows both down.
 * Threads: start and wake by any; stop by one at a time, under the process's lock. */

/* Unless it runs. False: no thread can be made (a limit; a process that has left its pid
 * namespace): nobody would read the queue, so the record goes past it; the next one tries
 * again. */
bool tell_service_thread_start(struct tell_service *s);

/* There is something to do at once. A system call only when it sleeps. */
void tell_service_thread_wake(struct tell_service *s);

/* End it after the pass it is in. */
void tell_service_thread_stop(struct tell_service *s);

/* In a forked child: it stayed behind. */
void tell_service_thread_child(struct tell_service *s);
