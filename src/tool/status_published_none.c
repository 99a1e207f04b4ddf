/* telltale status --from-journal in a build without libsystemd. */
#include <sysexits.h>
#include "tool/status.h"
#include "tool/verbs.h"

int tell_status_published(const char *service, enum tell_expose_format format)
{
	(void)service;
	(void)format;
	return tell_cli_error(EX_UNAVAILABLE, "status", "built without libsystemd");
}
