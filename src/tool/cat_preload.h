#pragma once
#include "decode/field_arg.h"

/* telltale cat --preload: libtelltale-preload.so for the command.
 *
 * Threads: one. Errors are said on stderr. */
enum tell_cat_preload {
	TELL_CAT_PRELOAD_NO,
	TELL_CAT_PRELOAD_ALSO, /* its lines, and its calls of syslog(3) and sd_journal */
	TELL_CAT_PRELOAD_ONLY, /* only its calls: stdout and stderr are its own */
};

/* What --preload was given; NULL: nothing. 0 or an exit code. */
int tell_cat_preload_arg(enum tell_cat_preload *ret, const char *text);

/* Can a library be put into this command? Not into a static program, one of another
 * system or machine, or one that gets rights its caller has not (AT_SECURE). 0, also when
 * there is no such command, or an exit code. */
int tell_cat_preload_check(const char *command);

/* Set the environment of the command that this process becomes next, its records being
 * those of service, with these fields. Its stdout and stderr are in place. 0 or a negative
 * errno; -EINVAL: a field has the byte 30 in it. */
int tell_cat_preload_set(enum tell_cat_preload how, const char *service,
	const struct tell_field_args *fields);
