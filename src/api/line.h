#pragma once
#include <stdarg.h>
#include <stddef.h>
#include "base/buf.h"
#include "record/thread.h"
#include <telltale/log.h>

/* A line that a program prints piece by piece: what there is of it, and the place of the
 * call that began it, which may be unloaded before it ends.
 *
 * Limits:  longer than TELL_LINE_MAX bytes it becomes several records, cut between UTF-8
 *          characters. Blank ones become none.
 * Threads: its thread's, inside tell_thread_enter(). */
#define TELL_LINE_MAX ((size_t)48 << 10)

struct tell_line {
	struct tell_buf text;
	struct tell_site begun;
	int level;
};

/* Append what vsnprintf(3) gives; its result. */
int tell_line_append(struct tell_line *l, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

/* The level that a format says in front by the programmer's own hand, "<3>", SD_ERR or
 * "<%d>" (sd-daemon(3)), taken away from the text; else `level`. In data, <3> is text. */
int tell_line_level(struct tell_line *l, const char *fmt, int level);

/* The first `before` bytes were there when this call came: send what is a line by now, keep
 * the rest; now: send that as well. */
void tell_line_send(struct tell_line *l, struct tell_thread *t, struct tell_site *site,
	int level, size_t before, bool now);

/* Send what there is, as a record of this place and with these fields. */
void tell_line_finish(struct tell_line *l, struct tell_site *site, int level,
	const struct tell_field *fields, size_t n);

/* The same as the call that began it would have; nothing when nothing is there. */
void tell_line_flush(struct tell_line *l);
