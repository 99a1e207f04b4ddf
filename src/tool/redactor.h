#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "record/record.h"
#include "stack/stack.h"

/* The redact lines of a stack, asked about one text or one value at a time.
 *
 * Shape:   a stack without sinks, one record that is used again, and how often each kind
 *          was found.
 * Limit:   TELL_REDACTOR_TEXT_MAX bytes a text.
 * Fails:   closed: what the lines cannot judge comes back as [REDACTED:error].
 * Threads: one owner. */
#define TELL_REDACTOR_TEXT_MAX ((size_t)2 << 20)
#define TELL_REDACTOR_KINDS    64

struct tell_redactor {
	struct tell_stack *stack;
	struct tell_record record;
	struct tell_buf out, work;
	struct tell_run run;
	struct tell_value value; /* the last answer */
	bool counting;
	struct tell_redactor_kind {
		char name[32];
		uint64_t n;
	} kinds[TELL_REDACTOR_KINDS]; /* in the order they were met */
	size_t n_kinds;
};

/* One line's option, "style=hmac", goes to each line that has one of this name. 0, or an
 * exit code, said on stderr. n may be 0. */
int tell_redactor_open(struct tell_redactor *r, char *const *options, size_t n);

/* The redact lines of this service's stack, and no others. */
int tell_redactor_open_service(struct tell_redactor *r, const char *service);

void tell_redactor_close(struct tell_redactor *r);

/* Append s[0..n) to `to`, without its secrets. True when that is not what came. */
bool tell_redactor_text(
	struct tell_redactor *r, const char *s, size_t n, struct tell_buf *to);

/* Ask about a field; NULL: it stays as it is. Else what became of it, until the next
 * question: text, or of the type NULL when a line took the field away. */
const struct tell_value *tell_redactor_value(
	struct tell_redactor *r, const struct tell_field *field);

/* Does the name alone say that its value is a secret? */
bool tell_redactor_name(struct tell_redactor *r, const char *name);

/* Count what masks `after` has that `before` had not. */
void tell_redactor_count(struct tell_redactor *r, const char *before, size_t n_before,
	const char *after, size_t n_after);
