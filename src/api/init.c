#include "api/init.h"
#include <errno.h>
#include <telltale/context.h>
#include <telltale/log.h>
#include "api/drain.h"
#include "api/level.h"
#include "api/lines.h"
#include "api/process.h"
#include "api/quick.h"
#include "api/service_thread.h"
#include "base/clock.h"

#define CLOSE_MS 1000

/* A weak reference brings no object of an archive in: whoever calls tell_init() in a static
 * program has all that a library with <telltale/weak.h> may call. */
__attribute__((used)) static const struct {
	__typeof__(&tell__with) with;
	__typeof__(&tell__log) log;
	__typeof__(&tell__scope_push) scope;
	__typeof__(&tell_site_of) site;
} for_weak = { tell__with, tell__log, tell__scope_push, tell_site_of };

static int start(const char *service, const char *text, unsigned flags)
{
	if (!tell_thread_enter_whole())
		return -EBUSY;
	tell_process_check();
	__atomic_store_n(&tell_process.started, true, __ATOMIC_RELEASE);
	struct tell_service *s = &tell_process.main;
	(void)pthread_mutex_lock(&tell_process.lock); /* a default mutex: no errors */
	/* Under another name it has another socket. */
	uint64_t deadline_ns = tell_clock_monotonic_ns() + CLOSE_MS * TELL_NS_PER_MS;
	(void)tell_service_thread_stop(s, deadline_ns);
	tell_service_drain_all(s, deadline_ns);
	tell_service_name(s, service);
	s->flags = flags;
	int r = tell_service_start(s, text, false);
	(void)pthread_mutex_unlock(&tell_process.lock);
	tell_thread_leave();
	return r;
}

int tell_init(const char *service)
{
	if (service && !tell_service_name_ok(service))
		return -EINVAL;
	return start(tell_service_wanted(service), NULL, 0);
}

int tell__init_text(const char *service, const char *stack)
{
	if (service && !tell_service_name_ok(service))
		return -EINVAL;
	return start(service, stack, 0);
}

int tell__init_tool(const char *service)
{
	if (service && !tell_service_name_ok(service))
		return -EINVAL;
	return start(service, NULL, TELL_STACK_NO_TERMINAL);
}

int tell__init_forwarder(const char *service, const char *text)
{
	return start(service, text, TELL_STACK_FORWARDER);
}

/* For libraries that log only when their host does, <telltale/weak.h>. */
bool tell__started(void)
{
	return __atomic_load_n(&tell_process.started, __ATOMIC_ACQUIRE);
}

void tell__set_pid(uint32_t pid)
{
	tell_process.main.other_pid = pid;
}

struct tell_stack *tell__stack(void)
{
	return __atomic_load_n(&tell_process.main.stack, __ATOMIC_ACQUIRE);
}

int tell_flush(unsigned timeout_ms)
{
	tell_lines_flush(); /* it is time for what has no newline, too */
	uint64_t deadline_ns = tell_clock_monotonic_ns() + timeout_ms * TELL_NS_PER_MS;
	int r = tell_process_each(tell_service_flush, deadline_ns);
	return r == -EBUSY ? r : r < 0 ? -ETIMEDOUT : 0;
}

static int reload(struct tell_service *s, uint64_t unused)
{
	(void)unused;
	return tell_service_start(s, NULL, true);
}

int tell_reload(void)
{
	return tell_process_each(reload, 0);
}

static int reopen(struct tell_service *s, uint64_t unused)
{
	(void)unused;
	return tell_service_reopen(s);
}

int tell_reopen(void)
{
	return tell_process_each(reopen, 0);
}

static int close_one(struct tell_service *s, uint64_t deadline_ns)
{
	(void)tell_service_close(s, deadline_ns); /* what hangs ends when it can */
	return 0;
}

void tell_close(void)
{
	int saved = errno;
	tell_lines_flush();
	(void)tell_process_each(
		close_one, tell_clock_monotonic_ns() + CLOSE_MS * TELL_NS_PER_MS);
	errno = saved;
}
