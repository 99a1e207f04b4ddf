#pragma once
#include "base/buf.h"
#include "forward/target.h"

/* A record as OTLP's JSON: types are kept, 64-bit integers are texts, ids are hexadecimal. What
 * is no id of its length stays an attribute.
 *
 * Threads: pure functions; work is written over.
 * Source:  OTLP 1.3, "JSON Protobuf Encoding"; the logs data model, appendix B, for severities;
 *          semantic conventions 1.30 for service, host, process, thread and code. */

/* An element of logRecords. */
void tell_otlp_record(
	struct tell_buf *out, const struct tell_parcel *p, struct tell_buf *work);

/* What records of one service, host and logger have in common, up to where they stand:
 * {"resource":{...},"scopeLogs":[{"scope":{...},"logRecords":[ */
void tell_otlp_origin(struct tell_buf *out, const struct tell_parcel *p);
