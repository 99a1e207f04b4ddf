/* log.c: a line on stderr, as many programs have it. Licence: MIT. */
#include "log.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static int max_level = LOG_INFO;

void log_msg_at(const char *file, int line, int level, const char *fmt, ...)
{
	static const char *const words[] = { "EMERG", "ALERT", "CRIT", "ERROR", "WARN",
		"NOTICE", "INFO", "DEBUG" };
	char text[1024];
	va_list ap;
	if (level > max_level)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	fprintf(stderr, "%s %s:%d: %s\n", words[level & 7], file, line, text);
}

void log_open(const char *service)
{
	(void)service;
	log_reload();
}

void log_reload(void)
{
	const char *level = getenv("LOG_LEVEL");
	max_level = level ? atoi(level) : LOG_INFO;
}

void log_close(void)
{
}
