#include "stack/outbox.h"
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <telltale/log.h>
#include "base/clock.h"
#include "base/lock.h"
#include "base/state_dir.h"
#include "record/record.h"
#include "spool/opened.h"
#include "stack/chain.h"
#include "stack/outbox_shared.h"
#include "stack/sinks.h"

#define CALL_MAX    32 /* records that one call hands on beside its own */
#define PUMP_MAX    512
#define PATIENCE_NS (10 * TELL_NS_PER_MS)
#define AGAIN_NS    (100 * TELL_NS_PER_MS)
#define LOOK_NS	    (5 * TELL_NS_PER_MS) /* asking the kernel about the peer */
#define REOPEN_NS   TELL_NS_PER_SEC
#define NO_WAIT	    1 /* a deadline that is over */

static bool is_good(enum tell_verdict v)
{
	return v == TELL_SUCCESS || v == TELL_SPOOLED;
}

static void count(struct tell_link *link, enum tell_verdict v)
{
	(void)__atomic_fetch_add(&link->verdicts[v], 1, __ATOMIC_RELAXED);
}

/* One that was spooled has become this. */
static void becomes(struct tell_outbox *o, struct tell_link *link, enum tell_verdict v)
{
	if (__atomic_load_n(&link->verdicts[TELL_SPOOLED], __ATOMIC_RELAXED) == 0) {
		o->by_others++; /* another stack's line took it */
		return;
	}
	(void)__atomic_fetch_sub(&link->verdicts[TELL_SPOOLED], 1, __ATOMIC_RELAXED);
	count(link, v);
}

/* What another line of this spool handed on for this one. */
static void catch_up(struct tell_outbox *o, struct tell_link *link)
{
	uint64_t n = __atomic_load_n(&link->verdicts[TELL_SPOOLED], __ATOMIC_RELAXED);
	n = n < o->by_others ? n : o->by_others;
	(void)__atomic_fetch_sub(&link->verdicts[TELL_SPOOLED], n, __ATOMIC_RELAXED);
	(void)__atomic_fetch_add(&link->verdicts[TELL_SUCCESS], n, __ATOMIC_RELAXED);
	o->by_others -= n;
}

uint64_t tell_outbox_inherit(struct tell_link *link, struct tell_link *from)
{
	struct tell_outbox *o = link->outbox;
	(void)pthread_mutex_lock(&o->lock); /* held for some ms at most */
	catch_up(o, from);
	uint64_t n = __atomic_exchange_n(
		&from->verdicts[TELL_SPOOLED], 0, __ATOMIC_RELAXED);
	(void)__atomic_fetch_add(&link->verdicts[TELL_SPOOLED], n, __ATOMIC_RELAXED);
	(void)pthread_mutex_unlock(&o->lock);
	return n;
}

/* ---- opening ---- */

static int open_spool(struct tell_outbox *o, struct tell_run *run)
{
	char dir[1024];
	uint64_t now_ns = tell_clock_monotonic_ns();
	if (o->spool)
		return 0;
	if (now_ns < o->retry_ns)
		return -EAGAIN;
	int r = tell_state_dir(o->dir, dir, sizeof(dir));
	if (r == 0)
		r = tell_spool_open(&o->spool, dir, o->name, o->service, &o->options);
	if (r < 0) {
		char text[80];
		o->retry_ns = now_ns + REOPEN_NS;
		tell_note(run, TELL_WARNING, "spool-open",
			"no spool for this sink, records go without: %s: %s", dir,
			strerror_r(-r, text, sizeof(text)));
		return r;
	}
	o->counted = o->spool->next;
	if (o->spool->found)
		tell_note(run, TELL_NOTICE, "spool-found",
			"%" PRIu64 " records of an earlier run are in the spool %s",
			o->spool->found, o->spool->path);
	return 0;
}

/* ---- handing on ---- */

/* The record that a call brought, while it is in its memory. */
struct current {
	struct tell_record *record; /* NULL: none */
	uint64_t number;
};

static void sent(struct tell_outbox *o, struct tell_link *link, const struct current *c,
	enum tell_verdict v)
{
	uint64_t number = o->spool->sent;
	struct tell_progress p = { .look = false };
	tell_spool_sent(o->spool);
	if (link->module->progress && link->module->progress(link->state, &p))
		tell_outbox_mark(o, p.given);
	if (c->record && number == c->number)
		return; /* its call counts it */
	if (number >= o->counted) {
		becomes(o, link, is_good(v) ? TELL_SUCCESS : v);
		o->counted = number + 1;
	}
}

