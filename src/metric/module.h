#pragma once
#include <telltale/module.h>

/* The modules of this folder, for src/builtin.c.
 *
 * host: what the kernel knows of the machine. limit: how many series a metric has. process: what
 * the kernel knows of it. publish: a record of
 * the numbers that changed. statsd: the same to a StatsD server. */
extern const struct tell_module tell_metric_host;
extern const struct tell_module tell_metric_limit;
extern const struct tell_module tell_metric_process;
extern const struct tell_module tell_metric_publish;
extern const struct tell_module tell_metric_statsd;
