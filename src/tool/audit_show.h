#pragma once
#include "tool/audit.h"
#include "tool/print.h"

/* What --audit found, a line a lane: as a table for people, with the sums behind it, or as JSON
 * lines.
 *
 * Limits:  the lowest TELL_AUDIT_NAMED gaps of a lane are named in the table, and
 *          TELL_AUDIT_NAMED_JSON in JSON; of the others it is said how many there are.
 * Threads: one owner. */
#define TELL_AUDIT_NAMED      5
#define TELL_AUDIT_NAMED_JSON 1000

void tell_audit_table(
	const struct tell_audit *a, struct tell_print *print, struct tell_buf *out);
void tell_audit_json(const struct tell_audit *a, struct tell_buf *out);
