#include "api/drain.h"

/* Without a queue there is never anything to walk. */
__attribute__((weak)) size_t tell_service_drain(struct tell_service *s)
{
	(void)s;
	return 0;
}

__attribute__((weak)) uint64_t tell_service_queued(const struct tell_service *s)
{
	(void)s;
	return 0;
}
