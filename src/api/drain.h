#pragma once
#include "api/service.h"

/* One pass over the service's queue: how many records went the rest of their way. 0 as well
 * when there is no queue, or another thread is at it.
 *
 * Threads: any; one at a time does it. */
size_t tell_service_drain(struct tell_service *s);

/* All of it, by deadline_ns (CLOCK_MONOTONIC), by the calling thread: there is no service
 * thread. */
void tell_service_drain_all(struct tell_service *s, uint64_t deadline_ns);

/* The same of a stack that nobody walks any more. */
void tell_service_drain_stack(
	struct tell_service *s, struct tell_stack *old, uint64_t deadline_ns);

/* From now on records wait for the sinks: nobody will read the queue, or not for long. */
void tell_service_pass_queue(struct tell_service *s);

/* After that, and once the thread has ended: what is in the queue goes its way, and nothing
 * of it is left behind unless a call is stuck in it. */
void tell_service_end_queue(
	struct tell_service *s, struct tell_stack *stack, uint64_t deadline_ns);

/* What waits in the spools of its sinks is offered to them: when to call again, monotonic;
 * UINT64_MAX: nothing waits. */
uint64_t tell_service_pump(struct tell_service *s);
