#include "api/quick.h"
#include <errno.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "record/place.h"

/* Without the barrier nobody could tell that no call is on the short way: then none is. It
 * writes several members of a head as one word, the lowest first. */
static bool is_possible(void)
{
	if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__)
		return false;
	static int8_t barrier; /* 0: not asked yet */
	int8_t known = __atomic_load_n(&barrier, __ATOMIC_RELAXED);
	if (known == 0) {
		known = syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED,
				0, 0) == 0
			? 1
			: -1;
		__atomic_store_n(&barrier, known, __ATOMIC_RELAXED);
	}
	return known > 0;
}

static void wake(void *thread)
{
	tell_service_thread_wake(thread);
}

void tell_quick_learn(struct tell_site *site, struct tell_thread *t,
	const struct tell_service *s, const struct tell_stack *stack, void *lane)
{
	struct tell_quick_plan *plan = __atomic_load_n(
		(struct tell_quick_plan **)&site->keys, __ATOMIC_ACQUIRE);
	uint64_t mark = tell_stack_quick_mark(stack);
	struct tell_site then;
	uint32_t gate = tell_quick_gate(site);
	memcpy(&then, &gate, sizeof(gate));
	if (!plan || !plan->whole || then.state != TELL__ON || s != &tell_process.main ||
		!tell_process.quick_mark || !is_possible() ||
		(plan->form && !tell_place(site->id)->form))
		return;
	uint32_t pid = s->other_pid ? s->other_pid : tell_stack_identity(stack)->pid;
	struct tell_head h = {
		.run = s->run_id,
		.lane = (uint16_t)((struct tell_lane *)lane)->number,
		.flags = (uint16_t)((s->other_pid ? TELL_RECORD_OTHER_PID : 0) |
			(tell_ticks_usable() ? TELL_RECORD_TICKS : 0)),
		.pid = pid,
		.tid = t->tid,
	};
	t->quick.self.lane = lane;
	t->quick.self.wake = wake;
	t->quick.self.wake_arg = &tell_process.main.thread;
	memcpy(&t->quick.self.run_lane_flags, &h.run, 8);
	memcpy(&t->quick.self.pid_tid, &h.pid, 8);
	t->quick.ticks = h.flags & TELL_RECORD_TICKS;
	t->quick.mark = mark;
	t->quick.context_mark = mark; /* its fields were among those looked at */
	__atomic_store_n(&plan->place, site->id, __ATOMIC_RELAXED);
	__atomic_store_n(&plan->flags,
		then.forced ? (uint64_t)TELL_RECORD_FORCED << 48 : 0, __ATOMIC_RELAXED);
	__atomic_store_n(&plan->gate, gate, __ATOMIC_RELAXED);
	__atomic_store_n(&plan->mark, mark, __ATOMIC_RELEASE);
	__atomic_store_n(tell_process.quick_mark, mark, __ATOMIC_SEQ_CST);
	/* The stack went meanwhile, or the process ends: who did that clears the mark after it
	 * showed, so one of the two of us sees the other. */
	if (__atomic_load_n(&s->stack, __ATOMIC_SEQ_CST) != stack ||
		__atomic_load_n(&s->past_queue, __ATOMIC_SEQ_CST))
		__atomic_store_n(tell_process.quick_mark, 0, __ATOMIC_SEQ_CST);
}

/* What carries on from the thread's scopes, NULL: nothing. False: not the short way. */
static bool take_scopes(struct tell_thread *t, const struct tell_quick_plan *plan,
	const void *frame, const struct tell_head **ret)
{
	*ret = NULL;
	if (!t->n_frames)
		return true;
	if (t->changing) /* a handler, in the middle of it */
		return false;
	tell_context_settle(t, frame);
	if (t->quick.context_mark != t->quick.mark || t->twice ||
		t->context.names & plan->names)
		return false;
	if (t->n_frames && t->context.head && t->context.head->n_slots)
		*ret = t->context.head;
	return true;
}

bool tell_quick_put_scoped(struct tell_thread *t, const struct tell_quick_plan *plan,
	const char *message, size_t len, const struct tell_field *fields,
	const void *frame)
{
	const struct tell_head *scopes;
	return take_scopes(t, plan, frame, &scopes) &&
		tell_quick_put(&t->quick.self, plan, scopes, tell_quick_time(t), message,
			len, fields);
}

bool tell_quick_logf(
	struct tell_site *site, const char *form, va_list ap, const void *frame)
{
	struct tell_thread *t = tell_thread_me;
	const struct tell_quick_plan *plan = tell_quick_begin(site, t, 0);
	const struct tell_head *scopes;
	bool done = false;
	if (!plan)
		return false;
	if (form == plan->form && take_scopes(t, plan, frame, &scopes)) {
		va_list again;
		va_copy(again, ap);
		done = tell_quick_put_form(
			&t->quick.self, plan, scopes, tell_quick_time(t), errno, again);
		va_end(again);
	}
	tell_quick_end(t);
	return done;
}

void tell_quick_off(void)
{
	if (!tell_process.quick_mark)
		return;
	/* Also when it is 0 already: who cleared it may not have waited. */
	__atomic_store_n(tell_process.quick_mark, 0, __ATOMIC_SEQ_CST);
	tell_threads_let_quick_end();
}
