#pragma once
#include <stdbool.h>
#include "api/service.h"
#include "base/buf.h"
#include "encode/health.h"
#include "meter/collect.h"

/* Everything a service has to show as metrics, gathered in one place for whoever shows it.
 *
 * Threads: tell_gather_service() as the ledger it is given; tell_gather_named() is
 *          tell_gather of meter/gather.h. */

struct tell_gather_health {
	enum tell_health_status status;
	bool live;
	size_t n_checks;
};

/* The ledger of s, and of the process what speaks for it: one of its services does. */
void tell_gather_service(const struct tell_service *s, const struct tell_ledger *l,
	const struct tell_collector *to);

bool tell_gather_named(const char *service, const struct tell_collector *to);

/* How the service of this name is, as tell_health_put(). -EBUSY: no lock within 100 ms; -ENOENT. */
int tell_gather_health(struct tell_buf *out, const char *service,
	enum tell_health_layout layout, struct tell_gather_health *ret);

/* All of the process, and the ledger of its own service. With the process's lock. */
void tell_gather_process(const struct tell_collector *to);
