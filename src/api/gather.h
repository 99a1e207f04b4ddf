#pragma once
#include <stdbool.h>
#include "api/service.h"
#include "meter/collect.h"

/* Everything a service has to show as metrics, gathered in one place for whoever shows it.
 *
 * Threads: tell_gather_service() as the ledger it is given; tell_gather_named() is
 *          tell_gather of meter/gather.h. */

/* The ledger of s, and of the process what speaks for it: one of its services does. */
void tell_gather_service(const struct tell_service *s, const struct tell_ledger *l,
	const struct tell_collector *to);

bool tell_gather_named(const char *service, const struct tell_collector *to);

/* All of the process, and the ledger of its own service. With the process's lock. */
void tell_gather_process(const struct tell_collector *to);
