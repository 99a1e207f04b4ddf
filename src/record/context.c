#include <telltale/context.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include "record/context.h"
#include "record/thread.h"

static struct tell_context_counts counts;

static void count(uint64_t *n)
{
	__atomic_fetch_add(n, 1, __ATOMIC_RELAXED);
}

struct tell_context_counts tell_context_counts(void)
{
	return (struct tell_context_counts){
		.skipped = __atomic_load_n(&counts.skipped, __ATOMIC_RELAXED),
		.cut = __atomic_load_n(&counts.cut, __ATOMIC_RELAXED),
		.strays = __atomic_load_n(&counts.strays, __ATOMIC_RELAXED),
	};
}

/* ---- the scopes of a thread ---- */

/* Nothing that is between two of these moves out of there. */
static void change(struct tell_thread *t, sig_atomic_t changing)
{
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	t->changing = changing;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

static void pop_to(struct tell_thread *t, uint32_t depth)
{
	const struct tell_frame *f = &t->frames[depth];
	sig_atomic_t was = t->changing; /* a scope may be opened just now */
	change(t, 1);
	t->context.head->size = f->size;
	t->context.head->n_slots = f->n_slots;
	t->context.names = f->names;
	t->twice = f->twice;
	t->n_frames = depth;
	change(t, was);
}

/* Where this thread's stack lies; asked once, and only when a scope looks skipped, as
 * glibc reads /proc/self/maps for the first thread. */
static bool in_stack(struct tell_thread *t, const void *address)
{
	if (!t->stack_high) {
		pthread_attr_t attr;
		void *low = NULL;
		size_t size = 0;
		if (pthread_getattr_np(pthread_self(), &attr) != 0)
			return false;
		(void)pthread_attr_getstack(&attr, &low, &size); /* then size stays 0 */
		(void)pthread_attr_destroy(&attr);
		t->stack_low = low;
		t->stack_high = (const char *)low + size;
	}
	return (const char *)address >= t->stack_low &&
		(const char *)address < t->stack_high;
}

void tell_context_settle(struct tell_thread *t, const void *frame)
{
	/* Stacks grow down: a scope below a live frame belonged to one that is gone. On
	 * another stack (coroutine, signal stack) addresses say nothing. */
	while (t->n_frames) {
		const void *scope = t->frames[t->n_frames - 1].address;
		if ((uintptr_t)scope > (uintptr_t)frame)
			return;
		if (!in_stack(t, frame) || !in_stack(t, scope))
			return;
		pop_to(t, t->n_frames - 1);
		count(&counts.skipped);
	}
}

static bool frame_room(struct tell_thread *t)
{
	if (t->n_frames < t->cap_frames)
		return true;
	uint32_t cap = t->cap_frames ? t->cap_frames * 2 : 16;
	if (cap > TELL_SCOPES_MAX)
		return false;
	struct tell_frame *frames = realloc(t->frames, cap * sizeof(*frames));
	if (!frames)
		return false;
	t->frames = frames;
	t->cap_frames = cap;
	return true;
}

/* Open a scope on the calling thread; its fields go behind. NULL: none could be made,
 * and s pops nothing. */
static struct tell_thread *scope_open(struct tell_scope *s, const void *frame)
{
	*s = (struct tell_scope){ 0 };
	/* Until scope_close(): a signal handler would find the fields half made. */
	if (!tell_thread_enter())
		return NULL;
	struct tell_thread *t = tell_thread_self();
	if (!t) {
		tell_thread_leave();
		return NULL;
	}
	change(t, 1);
	tell_context_settle(t, frame);
	if ((!t->context.head && tell_record_begin(&t->context, 0, 0) < 0) ||
		!frame_room(t)) {
		count(&counts.cut);
		change(t, 0);
		tell_thread_leave();
		return NULL;
	}
	struct tell_head *h = t->context.head;
	t->frames[t->n_frames] = (struct tell_frame){
		.address = s,
		.names = t->context.names,
		.size = h->size,
		.n_slots = h->n_slots,
		.twice = t->twice,
	};
	s->thread = t;
	s->depth = t->n_frames++;
	t->quick.context_mark = 0;
	t->context.floor = h->size; /* an outer value must come back: leave it alone */
	t->context.names = 0;
	h->flags = 0;
	return t;
}

static void scope_close(struct tell_thread *t)
{
	uint64_t outer = t->frames[t->n_frames - 1].names;
	t->twice |= (outer & t->context.names) != 0;
	t->context.names |= outer;
	if (t->context.head->flags & TELL_RECORD_CUT)
		count(&counts.cut);
	change(t, 0);
	tell_thread_leave();
}

void tell__scope_push(struct tell_scope *s, const struct tell_field *fields, size_t n)
{
	int saved = errno;
	struct tell_thread *t = scope_open(s, __builtin_frame_address(0));
	if (t) {
		tell_record_add(&t->context, fields, n, TELL_SLOT_SCOPE, NULL);
		scope_close(t);
	}
	errno = saved;
}

void tell__scope_enter(struct tell_scope *s, const struct tell_context *c)
{
	int saved = errno;
	struct tell_thread *t = scope_open(s, __builtin_frame_address(0));
	if (t) {
		if (c) {
			tell_record_splice(&t->context, &c->record, false);
			t->twice |= c->twice;
		}
		scope_close(t);
	}
	errno = saved;
}

void tell__scope_pop(struct tell_scope *s)
{
	struct tell_thread *t = s->thread;
	if (!t)
		return;
	if (t != tell_thread_self() || s->depth >= t->n_frames ||
		t->frames[s->depth].address != s) {
		count(&counts.strays); /* left in another thread, or popped as skipped */
		return;
	}
	pop_to(t, s->depth);
}

/* ---- contexts kept outside a thread ---- */

static struct tell_context *context_make(void)
{
	struct tell_context *c = calloc(1, sizeof(*c));
	if (!c)
		return NULL;
	c->refs = 1;
	c->record.limit = TELL_SCOPE_LIMIT;
	if (tell_record_begin(&c->record, 0, 0) < 0) {
		free(c);
		return NULL;
	}
	return c;
}

struct tell_context *tell__context_new(const struct tell_field *fields, size_t n)
{
	int saved = errno;
	if (!tell_thread_enter())
		return NULL;
	struct tell_context *c = context_make();
	if (c) {
		tell_record_add(&c->record, fields, n, TELL_SLOT_SCOPE, NULL);
		if (c->record.head->flags & TELL_RECORD_CUT)
			count(&counts.cut);
	}
	tell_thread_leave();
	errno = saved;
	return c;
}

struct tell_context *tell_context_capture(void)
{
	int saved = errno;
	if (!tell_thread_enter())
		return NULL;
	struct tell_thread *t = tell_thread_self();
	struct tell_context *c = t ? context_make() : NULL;
	if (c) {
		tell_context_settle(t, __builtin_frame_address(0));
		tell_record_splice(&c->record, &t->context, t->twice);
	}
	tell_thread_leave();
	errno = saved;
	return c;
}

struct tell_context *tell_context_ref(struct tell_context *c)
{
	if (c)
		__atomic_fetch_add(&c->refs, 1, __ATOMIC_RELAXED);
	return c;
}

struct tell_context *tell_context_free(struct tell_context *c)
{
	if (c && __atomic_sub_fetch(&c->refs, 1, __ATOMIC_ACQ_REL) == 0) {
		tell_record_done(&c->record);
		free(c);
	}
	return NULL;
}
