#include "health/watchdog.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/number.h"
#include "health/module.h"

/* health watchdog: tells the service manager that the service is ready, how it is, and, while no
 * line with live=yes fails, that it is alive. Itself it has no opinion. */
static const struct tell_option options[] = {
	{ "ready", TELL_OPTION_BOOL, "no", NULL,
		"READY=1 when the service is healthy or degraded for the first time",
		false },
	{ "status", TELL_OPTION_BOOL, "yes", NULL, "STATUS= with each change", false },
	{ "child", TELL_OPTION_BOOL, "no", NULL, "in forked children, too", false },
	{ 0 },
};

static uint64_t number_of(const char *name)
{
	const char *text = secure_getenv(name);
	uint64_t n = 0;
	return text && tell_parse_u64(text, strlen(text), &n) ? n : 0;
}

static int open_watchdog(
	void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	struct tell_watchdog *w = calloc(1, sizeof(*w));
	const char *socket = secure_getenv("NOTIFY_SOCKET");
	(void)why;
	if (!w)
		return -ENOMEM;
	w->ready = tell_args_bool(args, "ready");
	w->status = tell_args_bool(args, "status");
	w->child = tell_args_bool(args, "child");
	if (socket && (*socket == '/' || *socket == '@') &&
		strlen(socket) <= TELL_NOTIFY_SOCKET_MAX)
		memcpy(w->socket, socket,
			strlen(socket)); /* vsock: and the like: nobody */
	uint64_t usec = number_of("WATCHDOG_USEC");
	w->interval_ns = usec < UINT64_MAX / 1000 ? usec * 1000 : 0;
	w->pid = (uint32_t)number_of("WATCHDOG_PID");
	*ret = w;
	return 0;
}

static enum tell_verdict run_watchdog(void *state, struct tell_run *run)
{
	(void)state;
	(void)run;
	return TELL_IGNORE;
}

const struct tell_module tell_health_watchdog = {
	TELL_MODULE_ABI,
	"health",
	"watchdog",
	"tells the service manager how the service is",
	.options = options,
	.open = open_watchdog,
	.run = run_watchdog,
	.close = free,
};
