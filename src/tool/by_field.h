#pragma once
#include <stdbool.h>
#include "base/buf.h"
#include "source/entry.h"

/* What an entry has under a name of --by, as text: level, service, logger, kind, caller, pid,
 * tid, host, message and seq are what matches mean by them (tool/match.h); a name that
 * begins with '_' is the journal's own, the others are fields. Appends. False: it is missing. */
bool tell_by_field(const struct tell_entry *e, const char *name, struct tell_buf *out);

/* The same as a number. False: it is missing, or none. */
bool tell_by_number(const struct tell_entry *e, const char *name, double *ret);
