#pragma once
#include <stdbool.h>
#include <telltale/module.h>
#include <telltale/snapshot.h>
#include "base/buf.h"
#include "meter/collect.h"

/* What a service has to show, as text.
 *
 * Threads: tell_show_metrics() as the function it is given. tell_show_named(): any but one that
 *          handles a record; no lock is held while metrics become text. */

/* Whatever `gather` collects; false if it could not. */
typedef bool tell_show_gather_fn(const void *arg, const struct tell_collector *to);
bool tell_show_metrics(struct tell_buf *out, enum tell_metrics_format format,
	tell_show_gather_fn *gather, const void *arg);

/* tell_foreign_show of stack/foreign.h. */
int tell_show_named(const char *service, enum tell_show what, struct tell_shown *ret);
