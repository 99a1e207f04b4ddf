/* log.h: a line on stderr, as many programs have it. Licence: MIT. */
#ifndef LOG_H
#define LOG_H
#include <syslog.h>

#define log_msg(level, ...) log_msg_at(__FILE__, __LINE__, (level), __VA_ARGS__)

void log_msg_at(const char *file, int line, int level, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void log_open(const char *service);
void log_reload(void);
void log_close(void);
#endif
