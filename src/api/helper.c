#include "api/helper.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include "base/buf.h"
#include "base/clock.h"
#include "stack/stack.h"

#define NAME	    "telltale-check"
#define STACK_BYTES ((size_t)512 << 10)	   /* callbacks of the host, getaddrinfo(3) */
#define GO_NS	    (100 * TELL_NS_PER_MS) /* for a line that is being asked */
#define OUT_LIMIT   ((size_t)16 << 20)

/* One thread and its own. */
struct helping {
	struct tell_helper *helper;
	uint64_t turn;
	struct tell_record record;
	struct tell_buf out, work;
	struct tell_stamp stamp;
	struct tell_notes notes;
};

static void lock(struct tell_helper *h)
{
	(void)pthread_mutex_lock(&h->lock); /* a default mutex: no errors */
}

static void unlock(struct tell_helper *h)
{
	(void)pthread_mutex_unlock(&h->lock);
}

static void free_all(struct tell_helper *h)
{
	struct tell_stack *held = tell_round_set(&h->round, NULL);
	if (held)
		tell_stack_release(held);
	(void)pthread_cond_destroy(&h->change);
	(void)pthread_mutex_destroy(&h->lock);
	free(h);
}

/* The lock is held, and is given back. */
static void unref(struct tell_helper *h)
{
	bool last = --h->refs == 0;
	unlock(h);
	if (last)
		free_all(h);
}

/* ---- the thread ---- */

static void wait_until(struct tell_helper *h, uint64_t until_ns)
{
	const struct timespec by = { (time_t)(until_ns / TELL_NS_PER_SEC),
		(long)(until_ns % TELL_NS_PER_SEC) };
	if (until_ns == UINT64_MAX)
		(void)pthread_cond_wait(&h->change, &h->lock);
	else
		(void)pthread_cond_timedwait(
			&h->change, &h->lock, &by); /* or it is time */
}

/* Ask line i. No lock is held, so it may take as long as it likes. */
static struct tell_answer ask(struct helping *me, struct tell_stack *stack,
	const struct tell_timed *line, uint32_t run_id)
{
	int kind = line->health ? TELL_KIND_HEALTH : TELL_KIND_METRIC;
	struct tell_answer a = { .verdict = TELL_FAILED };
	a.begun_ns = tell_clock_monotonic_ns();
	me->record.limit = tell_stack_limit(stack);
	if (tell_record_begin(&me->record, TELL_INFO, kind) == 0) {
		struct tell_run run = { .record = &me->record,
			.who = tell_stack_identity(stack),
			.out = &me->out,
			.work = &me->work,
			.stamp = &me->stamp,
			.notes = &me->notes,
			.run_id = run_id,
			.budget_ms = (uint32_t)(line->timeout_ns / TELL_NS_PER_MS),
			.deadline_ns = a.begun_ns + line->timeout_ns };
		a.verdict = tell_stack_ask_timed(stack, line, &run);
		a.said = &me->record;
	}
	a.ended_ns = tell_clock_monotonic_ns();
	a.at_ns = tell_clock_realtime_ns();
	return a;
}

/* What the lines had to say waits with the others'; beyond the limit it is left out. */
static void keep_notes(struct tell_helper *h, struct tell_notes *mine)
{
	for (size_t i = 0; i < mine->n && h->notes.n < TELL_NOTES_MAX; i++)
		h->notes.list[h->notes.n++] = mine->list[i];
	mine->n = 0;
}

/* One line, asked with the lock away. Meanwhile the lines may have become others. */
static void turn_to(struct helping *me, size_t i)
{
	struct tell_helper *h = me->helper;
	struct tell_stack *stack = h->round.stack;
	struct tell_timed line = h->round.lines[i].line;
	uint32_t run_id = h->run_id;
	tell_stack_hold(stack);
	tell_round_begin(&h->round, i, tell_clock_monotonic_ns());
	unlock(h);
	struct tell_answer a = ask(me, stack, &line, run_id);
	lock(h);
	bool still = h->turn == me->turn && h->round.stack == stack;
	if (still) {
		tell_round_end(&h->round, i, &a);
		keep_notes(h, &me->notes);
		h->wake(h->wake_arg); /* under the lock: whoever stops us takes it first */
	}
	unlock(h);
	tell_stack_release(stack); /* may close modules */
	tell_record_rest(&me->record);
	lock(h);
}

