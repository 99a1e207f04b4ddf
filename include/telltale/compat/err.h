/* telltale/compat/err.h: err(3) and warn(3) that become records; the source stays as it is.
 *
 *	#include <telltale/compat/err.h>                       // was <err.h>
 *
 *	if (!f)
 *		err(EX_NOINPUT, "cannot open %s", path);       // still exits with that status
 *	warnx("%s is ignored", word);
 *
 *	cc -include telltale/compat/err.h main.c $(pkg-config --cflags --libs telltale)
 *
 * The second form changes no file at all. A source that itself defines _GNU_SOURCE or the
 * like (feature_test_macros(7)) comes too late with it then: add -D_GNU_SOURCE= .
 *
 * Each call is one record with file, line and function: err and errx of level error, warn and
 * warnx of level warning. The error's number and words are the fields `errno` and `error`,
 * not part of the message; without a format its words are the message. What was printed to
 * stderr before without a newline (<telltale/compat/stdio.h>) is the record's beginning.
 * err*() then exits with its status, as it did: what was logged is delivered on the way, as
 * at any exit.
 * Not seen:  a pointer to such a function is libc's.
 * Threads:   any, at any time.
 * Source:    err(3) of BSD and glibc.
 * Licence:   MIT. */
#ifndef TELLTALE_COMPAT_ERR_H
#define TELLTALE_COMPAT_ERR_H
#include <err.h>
#include <telltale/log.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* What the macros below stand for. errno is read inside: after the arguments are evaluated. */
void tell__err(struct tell_site *site, int status, bool with_errno, const char *fmt, ...)
	__attribute__((noreturn, format(printf, 4, 5)));
void tell__verr(struct tell_site *site, int status, bool with_errno, const char *fmt,
	va_list ap) __attribute__((noreturn, format(printf, 4, 0)));
void tell__warn(struct tell_site *site, int level, bool with_errno, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void tell__vwarn(struct tell_site *site, int level, bool with_errno, const char *fmt,
	va_list ap) __attribute__((format(printf, 4, 0)));

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

/* clang-format off */
#define TELL__ERR_HERE(...)  TELL__SITE_HERE(TELL_ERROR, #__VA_ARGS__)
#define TELL__WARN_HERE(...) TELL__SITE_HERE(TELL_WARNING, #__VA_ARGS__), TELL_WARNING
#define err(status, ...)   tell__err(TELL__ERR_HERE(__VA_ARGS__), (status), true, __VA_ARGS__)
#define errx(status, ...)  tell__err(TELL__ERR_HERE(__VA_ARGS__), (status), false, __VA_ARGS__)
#define verr(status, ...)  tell__verr(TELL__ERR_HERE(__VA_ARGS__), (status), true, __VA_ARGS__)
#define verrx(status, ...) tell__verr(TELL__ERR_HERE(__VA_ARGS__), (status), false, __VA_ARGS__)
#define warn(...)   tell__warn(TELL__WARN_HERE(__VA_ARGS__), true, __VA_ARGS__)
#define warnx(...)  tell__warn(TELL__WARN_HERE(__VA_ARGS__), false, __VA_ARGS__)
#define vwarn(...)  tell__vwarn(TELL__WARN_HERE(__VA_ARGS__), true, __VA_ARGS__)
#define vwarnx(...) tell__vwarn(TELL__WARN_HERE(__VA_ARGS__), false, __VA_ARGS__)
/* clang-format on */
#endif
