#pragma once
#include <stdarg.h>
#include <stddef.h>
#include <telltale/log.h>

/* What a program prints to stdout and stderr, gathered until it is a line, and sent.
 *
 * Shape:   two texts a thread, so that threads do not print into one another's lines. What
 *          ends in a newline is one record, up to the last newline of a call: newlines in
 *          between are part of it. The rest begins the next one.
 * Place:   of the call that began the line; in full api/line.h.
 * Ends:    a rest without a newline is sent by tell_lines_flush() and tell_lines_finish(),
 *          before fork(3), when its thread ends, and at exit.
 * Threads: any. In a signal handler that interrupted another call of the library, dropped
 *          and counted. */
enum tell_stream { TELL_LINES_OUT, TELL_LINES_ERR };

/* printf(3)'s result, which is what it would have printed, whatever becomes of it. */
int tell_lines_vprintf(struct tell_site *site, int level, enum tell_stream stream,
	const char *fmt, va_list ap) __attribute__((format(printf, 4, 0)));
void tell_lines_put(struct tell_site *site, int level, enum tell_stream stream,
	const void *bytes, size_t len);

/* What is there of stderr's line and this text are a record, with a newline or without. */
void tell_lines_finish(struct tell_site *site, int level, const struct tell_field *fields,
	size_t n, const char *fmt, va_list ap) __attribute__((format(printf, 5, 0)));

/* Send the rests of this thread; of all, at exit: later ones are sent at once. */
void tell_lines_flush(void);
void tell_lines_end(void);

/* In a forked child: what is there is the parent's to send. */
void tell_lines_child(void);
