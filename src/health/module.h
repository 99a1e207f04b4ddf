#pragma once
#include <telltale/module.h>

/* The modules of this folder, for src/builtin.c. */
extern const struct tell_module tell_health_callback;
extern const struct tell_module tell_health_disk;
extern const struct tell_module tell_health_memory;
extern const struct tell_module tell_health_metric;
extern const struct tell_module tell_health_postgres;
extern const struct tell_module tell_health_redis;
extern const struct tell_module tell_health_tcp;
extern const struct tell_module tell_health_unix;
extern const struct tell_module tell_health_watchdog;
