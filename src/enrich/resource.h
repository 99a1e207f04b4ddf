#pragma once
#include "enrich/fixed.h"

/* OTEL_RESOURCE_ATTRIBUTES: name=value pairs joined by ',', values percent-encoded, blanks
 * around them dropped. Adds a field each, names as the exits have them: service.version is
 * service_version. An invalid byte sequence in a value stays for the encoders to mark.
 *
 * Returns 0, -EBADMSG when anything is wrong: then none is added, as the specification
 * asks; or what tell_fixed_text() says.
 * Source: OpenTelemetry specification, "Resource SDK", specifying resource information via
 * an environment variable; W3C Baggage, section 3.2.1. */
int tell_resource_parse(struct tell_fixed *f, const char *attributes);
