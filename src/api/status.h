#pragma once
#include "base/buf.h"

/* What `telltale status` and `ctl stats` show of a service, as one line of JSON (RFC 8259):
 *
 *	{"telltale":"0.1.0","service":"shop","pid":4711,"started":"2026-...","now":"2026-...",
 *	 "stack":"/etc/telltale.d/shop","rounds":12,
 *	 "records":{"made":9,"delivered":8,"filtered":1,"undelivered":0,"queued":0, ...},
 *	 "filters":[{"filter":"quota","kept":8,"suppressed":1,"shared":0,"triggers":1}],
 *	 "sinks":[{"sink":"journald","offered":8,"delivered":8,"spooled":0,"dropped":{}}],
 *	 "levels":[{"rule":"file:cart.c debug","seconds":540}],
 *	 "health":{"status":"healthy", ...},	(encode/health.h, layout `checks`)
 *	 "refused":{"at":"2026-...","why":"/etc/telltale.d/shop:3:6: error: ..."},
 *	 "metrics":[{"name":"requests","type":"counter","help":"...",
 *	   "samples":[{"labels":{"method":"GET"},"value":7}]}]}
 *
 * Shape:   `seconds` is missing where a rule stays, `refused` where nothing was, `health`
 *          without such lines. Values that
 *          JSON has no number for are the text "NaN", "+Inf" or "-Inf". Names may be added.
 *          What belongs to the process is in the status of its first service with a thread.
 * Threads: the process's lock is held. */
struct tell_service;
void tell_status_put(struct tell_buf *out, const struct tell_service *s);
