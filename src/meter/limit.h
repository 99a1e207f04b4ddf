#pragma once
#include <stdint.h>

/* How many series a metric may have, where somebody says otherwise than TELL_SERIES_MAX: who runs
 * a service knows better than who wrote it how many agents or tenants it has there.
 *
 * Shape:   the limits that are in force, the newest first: one for the metric's own name, else one
 *          for all. They hold for metrics that are made later, too. Series that are there
 *          when a limit becomes lower stay.
 * Threads: any; under the registry's lock. */
#define TELL_LIMIT_MOST 10000
#define TELL_LIMIT_ALL	"*"

struct tell_limit;

/* metric: with or without "_total"; TELL_LIMIT_ALL. 0, -EINVAL: no such name, or not from 1 to
 * TELL_LIMIT_MOST; -ENOMEM. */
int tell_limit_new(struct tell_limit **ret, const char *metric, uint64_t series);

/* It holds no more. NULL is allowed. Returns NULL. */
struct tell_limit *tell_limit_free(struct tell_limit *l);

/* What holds for a metric, by its name without "_total". The lock is held. */
uint32_t tell_limit_of(const char *metric);
