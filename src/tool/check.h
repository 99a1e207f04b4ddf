#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <telltale/module.h>
#include "stack/stack.h"
#include "decode/field_arg.h"

/* What the parts of `check` share.
 *
 * Threads: one. */
struct tell_check {
	const char *target; /* service or path; NULL: the doctor */
	const char *root;   /* the doctor looks below it; "" or a directory */
	bool explain, color;
	int level;
	const char *message;
	struct tell_field_args fields;
	unsigned n_errors, n_warnings;
};

/* Read the stack, say its faults. An exit code. */
int tell_check_stack(struct tell_check *c);

/* Walk the sample record through it. */
int tell_check_explain(struct tell_check *c, struct tell_stack *s);

/* Look at the host. An exit code. */
int tell_check_host(struct tell_check *c);
void tell_check_journald(struct tell_check *c);

enum tell_finding {
	TELL_FINDING_OK,
	TELL_FINDING_NOTE,
	TELL_FINDING_WARN,
	TELL_FINDING_ERROR
};

/* One line, and what to do about it (NULL: nothing). Errors and warnings are counted. */
void tell_check_say(struct tell_check *c, enum tell_finding kind, const char *fix,
	const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* "== title ==" above findings. */
void tell_check_title(const struct tell_check *c, const char *title);

/* Colours on stdout: a start, "" without colours, and the way back. */
const char *tell_check_paint(const struct tell_check *c, enum tell_finding kind);
const char *tell_check_plain(const struct tell_check *c);

/* This process as a service would be. */
void tell_check_identity(struct tell_identity *who, const char *service, char host[256]);
