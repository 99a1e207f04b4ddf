#pragma once
#include <stddef.h>
#include <stdint.h>
#include <telltale/field.h>
#include "decode/typed.h"

/* What `log` and `cat` share of their command lines: -F name=value, -p, -t.
 *
 * Threads: one. */
#define TELL_FIELDS_ARG_MAX 64

/* Fields from the command line; they own their text. */
struct tell_field_args {
	struct tell_field fields[TELL_FIELDS_ARG_MAX];
	char *copies[TELL_FIELDS_ARG_MAX];
	size_t n;
};

/* Add "name=value", typed as decode/typed.h has it. 0, -EINVAL (no "="
 * or no name), -E2BIG or -ENOMEM. */
int tell_field_args_add(struct tell_field_args *a, const char *text);
void tell_field_args_done(struct tell_field_args *a);

/* Overwrite the value of "name=value", or a whole text, in argv: journald keeps the command
 * line of who sends to it (_CMDLINE=), where nothing is redacted. */
void tell_field_arg_hide(char *text);
void tell_arg_hide(char *text);

/* "warning", "4" or "daemon.warning" (RFC 5424 tables 1 and 2; the names of syslog(3)).
 * The facility is checked and given back, -1 when none is named. Returns the level or
 * -EINVAL. */
int tell_level_arg(const char *text, int *ret_facility);
