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
#define AGAIN_NS    (60 * TELL_NS_PER_SEC) /* to try for one more */

/* One thread and its own. */
struct helping {
	struct tell_helper *helper;
	uint64_t turn;
	size_t place; /* in helper->threads */
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

/* The lock is held around it; asking is counted as long as the turn lasts. */
static void begin(struct helping *me, size_t i, uint64_t now_ns)
{
	struct tell_helper *h = me->helper;
	tell_round_begin(&h->round, i, now_ns);
	h->round.calling |= tell_round_calls(&h->round, i);
	h->n_asking++;
	h->asking_since_ns = now_ns;
}

/* called: it was a callback. Meanwhile the lines may have become others. */
static void end(struct helping *me, const struct tell_stack *stack, size_t i, bool called,
	const struct tell_answer *a)
{
	struct tell_helper *h = me->helper;
	if (h->turn != me->turn)
		return; /* left behind: nobody counts on it */
	h->n_asking--;
	if (called) {
		h->round.calling = false;
		(void)pthread_cond_broadcast(&h->change); /* for the next callback */
	}
	if (h->round.stack != stack)
		return;
	tell_round_end(&h->round, i, a);
	keep_notes(h, &me->notes);
	h->wake(h->wake_arg); /* under the lock: whoever stops us takes it first */
}

/* One line, asked with the lock away. */
static void turn_to(struct helping *me, size_t i)
{
	struct tell_helper *h = me->helper;
	struct tell_stack *stack = h->round.stack;
	struct tell_timed line = h->round.lines[i].line;
	bool calls = tell_round_calls(&h->round, i);
	uint32_t run_id = h->run_id;
	tell_stack_hold(stack);
	begin(me, i, tell_clock_monotonic_ns());
	unlock(h);
	struct tell_answer a = ask(me, stack, &line, run_id);
	lock(h);
	end(me, stack, i, calls, &a);
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
		if (i != TELL_ROUND_NONE)
			turn_to(me, i);
		else if (me->place > 0)
			break; /* the first does without */
		else
			wait_until(h, due_ns);
	}
	if (h->turn == me->turn || h->stopping == me->turn)
		h->threads[me->place].ended = true;
	(void)pthread_cond_broadcast(&h->change);
	unref(h);
	tell_record_done(&me->record);
	tell_buf_done(&me->out);
	tell_buf_done(&me->work);
	free(me);
	return NULL;
}

/* ---- its life ---- */

static int create(pthread_t *id, struct helping *me)
{
	sigset_t all, before;
	pthread_attr_t attr;
	(void)sigfillset(&all); /* cannot fail, nor can the two masks below */
	int r = pthread_attr_init(&attr);
	if (r)
		return r;
	(void)pthread_attr_setstacksize(&attr, STACK_BYTES); /* else the default */
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	r = pthread_create(id, &attr, run, me);
	if (r == EINVAL) /* glibc takes the host's thread variables from it: too many */
		r = pthread_create(id, NULL, run, me);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	(void)pthread_attr_destroy(&attr);
	return r;
}

/* The lock is held: it begins when that is given back. */
static int start(struct tell_helper *h, size_t place)
{
	struct helping *me = calloc(1, sizeof(*me));
	if (!me)
		return ENOMEM;
	if (h->threads[place].made)
		(void)pthread_join(
			h->threads[place].id, NULL); /* it only frees its own */
	me->helper = h;
	me->turn = h->turn;
	me->place = place;
	tell_buf_init(&me->out, OUT_LIMIT);
	tell_buf_init(&me->work, OUT_LIMIT);
	h->refs++;
	int r = create(&h->threads[place].id, me);
	h->threads[place].made = r == 0;
	h->threads[place].ended = false;
	if (r) {
		h->refs--;
		free(me);
	}
	return r;
}

/* The first of a new turn. */
static int start_first(struct tell_helper *h)
{
	h->turn++;
	int r = start(h, 0);
	h->runs = r == 0;
	return r;
}

/* A place for one more; TELL_HELPERS: there is none, or one is free to ask. */
static size_t place_for_more(const struct tell_helper *h)
{
	size_t n = 0, place = TELL_HELPERS;
	for (size_t i = 0; i < TELL_HELPERS; i++) {
		bool there = h->threads[i].made && !h->threads[i].ended;
		n += there;
		if (!there)
			place = i;
	}
	return h->n_asking < n ? TELL_HELPERS : place;
}

uint64_t tell_helper_relieve(struct tell_helper *h, uint64_t now_ns)
{
	uint64_t due_ns;
	(void)tell_round_next(&h->round, now_ns, &due_ns);
	if (!h->runs || due_ns == UINT64_MAX)
		return UINT64_MAX;
	if (due_ns < h->asking_since_ns)
		due_ns = h->asking_since_ns;
	uint64_t late_ns = due_ns + TELL_HELPER_LATE_NS;
	if (now_ns < late_ns)
		return late_ns;
	size_t place = place_for_more(h);
	if (place < TELL_HELPERS && start(h, place) != 0)
		return now_ns + AGAIN_NS;
	return now_ns + TELL_HELPER_LATE_NS;
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
	int r = wanted && !h->runs ? start_first(h) : 0;
	(void)pthread_cond_broadcast(&h->change);
	unlock(h);
	if (!wanted)
		tell_helper_stop(h, tell_clock_monotonic_ns() + GO_NS);
	if (before)
		tell_stack_release(before); /* may close modules */
	return -r;
}

/* All of the turn that is over have ended. */
static bool are_gone(const struct tell_helper *h)
{
	for (size_t i = 0; i < TELL_HELPERS; i++)
		if (h->threads[i].made && !h->threads[i].ended)
			return false;
	return true;
}

/* The lock is held. Each that has ended is joined, as it only frees its own; the rest is left. */
static void let_go(struct tell_helper *h)
{
	for (size_t i = 0; i < TELL_HELPERS; i++) {
		if (h->threads[i].made && h->threads[i].ended)
			(void)pthread_join(h->threads[i].id, NULL);
		else if (h->threads[i].made)
			(void)pthread_detach(h->threads[i].id);
		h->threads[i].made = false;
	}
}

void tell_helper_stop(struct tell_helper *h, uint64_t deadline_ns)
{
	const struct timespec by = { (time_t)(deadline_ns / TELL_NS_PER_SEC),
		(long)(deadline_ns % TELL_NS_PER_SEC) };
	lock(h);
	h->stopping = h->turn;
	if (h->runs)
		h->turn++;
	h->runs = false;
	(void)pthread_cond_broadcast(&h->change);
	while (!are_gone(h) &&
		pthread_cond_timedwait(&h->change, &h->lock, &by) != ETIMEDOUT)
		;
	let_go(h);
	h->stopping = 0; /* turns begin at 1 */
	h->n_asking = 0;
	tell_round_forget(&h->round);
	unlock(h);
}

struct tell_helper *tell_helper_free(struct tell_helper *h)
{
	if (!h)
		return NULL;
	lock(h);
	unref(h);
	return NULL;
}
