#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"
#include "stack/watch.h"

/* What is wrong with a stack: all of it at once, each with place and fix.
 *
 * Shape:   a list of faults in the order they were met; every text is the report's own and
 *          never NULL ("" where there is nothing to say).
 * Limit:   TELL_FAULTS_MAX faults; further ones are only counted.
 * Threads: one owner at a time. */
#define TELL_FAULTS_MAX 100

struct tell_fault {
	bool warning;	       /* the stack works, but hardly as it was meant */
	unsigned line, column; /* from 1; 0: the file as a whole */
	char *file;	       /* as it was opened */
	char *message;	       /* "unknown option 'pth' of module 'file'" */
	char *fix;	       /* "did you mean 'path'?" */
	char *source;	       /* the line as it stands in the file */
};

struct tell_report {
	struct tell_fault *faults;
	size_t n, cap;
	size_t n_errors, n_warnings; /* those beyond the limit too */
	struct tell_watch watch; /* the files that were looked at */
};

/* {0} is an empty report as well. done frees the texts; it may be used again. */
void tell_report_init(struct tell_report *r);
void tell_report_done(struct tell_report *r);

/* Where a fault is. */
struct tell_spot {
	const char *file;
	unsigned line, column;
	const char *source; /* may be NULL */
};

/* Add an error or a warning; r may be NULL. fix may be NULL. */
void tell_report_error(struct tell_report *r, const struct tell_spot *at, const char *fix,
	const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void tell_report_warning(struct tell_report *r, const struct tell_spot *at,
	const char *fix, const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* "file:line:column: error: message; fix", without a newline: for a record. */
void tell_fault_line(struct tell_buf *out, const struct tell_fault *f);

/* The same with the source line and a mark under the column, several lines: for people. */
void tell_fault_show(struct tell_buf *out, const struct tell_fault *f);
