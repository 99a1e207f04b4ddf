/* log.c: the same log_msg(), with telltale behind it. Licence: MIT. */
#include "log.h"
#include <stdarg.h>

void log_msg_at(struct tell_site *site, int level, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	tell_vlogf(site, level, fmt, ap);
	va_end(ap);
}

void log_open(const char *service)
{
	(void)tell_init(service); /* a stack it refuses is in the log, with the reason */
}

void log_reload(void)
{
	(void)tell_reload(); /* likewise; the old stack stays */
}

void log_close(void)
{
	tell_close();
}
