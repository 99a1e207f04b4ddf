/* Built without libsystemd: nobody knows what journald suppressed. */
#include "tool/notices.h"

void tell_notices_count(
	struct tell_notices *n, pid_t pid, uint64_t since_ns, struct tell_suppressed *ret)
{
	(void)n;
	(void)pid;
	(void)since_ns;
	*ret = (struct tell_suppressed){ 0 };
}

void tell_suppressed_done(struct tell_suppressed *s)
{
	(void)s;
}

void tell_notices_done(struct tell_notices *n)
{
	(void)n;
}
