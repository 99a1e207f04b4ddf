#include <telltale/compat/err.h>
#include <errno.h>
#include <stdlib.h>
#include "api/lines.h"

void tell__vwarn(
	struct tell_site *site, int level, bool with_errno, const char *fmt, va_list ap)
{
	const struct tell_field error = tell_errno(errno);
	if (!fmt) /* then the error's own words are all there is to say */
		fmt = with_errno ? "%m" : "";
	tell_lines_finish(site, level, &error, with_errno, fmt, ap);
}

void tell__warn(struct tell_site *site, int level, bool with_errno, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	tell__vwarn(site, level, with_errno, fmt, ap);
	va_end(ap);
}

void tell__verr(
	struct tell_site *site, int status, bool with_errno, const char *fmt, va_list ap)
{
	tell__vwarn(site, TELL_ERROR, with_errno, fmt, ap);
	exit(status);
}

void tell__err(struct tell_site *site, int status, bool with_errno, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	tell__verr(site, status, with_errno, fmt, ap);
}
