#pragma once
#include <stddef.h>
#include <stdint.h>

struct tell_service;

/* Walk what is queued for this service through its stack: the service thread's first duty of
 * a round, and the last before a service closes. Returns how many records it took on; 0:
 * there is nothing.
 * Threads: the service thread, or who has stopped it. */
size_t tell_service_drain(struct tell_service *s);

/* How many records are queued, and not yet drained. Threads: any. */
uint64_t tell_service_queued(const struct tell_service *s);
