#pragma once
#include <stdarg.h>
#include <stddef.h>
#include <sys/uio.h>

/* The arguments of sd_journal_send(3): a format with its arguments, another with its own,
 * and so on, up to NULL.
 *
 * Limits:  TELL_FORMATS_MAX formats, of at most TELL_FORMATS_ARGUMENTS arguments each.
 * Threads: pure functions.
 * Source:  parse_printf_format() in the GNU C Library's manual, "Parsing a Template
 *          String". */
#define TELL_FORMATS_MAX       1024
#define TELL_FORMATS_ARGUMENTS 128

/* How many there are, and how many bytes their texts take together, each with a NUL. ap is
 * used up. -EINVAL: too many, or not to be made. */
int tell_formats_measure(const char *format, va_list ap, size_t *ret_bytes);

/* Make the texts in `to`, trailing white space cut off as libsystemd does, with an iovec
 * each. Those that do not fit are left out. Returns how many are made. */
int tell_formats_make(const char *format, va_list ap, char *to, size_t size,
	struct iovec *iov, int most);

/* The length without white space at the end. */
size_t tell_formats_strip(const char *text, size_t len);
