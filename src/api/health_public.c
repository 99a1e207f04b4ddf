/* <telltale/health.h>: what is asked of the process's own service. */
#include "api/health_view.h"
#include "api/process.h"
#include "health/callback.h"

int tell_health_register(const char *name, tell_health_fn *fn, void *arg)
{
	tell_process_check(); /* a child has locks of its own */
	return tell_callback_set(name, fn, arg);
}

enum tell_health_status tell_health_get(
	struct tell_health_check *checks, size_t max, size_t *ret_n)
{
	tell_process_check();
	return tell_health_list(&tell_process.main, checks, max, ret_n);
}
