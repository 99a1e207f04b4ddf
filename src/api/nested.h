#pragma once
#include <stdarg.h>
#include <stddef.h>
#include <telltale/log.h>
#include "api/service.h"

/* A call that a signal's handler makes in the middle of another one of its thread: into the
 * queue's lanes for such, or refused and counted (tell_process.lost.nested) where the stack
 * has no queue, or has none yet.
 *
 * Safe:    takes no lock but by a try, allocates nothing, keeps errno: whatever was
 *          interrupted, ours or malloc(3).
 * Without: printf's conversions of floating point and wide characters, see
 *          base/still_format.h; the scopes, when one of them is opened just now.
 * Threads: any. Which stack it walks is announced for the process in `n_nested`: who takes
 *          one away waits until nobody is there. */
void tell_nested_log(struct tell *handle, struct tell_site *site, int level,
	const char *message, size_t len, const struct tell_field *fields, size_t n);

void tell_nested_vlogf(struct tell *handle, struct tell_site *site, int level,
	const char *fmt, va_list ap) __attribute__((format(printf, 4, 0)));

/* Does such a call walk a stack, any? */
bool tell_nested_under_way(void);
