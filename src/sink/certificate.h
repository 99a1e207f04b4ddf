#pragma once
#include <stdatomic.h>
#include <stdint.h>
#include <telltale/module.h>
#include "meter/registry.h"
#include "sink/stream.h"

/* When the certificates of a stream's wire end: a gauge each, and a warning in time.
 *
 * Gauge:   telltale_certificate_expiry_timestamp_seconds{peer,certificate}: seconds since 1970;
 *          certificate is `own` or `peer`, the server's as it was shown last.
 * Warning: a note once a day, from warn_ns before the end on. Looked at after each handshake
 *          and once an hour, with a record.
 * Threads: any number. */
struct tell_certificates {
	struct tell_family *gauges; /* NULL: there is no room for them */
	char peer[280];
	uint64_t warn_ns;
	_Atomic uint64_t next_ns; /* CLOCK_MONOTONIC: look, not before */
	_Atomic uint64_t warn_next_ns;
	_Atomic uint32_t shaken; /* handshakes at the last look */
};

void tell_certificates_init(struct tell_certificates *c, const char *host, uint16_t port,
	uint64_t warn_ns, struct tell_stream *stream);

/* With a record, its stack's notes. */
void tell_certificates_look(
	struct tell_certificates *c, struct tell_stream *stream, struct tell_run *run);
