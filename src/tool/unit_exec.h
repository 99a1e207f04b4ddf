#pragma once
#include <stddef.h>
#include "base/buf.h"

/* Command lines of a systemd unit, put behind another command.
 *
 *	-@/usr/sbin/shop shop --port 80
 *	-/usr/bin/telltale cat -t shop --argv0 shop -- /usr/sbin/shop --port 80
 *
 * Rule:    words stay as they were written, quotes, escapes, specifiers and variables
 *          included: they mean the same behind another command. Only the path, which was
 *          the command and is an argument now, gets its '$' doubled.
 * Threads: pure functions.
 * Source:  systemd.service(5), COMMAND LINES and table 1; systemd.syntax(7), QUOTING. */
struct tell_unit_wrap {
	const char *program;
	const char *const *options; /* words, NULL at the end; not escaped */
};

/* Append an "ExecStart=" line for each command of an ExecStart= value. How many, or
 * -EINVAL: not a command line (quotes that do not match, nothing behind a prefix);
 * -EALREADY: it is a `telltale cat` already. */
int tell_unit_wrap(struct tell_buf *out, const char *value, size_t len,
	const struct tell_unit_wrap *wrap);
