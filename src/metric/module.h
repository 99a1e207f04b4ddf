#pragma once
#include <telltale/module.h>

/* The modules of this folder, for src/builtin.c.
 *
 * statsd: the numbers that changed, to a StatsD server. */
extern const struct tell_module tell_metric_statsd;