static enum tell_verdict offer(struct tell_link *link, struct tell_run *run,
	struct tell_record *record, bool probe, uint64_t deadline_ns)
{
	struct tell_run own = *run;
	own.record = record;
	own.deadline_ns = deadline_ns;
	own.batch = false;
	enum tell_verdict v = tell_link_ask(link, &own);
	/* Nobody waited: a connection on its way, or a full one, is no failure. */
	bool unasked = v == TELL_TIMEOUT && deadline_ns == NO_WAIT;
	if (!unasked || probe)
		(void)tell_sinks_told(link, &own, unasked ? TELL_INVALID : v, probe);
	return v;
}

/* There is no spool for it: as without one, and nothing gathered, as nobody would count what
 * a connection lost of that. One that is partly out counts as lost. */
static enum tell_verdict go_without(struct tell_link *link, const struct tell_run *run)
{
	struct tell_run own = *run;
	own.batch = false;
	enum tell_verdict v = tell_sinks_ask_now(link, &own, false);
	return v == TELL_SPOOLED ? TELL_TIMEOUT : v;
}

/* A record of another process's says so, as a recovered one does. */
static void stamp(const struct tell_run *run, struct tell_record *r)
{
	r->head->flags |= TELL_RECORD_LATE;
	if (r->head->run != run->run_id)
		r->head->flags |= TELL_RECORD_RECOVERED | TELL_RECORD_OTHER_PID;
}

/* One record: 1 handed on (or no sink of its kind takes it); 0: the sink refuses, or nothing is
 * there. */
static int hand_on(struct tell_outbox *o, struct tell_link *link, struct tell_run *run,
	const struct current *c, uint64_t deadline_ns, bool force)
{
	struct tell_record read, *r = c->record;
	bool open = !tell_breaker_is_closed(&link->breaker);
	if (o->spool->sent == o->spool->next)
		return 0;
	if (open && !force &&
		!tell_breaker_probes(&link->breaker, tell_clock_monotonic_ns()))
		return 0;
	if (!r || o->spool->sent != c->number) {
		if (tell_spool_next(o->spool, &read) <= 0)
			return 0;
		stamp(run, &read);
		r = &read;
	}
	enum tell_verdict v = offer(link, run, r, open, deadline_ns);
	o->last = v;
	if (!is_good(v) && v != TELL_INVALID && v != TELL_IGNORE)
		return 0;
	sent(o, link, c, v);
	return 1;
}

/* Until the sink refuses; how many. */
static size_t hand_on_all(struct tell_outbox *o, struct tell_link *link,
	struct tell_run *run, const struct current *c, size_t max, uint64_t deadline_ns,
	bool force)
{
	size_t n = 0;
	/* A connection of before has none of ours; what it has is not sure. */
	if (o->owner != link)
		(void)tell_outbox_look(o, link, true);
	for (int breaks = 0; n < max && o->spool->sent < o->spool->next;) {
		if (hand_on(o, link, run, c, deadline_ns, force)) {
			n++;
			continue;
		}
		/* What lay in a connection that broke goes first, perhaps on a new one. */
		if (tell_outbox_look(o, link, true) || breaks++)
			break;
	}
	if (!link->module->progress ||
		tell_clock_monotonic_ns() - o->looked_ns >= LOOK_NS)
		(void)tell_outbox_look(o, link, true);
	return n;
}

/* ---- a call ---- */

static enum tell_verdict refused(struct tell_outbox *o, struct tell_run *run, int error)
{
	char text[80];
	if (error == -EMSGSIZE)
		return TELL_INVALID;
	bool is_full = error == -ENOSPC || error == -EDQUOT || error == -EFBIG;
	tell_note(run, TELL_WARNING, is_full ? "spool-full" : "spool-failed",
		"the spool %s does not take records: %s", o->spool->path,
		is_full ? "it is full" : strerror_r(-error, text, sizeof(text)));
	return is_full ? TELL_FULL : TELL_FAILED;
}

static enum tell_verdict spool(
	struct tell_outbox *o, struct tell_link *link, struct tell_run *run)
{
	struct tell_link *sender = tell_outbox_sender(o, link);
	struct current c = { run->record, o->spool->next };
	int r = tell_spool_append(o->spool, run->record);
	if (r < 0) {
		c.record = NULL;
		(void)hand_on_all(o, sender, run, &c, CALL_MAX, NO_WAIT, false);
		/* Nothing is before it: the sink may have it all the same. */
		if (o->spool->sent == o->spool->next)
			return go_without(link, run);
		return refused(o, run, r);
	}
	(void)hand_on_all(o, sender, run, &c, CALL_MAX, NO_WAIT, false);
	if (o->spool->sent <= c.number)
		return TELL_SPOOLED;
	o->counted = c.number + 1;
	return is_good(o->last) ? TELL_SUCCESS : o->last;
}

