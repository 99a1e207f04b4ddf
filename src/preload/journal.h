#pragma once
#include <stdarg.h>
#include <sys/uio.h>

/* libsystemd's functions for sending to the journal, declared here so that it is not needed
 * for building. Source: sd_journal_print(3).
 *
 * Returns: 0, or a negative errno: -EINVAL for what libsystemd refuses, -ENOMEM. That no
 *          sink took a record is no error, as a missing journald is none there.
 * Threads: any, and signal handlers: see preload/later.h. */
#pragma GCC visibility push(default)
int sd_journal_print(int priority, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
int sd_journal_printv(int priority, const char *format, va_list ap)
	__attribute__((format(printf, 2, 0)));
int sd_journal_send(const char *format, ...) __attribute__((format(printf, 1, 0)));
int sd_journal_sendv(const struct iovec *iov, int n);
int sd_journal_perror(const char *message);
int sd_journal_print_with_location(int priority, const char *file, const char *line,
	const char *func, const char *format, ...) __attribute__((format(printf, 5, 6)));
int sd_journal_printv_with_location(int priority, const char *file, const char *line,
	const char *func, const char *format, va_list ap)
	__attribute__((format(printf, 5, 0)));
int sd_journal_send_with_location(const char *file, const char *line, const char *func,
	const char *format, ...) __attribute__((format(printf, 4, 0)));
int sd_journal_sendv_with_location(const char *file, const char *line, const char *func,
	const struct iovec *iov, int n);
int sd_journal_perror_with_location(
	const char *file, const char *line, const char *func, const char *message);
#pragma GCC visibility pop
