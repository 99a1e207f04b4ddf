/* telltale/compat/syslog.h: syslog(3) that becomes records; the source stays as it is.
 *
 *	#include <telltale/compat/syslog.h>                    // was <syslog.h>
 *
 *	openlog("shopd", LOG_PID, LOG_DAEMON);
 *	syslog(LOG_ERR, "cannot open %s: %m", path);           // a record with file and line
 *	syslog(LOG_AUTHPRIV | level, "user %s", user);         // level at run time
 *	tell_level_set("file:main.c debug");                   // each call can be switched
 *
 *	cc -include telltale/compat/syslog.h main.c $(pkg-config --cflags --libs telltale)
 *
 * The second form changes no file at all. A source that itself defines _GNU_SOURCE or the
 * like (feature_test_macros(7)) comes too late with it then: add -D_GNU_SOURCE= .
 * Names and constants are those of <syslog.h>, and
 * the compiler checks formats and arguments as there. What they mean here:
 *
 * syslog     one record: the message without newlines at its end, the level, and the file,
 *            line and function of the call. Arguments are always evaluated. The level
 *            decides as everywhere in telltale: LOG_DEBUG is off until a rule or a line
 *            `filter level min=debug` lets it on.
 * facility   of the call, else of openlog(), else LOG_USER; a sink's `facility=` wins.
 * ident      SYSLOG_IDENTIFIER, APP-NAME, JSON's service, each by its exit's rules; copied, 255
 *            bytes, 255 different ones a process: beyond, the service's name. The first
 *            openlog() before any record or tell_init() also names the service, and so
 *            chooses /etc/telltale.d/IDENT. $TELLTALE_SERVICE overrides both.
 * LOG_PERROR the message goes to stderr as well, redacted, unless a sink has put it there.
 * LOG_NDELAY reads the stack and opens its sinks now: before chroot(2), say.
 * LOG_PID    the pid is in every record; this adds it to LOG_PERROR's line. LOG_CONS,
 *            LOG_ODELAY and LOG_NOWAIT have no meaning: what happens when a sink fails is the
 *            stack's business.
 * setlogmask takes levels away, but from calls that a rule has let on (tell_level_set(),
 *            $TELLTALE_LEVEL); it adds none that the stack does not want.
 * closelog   forgets the ident. Sinks stay open.
 *
 * Not seen:  a pointer to the function (`log = syslog;`) is libc's.
 * Threads:   any, at any time; what openlog() and setlogmask() say holds for the process.
 * Source:    syslog(3), POSIX.1-2017 syslog(); identifiers RFC 3164 section 4.1.3.
 * Licence:   MIT. */
#ifndef TELLTALE_COMPAT_SYSLOG_H
#define TELLTALE_COMPAT_SYSLOG_H
#include <syslog.h>
#include <telltale/log.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* What the macros below stand for; each begins with the name of the function it replaces, so
 * that `::syslog(...)` works in C++. None fails, none changes errno. */
void tell__syslog(struct tell_site *site, int priority, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void tell__vsyslog(struct tell_site *site, int priority, const char *fmt, va_list ap)
	__attribute__((format(printf, 3, 0)));
void tell__openlog(const char *ident, int option, int facility);
void tell__closelog(void);
int tell__setlogmask(int mask);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

/* Fortified, clang has macros of these names. */
#undef syslog
#undef vsyslog

/* clang-format off */
#define syslog(priority, ...) \
	tell__syslog(TELL__SITE_HERE((priority) & LOG_PRIMASK, #__VA_ARGS__), (priority), \
		__VA_ARGS__)
#define vsyslog(priority, ...) \
	tell__vsyslog(TELL__SITE_HERE((priority) & LOG_PRIMASK, #__VA_ARGS__), (priority), \
		__VA_ARGS__)
#define openlog(ident, option, facility) tell__openlog((ident), (option), (facility))
#define closelog() tell__closelog()
#define setlogmask(mask) tell__setlogmask(mask)
/* clang-format on */
#endif
