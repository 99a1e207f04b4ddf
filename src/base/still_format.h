#pragma once
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* printf(3) for signal handlers, where libc's may allocate or look at a locale.
 *
 * Does:    %d %i %u %o %x %X %c %s %p %m %% with their flags, width, precision and
 *          hh h l ll j z t.
 * Not:     floating point and wide characters stay as they are typed ("%.2f"), and their
 *          argument is passed over; behind anything else, such as %1$d, the rest of the
 *          format does.
 * Threads: pure, async-signal-safe.
 * Source:  C11 7.21.6.1; %m is glibc's. */

/* Format into size > 0 bytes, NUL-terminated, cut on a UTF-8 boundary; the length. *ret_whole:
 * nothing was left out. errno is what %m says. */
size_t tell_still_format(char *to, size_t size, bool *ret_whole, const char *fmt,
	va_list ap) __attribute__((format(printf, 4, 0)));
