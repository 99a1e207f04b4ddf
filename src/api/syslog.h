#pragma once
#include <stddef.h>
#include <telltale/module.h>
#include "base/buf.h"

/* The line that LOG_PERROR asks for, as glibc has it: "ident[pid]: text\n", the pid with
 * LOG_PID; controls are escaped. */
void tell_syslog_line(struct tell_buf *out, const struct tell_identity *who,
	const char *text, size_t len);
