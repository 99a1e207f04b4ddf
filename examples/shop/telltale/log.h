/* log.h: the same log_msg(), with telltale behind it. TELL_SITE stands in the macro, so a
 * record says the caller's file and line, and each call can be switched on its own.
 * Licence: MIT. */
#ifndef LOG_H
#define LOG_H
#include <syslog.h> /* LOG_INFO and TELL_INFO are the same number */
#include <telltale.h>

#define log_msg(level, ...) log_msg_at(TELL_SITE(level), (level), __VA_ARGS__)

void log_msg_at(struct tell_site *site, int level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void log_open(const char *service);
void log_reload(void);
void log_close(void);
#endif
