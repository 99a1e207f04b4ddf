#pragma once
#include <telltale/module.h>
#include "stack/parse.h"
#include "stack/report.h"

/* Modules in shared objects of their own, see the end of <telltale/module.h>.
 *
 * Limits:  64 a process.
 * Threads: any; one at a time loads. */

/* The module of this type for the line, loaded when that was not done yet. NULL: there is none
 * (*ret_wrong false), or it may not be loaded, reported. */
const struct tell_module *tell_foreign_module(const char *type,
	const struct tell_line *line, struct tell_report *report, bool *ret_wrong);

/* Something of ours that is loaded in the same way, by a file NAME.so: its symbol tell_WORD, a
 * struct that begins with TELL_MODULE_ABI. NULL: *why says what is amiss. */
const void *tell_foreign_part(
	const char *file, const char *word, struct tell_refusal *why);

/* What a service shows is not the stack's to know: src/builtin.c says who does (api/show.h). */
typedef int tell_foreign_show_fn(
	const char *service, enum tell_show what, struct tell_shown *ret);
extern tell_foreign_show_fn *const tell_foreign_show;

/* What they may call. */
extern const struct tell_api tell_foreign_api;
