#include <stddef.h>

#include "api/gather.h"
#include "api/show.h"
#include "meter/gather.h"
#include "record/name.h"
#include "redact/hide.h"
#include "stack/chain.h"
#include "stack/foreign.h"

/* The modules of this build: a line each, by type and name. `sink file` is src/sink/file.c;
 * those of type "*" are in src/stack and serve every type. */
extern const struct tell_module tell_any_debug, tell_any_deny, tell_any_permit;
extern const struct tell_module tell_enrich_env, tell_enrich_host, tell_enrich_parse,
	tell_enrich_process, tell_enrich_resource, tell_enrich_set;
extern const struct tell_module tell_filter_dedup, tell_filter_level, tell_filter_match,
	tell_filter_quota, tell_filter_sample;
extern const struct tell_module tell_health_callback, tell_health_disk,
	tell_health_memory, tell_health_metric, tell_health_postgres, tell_health_redis,
	tell_health_tcp, tell_health_unix, tell_health_watchdog;
extern const struct tell_module tell_metric_host, tell_metric_limit, tell_metric_process,
	tell_metric_publish, tell_metric_statsd;
extern const struct tell_module tell_queue_ring;
extern const struct tell_module tell_redact_detect, tell_redact_keys;
extern const struct tell_module tell_service_settings;
extern const struct tell_module tell_sink_capture, tell_sink_file, tell_sink_journald,
	tell_sink_spool, tell_sink_stderr, tell_sink_stdout, tell_sink_syslog;

const struct tell_module *const tell_modules[] = {
	&tell_any_debug,
	&tell_any_deny,
	&tell_any_permit,
	&tell_enrich_env,
	&tell_enrich_host,
	&tell_enrich_parse,
	&tell_enrich_process,
	&tell_enrich_resource,
	&tell_enrich_set,
	&tell_filter_dedup,
	&tell_filter_level,
	&tell_filter_match,
	&tell_filter_quota,
	&tell_filter_sample,
	&tell_health_callback,
	&tell_health_disk,
	&tell_health_memory,
	&tell_health_metric,
	&tell_health_postgres,
	&tell_health_redis,
	&tell_health_tcp,
	&tell_health_unix,
	&tell_health_watchdog,
	&tell_metric_host,
	&tell_metric_limit,
	&tell_metric_process,
	&tell_metric_publish,
	&tell_metric_statsd,
	&tell_queue_ring,
	&tell_redact_detect,
	&tell_redact_keys,
	&tell_service_settings,
	&tell_sink_capture,
	&tell_sink_file,
	&tell_sink_journald,
	&tell_sink_spool,
	&tell_sink_stderr,
	&tell_sink_stdout,
	&tell_sink_syslog,
	NULL,
};

tell_name_hide_fn *const tell_name_hide = tell_hide;
tell_gather_fn *const tell_gather = tell_gather_named;
tell_foreign_show_fn *const tell_foreign_show = tell_show_named;
