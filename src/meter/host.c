#include "meter/host.h"
#include "meter/host_part.h"

#define PROC "/proc"

void tell_collect_host(const struct tell_collector *to)
{
	tell_host_cpu(to, PROC);
	tell_host_memory(to, PROC);
	tell_host_network(to, PROC);
	tell_host_pressure(to, PROC);
	tell_host_filesystem(to, "/");
}

static unsigned host_wanted; /* atomic: lines `metric host` of all stacks */

void tell_host_want(bool want)
{
	(void)__atomic_add_fetch(&host_wanted, want ? 1U : -1U, __ATOMIC_RELAXED);
}

bool tell_host_wanted(void)
{
	return __atomic_load_n(&host_wanted, __ATOMIC_RELAXED) != 0;
}
