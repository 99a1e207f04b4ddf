#include "api/handle.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "api/health.h"
#include "api/level.h"
#include "api/process.h"
#include "base/clock.h"

#define CLOSE_MS 1000

static void service_ref(struct tell_service *s)
{
	__atomic_fetch_add(&s->refs, 1, __ATOMIC_RELAXED);
}

static void service_unref(struct tell_service *s)
{
	if (__atomic_sub_fetch(&s->refs, 1, __ATOMIC_ACQ_REL) || s == &tell_process.main)
		return;
	(void)pthread_mutex_lock(&tell_process.lock); /* a default mutex: no errors */
	struct tell_service **at = &tell_process.services;
	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	bool closed = tell_service_close(
		s, tell_clock_monotonic_ns() + CLOSE_MS * TELL_NS_PER_MS);
	tell_level_stack_changed(false, NULL); /* what it wanted is wanted no more */
	(void)pthread_mutex_unlock(&tell_process.lock);
	if (!closed)
		return; /* its thread still has it */
	tell_health_done(s);
	tell_service_done(s);
	free(s);
}

static struct tell *handle_make(struct tell_service *s)
{
	struct tell *t = calloc(1, sizeof(*t));
	if (!t)
		return NULL;
	if (tell_record_begin(&t->bound, 0, 0) < 0) {
		free(t);
		return NULL;
	}
	service_ref(s);
	t->service = s;
	return t;
}

static int new_handle(struct tell **ret, const char *service)
{
	tell_process_check();
	struct tell_service *s = calloc(1, sizeof(*s));
	struct tell *t = s ? handle_make(s) : NULL;
	if (!t) {
		free(s);
		return -ENOMEM;
	}
	tell_service_name(s, service);
	(void)pthread_mutex_lock(&tell_process.lock);
	s->next = tell_process.services;
	tell_process.services = s;
	(void)tell_service_start(
		s, NULL, false); /* a wrong stack says so in its channel */
	(void)pthread_mutex_unlock(&tell_process.lock);
	*ret = t;
	return 0;
}

int tell_new(struct tell **ret, const char *service)
{
	if (!service || !tell_service_name_ok(service))
		return -EINVAL;
	if (!tell_thread_enter_whole())
		return -EBUSY;
	int r = new_handle(ret, service);
	tell_thread_leave();
	return r;
}
struct tell *tell__with(struct tell *parent, const struct tell_field *fields, size_t n)
{
	int saved = errno;
	if (!tell_thread_enter())
		return NULL;
	struct tell *t = handle_make(parent ? parent->service : &tell_process.main);
	if (t) {
		if (parent)
			tell_record_splice(&t->bound, &parent->bound, parent->twice);
		tell_record_add(&t->bound, fields, n, TELL_SLOT_SCOPE, NULL);
	}
	tell_thread_leave();
	errno = saved;
	return t;
}

struct tell *tell_free(struct tell *t)
{
	if (!t)
		return NULL;
	int saved = errno;
	if (!tell_thread_enter_whole())
		return NULL; /* in a signal handler: kept, as malloc() may be under way */
	tell_process_check();
	service_unref(t->service);
	tell_record_done(&t->bound);
	free(t);
	tell_thread_leave();
	errno = saved;
	return NULL;
}
