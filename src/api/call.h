#pragma once
#include <errno.h>
#include <stdbool.h>
#include <telltale/log.h>
#include "api/handle.h"
#include "api/level.h"
#include "api/process.h"
#include "api/service.h"

/* What every call that makes a record shares: gate, thread, stack, errno.
 *
 *	struct tell_call c;
 *	if (!tell_call_begin(&c, handle, site, &level))
 *		return;
 *	... build c.thread->record and send it ...
 *	tell_call_end(&c);
 *
 * Shape:   on the caller's stack.
 * Threads: the calling one's; a signal handler's call in between is refused and counted. */
struct tell_call {
	struct tell_thread *thread;
	struct tell_service *service;
	struct tell_stack *stack;
	int saved_errno;
	bool cut;	  /* no memory for all of the message */
	const char *form; /* of a printf call; or NULL */
};

/* The site of records without a place: tell_vlogf(NULL, ...). */
extern struct tell_site tell_no_site;

/* May the site speak at this level? Resolves it when that is due. */
static inline bool tell_site_on(struct tell_site *site, int level)
{
	uint8_t state = __atomic_load_n(&site->state, __ATOMIC_RELAXED);
	if (__builtin_expect(state == TELL__UNRESOLVED, 0))
		state = tell_level_resolve(site);
	if (state == TELL__OFF)
		return false;
	return site->level != TELL__LEVEL_VARIES ||
		level <= __atomic_load_n(&site->threshold, __ATOMIC_RELAXED);
}

/* The thread and the stack to walk, announced. False: memory is out, counted. */
static inline bool tell_call_enter(struct tell_call *c, struct tell *handle)
{
	c->thread = tell_thread_self();
	if (c->thread) {
		c->service = handle ? handle->service : &tell_process.main;
		c->stack = tell_service_enter(c->service, c->thread);
	}
	if (__builtin_expect(c->thread && c->stack, 1))
		return true;
	__atomic_fetch_add(&tell_process.lost.memory, 1, __ATOMIC_RELAXED);
	return false;
}

/* The same for who is inside already, tell_thread_enter(), and looks after errno. */
static inline bool tell_call_open(
	struct tell_call *c, struct tell *handle, struct tell_site *site, int *level)
{
	c->cut = false;
	c->form = NULL;
	if (__builtin_expect(*level < TELL_EMERG, 0))
		*level = TELL_EMERG;
	if (__builtin_expect(*level > TELL_DEBUG, 0))
		*level = TELL_DEBUG;
	if (!tell_call_enter(c, handle)) /* a start may set levels */
		return false;
	if (!tell_site_on(site, *level)) {
		tell_service_leave(c->thread);
		return false;
	}
	if (tell_thread_has_scopes(c->thread))
		tell_context_settle(c->thread, __builtin_frame_address(0));
	return true;
}

static inline void tell_call_close(struct tell_call *c)
{
	tell_service_leave(c->thread);
}

/* Level is brought into range. False: nothing to do, and errno is as it was. */
static inline bool tell_call_begin(
	struct tell_call *c, struct tell *handle, struct tell_site *site, int *level)
{
	c->saved_errno = errno;
	if (!tell_thread_enter_whole()) { /* a signal came in the middle of another call */
		__atomic_fetch_add(&tell_process.lost.nested, 1, __ATOMIC_RELAXED);
		return false;
	}
	tell_process_check();
	if (tell_call_open(c, handle, site, level))
		return true;
	tell_thread_leave();
	errno = c->saved_errno;
	return false;
}

static inline void tell_call_end(struct tell_call *c)
{
	tell_call_close(c);
	tell_thread_leave();
	errno = c->saved_errno;
}
