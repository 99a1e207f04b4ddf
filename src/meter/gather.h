#pragma once
#include <stdbool.h>
#include "meter/collect.h"

/* All that a service has to show: what the process counts, the ledger, whatever else there is.
 * For modules of type metric, which know nothing of services: src/builtin.c says what it is.
 *
 * Threads: any but one that handles a record. May wait for 100 ms, and then say no: false,
 *          nothing was collected. No lock is held while `to` is called. */
typedef bool tell_gather_fn(const char *service, const struct tell_collector *to);
extern tell_gather_fn *const tell_gather;