static void *run(void *arg)
{
	struct helping *me = arg;
	struct tell_helper *h = me->helper;
	(void)prctl(PR_SET_NAME, NAME); /* for people only */
	lock(h);
	while (h->turn == me->turn) {
		uint64_t due_ns;
		size_t i = tell_round_next(&h->round, tell_clock_monotonic_ns(), &due_ns);
		if (i == TELL_ROUND_NONE)
			wait_until(h, due_ns);
		else
			turn_to(me, i);
	}
	h->ended = me->turn;
	(void)pthread_cond_broadcast(&h->change);
	unref(h);
	tell_record_done(&me->record);
	tell_buf_done(&me->out);
	tell_buf_done(&me->work);
	free(me);
	return NULL;
}

/* ---- its life ---- */

static int create(struct tell_helper *h, struct helping *me)
{
	sigset_t all, before;
	pthread_attr_t attr;
	(void)sigfillset(&all); /* cannot fail, nor can the two masks below */
	int r = pthread_attr_init(&attr);
	if (r)
		return r;
	(void)pthread_attr_setstacksize(&attr, STACK_BYTES); /* else the default */
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	r = pthread_create(&h->id, &attr, run, me);
	if (r == EINVAL) /* glibc takes the host's thread variables from it: too many */
		r = pthread_create(&h->id, NULL, run, me);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	(void)pthread_attr_destroy(&attr);
	return r;
}

/* The lock is held: it begins when that is given back. */
static int start(struct tell_helper *h)
{
	struct helping *me = calloc(1, sizeof(*me));
	if (!me)
		return ENOMEM;
	me->helper = h;
	me->turn = ++h->turn;
	tell_buf_init(&me->out, OUT_LIMIT);
	tell_buf_init(&me->work, OUT_LIMIT);
	h->refs++;
	int r = create(h, me);
	h->runs = r == 0;
	if (r) {
		h->refs--;
		free(me);
	}
	return r;
}

int tell_helper_new(struct tell_helper **ret, void (*wake)(void *arg), void *wake_arg)
{
	struct tell_helper *h = calloc(1, sizeof(*h));
	pthread_condattr_t attr;
	if (!h)
		return -ENOMEM;
	h->refs = 1;
	h->wake = wake;
	h->wake_arg = wake_arg;
	(void)pthread_mutex_init(&h->lock, NULL); /* cannot fail in glibc, nor the rest */
	(void)pthread_condattr_init(&attr);
	(void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&h->change, &attr);
	(void)pthread_condattr_destroy(&attr);
	*ret = h;
	return 0;
}

int tell_helper_set(struct tell_helper *h, struct tell_stack *stack, uint32_t run_id)
{
	lock(h);
	struct tell_stack *before = tell_round_set(&h->round, stack);
	h->run_id = run_id;
	bool wanted = h->round.n > 0;
	int r = wanted && !h->runs ? start(h) : 0;
	(void)pthread_cond_broadcast(&h->change);
	unlock(h);
	if (!wanted)
		tell_helper_stop(h, tell_clock_monotonic_ns() + GO_NS);
	if (before)
		tell_stack_release(before); /* may close modules */
	return -r;
}

void tell_helper_stop(struct tell_helper *h, uint64_t deadline_ns)
{
	const struct timespec by = { (time_t)(deadline_ns / TELL_NS_PER_SEC),
		(long)(deadline_ns % TELL_NS_PER_SEC) };
	lock(h);
	bool ran = h->runs;
	uint64_t turn = h->turn;
	h->runs = false;
	if (ran)
		h->turn++;
	(void)pthread_cond_broadcast(&h->change);
	while (ran && h->ended != turn &&
		pthread_cond_timedwait(&h->change, &h->lock, &by) != ETIMEDOUT)
		;
	bool hangs = h->ended != turn;
	h->round.is_busy = false;
	pthread_t id = h->id;
	unlock(h);
	if (ran && hangs)
		(void)pthread_detach(id);
	else if (ran)
		(void)pthread_join(id, NULL); /* it only frees its own */
}

struct tell_helper *tell_helper_free(struct tell_helper *h)
{
	if (!h)
		return NULL;
	lock(h);
	unref(h);
	return NULL;
}
