#pragma once
#include <stdarg.h>
#include <stddef.h>
#include <sys/uio.h>
#include "preload/say.h"

/* An entry as sd_journal_sendv(3) is given it, "NAME=value" each, becomes a record: MESSAGE,
 * PRIORITY, SYSLOG_* and CODE_* its parts, all else fields of that name. A name that comes
 * more than once is a list.
 *
 * Values:  text when they are UTF-8, else bytes: raw in the journal, base64 elsewhere.
 * Threads: the calling one's. */

/* Where the call is, as libsystemd's macros say it; NULL: not known. */
struct tell_entry_place {
	const char *file, *line; /* "CODE_FILE=...", "CODE_LINE=..." */
	const char *func;
};

/* What libsystemd asks of the parts: 0, or -EINVAL (none or too many of them, or one is no
 * "NAME=value"). */
int tell_entry_check(const struct iovec *iov, int n);

/* Make the record of checked parts, between tell_say_begin() and _end(). 0 or -ENOMEM. */
int tell_entry_make(struct tell_say *s, const struct tell_entry_place *place,
	const struct iovec *iov, size_t n);

/* Keep it for later instead. */
void tell_entry_keep(
	const struct tell_entry_place *place, const struct iovec *iov, size_t n);