enum tell_verdict tell_outbox_run(struct tell_link *link, struct tell_run *run)
{
	struct tell_outbox *o = link->outbox;
	enum tell_verdict v = TELL_TIMEOUT;
	if (run->record->head->level > link->max_level) {
		count(link, TELL_IGNORE);
		return TELL_IGNORE;
	}
	if (tell_lock_by(&o->lock, tell_run_deadline(run)) == 0) {
		catch_up(o, link);
		v = open_spool(o, run) < 0 ? go_without(link, run) : spool(o, link, run);
		count(link, v);
		(void)pthread_mutex_unlock(&o->lock);
		return v;
	}
	count(link, v);
	return v;
}

/* ---- beside calls ---- */

uint64_t tell_outbox_pump(struct tell_link *link, struct tell_run *run)
{
	struct tell_outbox *o = link->outbox;
	struct current none = { NULL, 0 };
	uint64_t now_ns = tell_clock_monotonic_ns(), due_ns = UINT64_MAX;
	if (tell_lock_by(&o->lock, now_ns) < 0)
		return now_ns + AGAIN_NS; /* a call is at it */
	catch_up(o, link);
	link = tell_outbox_sender(o, link);
	bool is_open = open_spool(o, run) == 0;
	if (is_open && tell_spool_waiting(o->spool)) {
		(void)tell_outbox_look(o, link, true);
		size_t n = hand_on_all(
			o, link, run, &none, PUMP_MAX, now_ns + PATIENCE_NS, false);
		due_ns = n == PUMP_MAX ? now_ns : now_ns + AGAIN_NS;
		if (!tell_spool_waiting(o->spool)) {
			(void)tell_spool_flush(o->spool);
			due_ns = UINT64_MAX;
		}
	}
	if (is_open && o->spool->sent == o->spool->next) {
		uint64_t adopt_ns = tell_outbox_adopt(o, run, now_ns);
		due_ns = adopt_ns < due_ns ? adopt_ns : due_ns;
	}
	(void)pthread_mutex_unlock(&o->lock);
	return due_ns;
}

/* One step of a flush, a few ms long: 0 all is there; -EAGAIN: it is on its way; else the sink
 * refuses. */
static int flush_step(
	struct tell_outbox *o, struct tell_link *link, struct tell_run *run, bool force)
{
	struct current none = { NULL, 0 };
	struct tell_run own = *run;
	own.deadline_ns = tell_clock_monotonic_ns() + PATIENCE_NS;
	if (own.deadline_ns > run->deadline_ns)
		own.deadline_ns = run->deadline_ns;
	if (open_spool(o, run) < 0)
		return link->module->flush ? link->module->flush(link->state, &own) : 0;
	if (tell_spool_waiting(o->spool) == 0)
		return 0;
	link = tell_outbox_sender(o, link);
	size_t n = hand_on_all(o, link, run, &none, PUMP_MAX, own.deadline_ns, force);
	if (o->spool->sent == o->spool->next && link->module->flush)
		(void)link->module->flush(link->state, &own); /* look() says the rest */
	bool kept = tell_outbox_look(o, link, !run->last);
	if (tell_outbox_acknowledged(o))
		return 0;
	bool full = o->last == TELL_TIMEOUT; /* or it connects */
	return n || !kept || full || o->spool->sent == o->spool->next ? -EAGAIN
								      : -ENOTCONN;
}

int tell_outbox_flush(struct tell_link *link, struct tell_run *run)
{
	struct tell_outbox *o = link->outbox;
	int r;
	for (unsigned failed = 0;;) {
		/* Between the steps others have their turn. */
		r = tell_lock_by(&o->lock, tell_run_deadline(run));
		if (r < 0)
			return r;
		r = flush_step(o, link, run, failed == 0);
		bool over = r == 0 || tell_clock_monotonic_ns() >= run->deadline_ns ||
			(r != -EAGAIN && ++failed == 3);
		if (over && o->spool && tell_spool_flush(o->spool) < 0 && r == 0)
			r = -EIO;
		(void)pthread_mutex_unlock(&o->lock);
		if (over)
			return r;
		tell_clock_sleep_ms(1);
	}
}

int tell_outbox_settle(struct tell_link *link)
{
	struct tell_outbox *o = link->outbox;
	(void)pthread_mutex_lock(&o->lock); /* held for some ms at most */
	int r = o->spool ? tell_spool_flush(o->spool) : 0;
	(void)pthread_mutex_unlock(&o->lock);
	return r;
}

void tell_outbox_drop(struct tell_link *link, struct tell_run *run)
{
	struct tell_outbox *o = link->outbox;
	(void)pthread_mutex_lock(&o->lock); /* as above */
	if (link->module->drop)
		(void)link->module->drop(link->state, run);
	if (o->spool && o->owner == link)
		(void)tell_outbox_look(o, link, false);
	(void)pthread_mutex_unlock(&o->lock);
}
