#include "api/init.h"
#include <errno.h>
#include <telltale/log.h>
#include "api/drain.h"
#include "api/level.h"
#include "api/process.h"
#include "base/clock.h"

#define CLOSE_MS 1000

static int start(const char *service, const char *text, unsigned flags)
{
	if (!tell_thread_enter())
		return -EBUSY;
	tell_process_check();
	tell_process_watch();
	struct tell_service *s = &tell_process.main;
	(void)pthread_mutex_lock(&tell_process.lock); /* a default mutex: no errors */
	/* Under another name it has another socket. */
	(void)tell_service_thread_stop(
		s, tell_clock_monotonic_ns() + CLOSE_MS * TELL_NS_PER_MS);
	(void)tell_service_drain(s);
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

void tell__set_pid(uint32_t pid)
{
	tell_process.main.other_pid = pid;
}

struct tell_stack *tell__stack(void)
{
	return __atomic_load_n(&tell_process.main.stack, __ATOMIC_ACQUIRE);
}

/* Call fn for each service that is open; the first error. */
static int each(int (*fn)(struct tell_service *, uint64_t), uint64_t arg)
{
	if (!tell_thread_enter())
		return -EBUSY; /* a signal's handler, in the middle of one of our calls */
	tell_process_check();
	(void)pthread_mutex_lock(&tell_process.lock);
	int first = 0;
	for (struct tell_service *s = &tell_process.main; s;
		s = s == &tell_process.main ? tell_process.services : s->next) {
		int r = __atomic_load_n(&s->stack, __ATOMIC_ACQUIRE) ? fn(s, arg) : 0;
		if (r < 0 && first == 0)
			first = r;
	}
	(void)pthread_mutex_unlock(&tell_process.lock);
	tell_thread_leave();
	return first;
}

int tell_flush(unsigned timeout_ms)
{
	uint64_t deadline_ns = tell_clock_monotonic_ns() + timeout_ms * TELL_NS_PER_MS;
	int r = each(tell_service_flush, deadline_ns);
	return r == -EBUSY ? r : r < 0 ? -ETIMEDOUT : 0;
}

static int reload(struct tell_service *s, uint64_t unused)
{
	(void)unused;
	return tell_service_start(s, NULL, true);
}

int tell_reload(void)
{
	return each(reload, 0);
}

static int reopen(struct tell_service *s, uint64_t unused)
{
	(void)unused;
	return tell_service_reopen(s);
}

int tell_reopen(void)
{
	return each(reopen, 0);
}

static int close_one(struct tell_service *s, uint64_t deadline_ns)
{
	(void)tell_service_close(s, deadline_ns); /* what hangs ends when it can */
	return 0;
}

void tell_close(void)
{
	int saved = errno;
	(void)each(close_one, tell_clock_monotonic_ns() + CLOSE_MS * TELL_NS_PER_MS);
	errno = saved;
}

/* At exit: hand over what sinks hold; they stay open for the destructors that come later. */
static int end_one(struct tell_service *s, uint64_t deadline_ns)
{
	return tell_service_end(s, deadline_ns);
}

__attribute__((destructor)) static void at_exit(void)
{
	(void)each(end_one, tell_clock_monotonic_ns() + CLOSE_MS * TELL_NS_PER_MS);
}
