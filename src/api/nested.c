#include "api/nested.h"
#include <errno.h>
#include <unistd.h>
#include "api/call.h"
#include "api/level.h"
#include "api/process.h"
#include "api/service_thread.h"
#include "base/clock.h"
#include "base/still_format.h"
#include "record/place.h"
#include "stack/stack.h"

#define TEXT_MAX 512

struct call {
	const struct tell *handle;
	const struct tell_service *service;
	struct tell_site *site;
	const struct tell_thread *thread; /* NULL: it has no memory yet */
	const char *message;
	size_t len;
	const struct tell_field *fields;
	size_t n;
	uint32_t pid;
	int level;
	bool cut, forced;
};

static void fill_head(struct tell_record *r, const struct call *c)
{
	struct tell_head *h = r->head;
	h->level = (uint8_t)c->level;
	h->realtime_ns = tell_clock_realtime_ns();
	h->pid = c->pid;
	h->tid = c->thread ? c->thread->tid : (uint32_t)gettid();
	bool cut = c->cut || r->fixed == TELL_RECORD_NAMED;
	h->flags = (uint16_t)((c->service->other_pid ? TELL_RECORD_OTHER_PID : 0) |
		(cut ? TELL_RECORD_CUT : 0) | (c->forced ? TELL_RECORD_FORCED : 0));
}

/* Fields bound to the handle or of scopes have numbers: when the file cannot be given those
 * it does not have, these and the place stay away, and the record is marked. */
static void fill(struct tell_record *r, void *arg)
{
	const struct call *c = arg;
	const struct tell_thread *t = c->thread;
	bool numbered = r->fixed == TELL_RECORD_NUMBERED;
	fill_head(r, c);
	if (numbered && c->site != &tell_no_site)
		r->head->place = tell_place_try(c->site);
	tell_record_message(r, c->message, c->len);
	if (numbered && c->handle)
		tell_record_splice(r, &c->handle->bound, c->handle->twice);
	if (numbered && t && tell_thread_has_scopes(t))
		tell_record_splice(r, &t->context, t->twice);
	tell_record_add(r, c->fields, c->n, 0, NULL);
}

static void wake(void *service)
{
	struct tell_service *s = service;
	tell_service_thread_wake(&s->thread);
}

/* False: refused. */
static bool walk(struct call *c)
{
	struct tell_service *s = c->handle ? c->handle->service : &tell_process.main;
	const uint8_t *canary = __atomic_load_n(&tell_process.canary, __ATOMIC_ACQUIRE);
	if (!canary || __atomic_load_n(canary, __ATOMIC_ACQUIRE) != TELL_PROCESS_WELL)
		return false; /* a child before its first call, or no stack was ever */
	struct tell_stack *stack = __atomic_load_n(&s->stack, __ATOMIC_SEQ_CST);
	if (!stack || __atomic_load_n(&s->past_queue, __ATOMIC_SEQ_CST))
		return false;
	c->service = s;
	c->thread = tell_thread_me;
	c->pid = s->other_pid ? s->other_pid : tell_stack_identity(stack)->pid;
	struct tell_run run = {
		.who = tell_stack_identity(stack),
		.run_id = s->run_id,
		.next_seq = &s->next_seq,
		.wake = tell_service_thread_runs(&s->thread) ? wake : NULL,
		.wake_arg = s,
	};
	enum tell_verdict v = tell_stack_nested(stack, &run, fill, c);
	return v == TELL_SPOOLED || v == TELL_IGNORE || v == TELL_LIMITED;
}

static bool is_on(struct call *c)
{
	if (c->level < TELL_EMERG)
		c->level = TELL_EMERG;
	if (c->level > TELL_DEBUG)
		c->level = TELL_DEBUG;
	return tell_level_allows(c->site, c->level, &c->forced);
}

static void make(struct call *c)
{
	__atomic_fetch_add(&tell_process.n_nested, 1, __ATOMIC_SEQ_CST);
	if (is_on(c) && !walk(c))
		__atomic_fetch_add(&tell_process.lost.nested, 1, __ATOMIC_RELAXED);
	__atomic_fetch_sub(&tell_process.n_nested, 1, __ATOMIC_SEQ_CST);
}

void tell_nested_log(struct tell *handle, struct tell_site *site, int level,
	const char *message, size_t len, const struct tell_field *fields, size_t n)
{
	int saved = errno;
	struct call c = {
		.handle = handle,
		.site = site,
		.level = level,
		.message = message,
		.len = len,
		.fields = fields,
		.n = n,
	};
	make(&c);
	errno = saved;
}

void tell_nested_vlogf(struct tell *handle, struct tell_site *site, int level,
	const char *fmt, va_list ap)
{
	int saved = errno;
	char text[TEXT_MAX];
	bool whole;
	struct call c = {
		.handle = handle, .site = site, .level = level, .message = text
	};
	c.len = tell_still_format(text, sizeof(text), &whole, fmt, ap);
	c.cut = !whole;
	make(&c);
	errno = saved;
}

bool tell_nested_under_way(void)
{
	return __atomic_load_n(&tell_process.n_nested, __ATOMIC_SEQ_CST) != 0;
}
