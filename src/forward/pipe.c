#include "forward/pipe.h"
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "base/clock.h"

#define TELL_EACH_NS TELL_NS_PER_SEC
#define FLUSH_NS     (30 * TELL_NS_PER_SEC)
#define LEFT_NS	     (2 * TELL_NS_PER_SEC)

static bool stopped(const struct tell_pipe *p)
{
	return p->wish.stop && *p->wish.stop;
}

bool tell_pipe_ends(void *arg)
{
	const struct tell_pipe *p = arg;
	const struct timespec now = { 0 };
	if (p->wish.mask)
		(void)ppoll(NULL, 0, &now, p->wish.mask); /* or a signal came */
	return stopped(p);
}

static void say(struct tell_pipe *p, const char *text)
{
	p->wish.say(p->wish.arg, text);
}

static void look_at_rest(struct tell_pipe *p)
{
	uint64_t read_us = p->in.entry->realtime_us;
	p->left_ns = p->told_ns;
	p->news.left = p->in.kind->left(
		&p->in, read_us ? read_us : p->position.realtime_us);
	if (p->news.left > p->news.left_most)
		p->news.left_most = p->news.left;
}

/* Also where signals that came meanwhile are let in: who has work for hours never waits. */
static void tell(struct tell_pipe *p)
{
	(void)tell_pipe_ends(p); /* the loop asks stopped() */
	p->counts.damaged = p->in.damaged;
	p->counts.missing = p->in.missing;
	p->counts.gaps = p->in.gaps;
	p->counts.ship = p->ship.counts;
	p->told_ns = tell_clock_monotonic_ns();
	if (!p->news.oldest_us)
		p->news.left = 0;
	else if (p->told_ns - p->left_ns >= LEFT_NS)
		look_at_rest(p);
	p->news.counts = &p->counts;
	p->news.away_us = p->ship.away_us;
	if (p->wish.tell)
		p->wish.tell(p->wish.arg, &p->news);
}

/* It waits for an answer. */
static void live(void *arg)
{
	struct tell_pipe *p = arg;
	if (tell_clock_monotonic_ns() - p->told_ns >= TELL_EACH_NS)
		tell(p);
}

/* Wait, in pieces, so that whoever watches sees that it lives. True: stop. */
static bool pause_ms(void *arg, uint64_t ms)
{
	struct tell_pipe *p = arg;
	uint64_t end_ns = tell_clock_monotonic_ns() + ms * 1000000, now_ns;
	while (!stopped(p) && (now_ns = tell_clock_monotonic_ns()) < end_ns) {
		uint64_t ns = end_ns - now_ns < TELL_EACH_NS ? end_ns - now_ns
							     : TELL_EACH_NS;
		struct timespec left = { (time_t)(ns / TELL_NS_PER_SEC),
			(long)(ns % TELL_NS_PER_SEC) };
		(void)ppoll(NULL, 0, &left, p->wish.mask); /* or a signal came */
		tell(p);
	}
	return stopped(p);
}

static void say_of_ship(void *arg, const char *text)
{
	say(arg, text);
}

/* ---- a record ---- */

static bool too_old(const struct tell_pipe *p, const struct tell_head *h)
{
	return p->max_age_ns && h->realtime_ns + p->max_age_ns < tell_clock_realtime_ns();
}

/* Is it the receiver's fault, and worth another try? */
static bool is_for_now(enum tell_verdict v)
{
	return v == TELL_UNAVAILABLE || v == TELL_TIMEOUT || v == TELL_FULL ||
		v == TELL_FAILED || v == TELL_LIMITED;
}

/* The stack's lines, but for what a target does later; a sink of its own that takes nothing is
 * asked for ever. False: told to stop meanwhile. */
static bool run_stack(struct tell_pipe *p, enum tell_verdict *ret)
{
	struct tell_entry *e = p->in.entry;
	p->run.record = &e->record;
	p->run.who = &e->who;
	p->run.batch = true;
	*ret = tell_stack_run(p->stack, &p->run);
	if (!is_for_now(*ret))
		return true;
	say(p, "it takes no records; again in 1 s");
	p->ship.away_us = tell_clock_realtime_ns() / 1000;
	while (is_for_now(*ret)) {
		p->ship.counts.again++;
		if (p->ship.wait(p->ship.arg, 1000))
			return false;
		*ret = tell_stack_offer(p->stack, &p->run);
	}
	p->ship.away_us = 0;
	say(p, "it takes records again");
	return true;
}

/* True: it is wanted. */
static bool is_wanted(struct tell_pipe *p, enum tell_verdict v)
{
	if (v == TELL_SUCCESS || v == TELL_SPOOLED)
		return true;
	if (v == TELL_IGNORE)
		p->counts.filtered++;
	else
		p->counts.unfit++;
	return false;
}

static bool ship(struct tell_pipe *p);

static int put(struct tell_pipe *p, const struct tell_parcel *parcel)
{
	int r = p->target->put(p->ship.state, &p->batch, parcel);
	if (r != -ENOSPC)
		return r;
	if (!ship(p))
		return -ECANCELED;
	return p->target->put(p->ship.state, &p->batch, parcel);
}

/* Was something left out for want of memory? A record's own limits are above an entry's. */
static bool is_starved(const struct tell_entry *e)
{
	return e->journal && !e->cut && e->n_raw < TELL_SLOTS_MAX / 2 &&
		e->record.head->flags & TELL_RECORD_CUT;
}

/* The process ends here: what is behind the position is read again by the next one. */
static bool starve(struct tell_pipe *p)
{
	say(p, "out of memory; it begins again where it was");
	p->starved = true;
	return false;
}

/* Take the current entry. False: told to stop before it was, or memory was out. */
static bool take(struct tell_pipe *p)
{
	struct tell_entry *e = p->in.entry;
	struct tell_parcel parcel = { &e->record, &e->who,
		tell_bookmark_time(&p->position, e->record.head->realtime_ns / 1000), e };
	p->counts.read++;
	p->moved = true;
	if (p->fresh || !p->news.oldest_us)
		p->news.oldest_us = e->realtime_us;
	p->fresh = false;
	if (too_old(p, e->record.head)) {
		p->counts.old++;
		return true;
	}
	if (tell_pipe_is_own(p)) {
		p->counts.filtered++;
		p->counts.own++;
		return true;
	}
	if (!tell_veil(&p->veil, p->stack, &p->run, e))
		return starve(p);
	enum tell_verdict v;
	p->held = !run_stack(p, &v);
	if (is_starved(e))
		return starve(p);
	if (p->held || !is_wanted(p, v))
		return !p->held;
	if (p->batch.n == 0 && p->in_flight == 0)
		p->batch_since_ns = tell_clock_monotonic_ns();
	if (!p->target) {
		p->in_flight++;
		return true;
	}
	int r = put(p, &parcel);
	if (r == -ENOMEM)
		return starve(p);
	if (r < 0 && r != -ECANCELED)
		p->counts.unfit++;
	p->counts.astray += r > 0;
	p->held = r == -ECANCELED;
	return !p->held;
}

/* ---- a batch ---- */

/* settle: there is time to sync it. */
static bool remember(struct tell_pipe *p, bool settle)
{
	if (p->wish.dry || p->held || !(p->moved || (settle && p->unsynced)))
		return true;
	uint64_t now_ns = tell_clock_monotonic_ns();
	bool sync = settle || p->synced_ns == 0 || now_ns - p->synced_ns >= TELL_EACH_NS;
	struct tell_bookmark next = p->position;
	int r = p->moved ? p->in.kind->tell(&p->in, &next) : 0;
	if (r == 0)
		r = tell_bookmark_store(&p->file, &next, sync);
	if (r < 0) {
		char text[200];
		if (p->unstored) /* said: it would be read as an entry, and so for ever */
			return false;
		p->unstored = true;
		(void)snprintf(text, sizeof(text),
			"cannot store the position: %s; it goes on, and would send again "
			"what comes now",
			strerror(-r));
		say(p, text);
		return false;
	}
	if (p->unstored)
		say(p, "the position is stored again");
	p->unstored = false;
	p->unsynced = !sync;
	p->synced_ns = sync ? now_ns : p->synced_ns;
	p->position = next;
	p->moved = false;
	return true;
}

/* What the stack's own sink took must be out of its hands as well. */
static bool flush_stack(struct tell_pipe *p)
{
	while (p->in_flight) {
		p->run.deadline_ns = tell_clock_monotonic_ns() + FLUSH_NS;
		int r = tell_stack_flush(p->stack, &p->run);
		if (r == 0) {
			p->ship.counts.sent += p->in_flight;
			p->in_flight = 0;
		} else if (p->ship.wait(p->ship.arg, 1000)) {
			return false;
		}
	}
	return true;
}

/* Until all of it is dealt with. False: told to stop. */
static bool ship(struct tell_pipe *p)
{
	if (!flush_stack(p))
		return false;
	if (p->batch.n && !tell_ship(&p->ship, &p->batch, &p->batch_done))
		return false;
	tell_batch_clear(&p->batch);
	p->batch_done = 0;
	return true;
}

/* Entries that are taken and not dealt with: the position must not pass them. */
static bool has_gathered(const struct tell_pipe *p)
{
	return p->batch.n || p->in_flight;
}

static bool is_due(const struct tell_pipe *p)
{
	if (!has_gathered(p))
		return false;
	return p->batch.n >= p->entries || p->in_flight >= p->entries ||
		p->batch.bytes.len >= p->size ||
		tell_clock_monotonic_ns() - p->batch_since_ns >= p->linger_ns;
}

/* Ship what is due, and remember how far it is. False: stop. */
static bool hand_on(struct tell_pipe *p)
{
	if (!ship(p))
		return false;
	(void)remember(p, false); /* said */
	p->fresh = true;
	tell(p);
	return true;
}

/* How long there is nothing to do but wait for entries: seldom enough for an idle machine, often
 * enough for a watchdog. */
#define IDLE_MS 60000
static int idle_ms(const struct tell_pipe *p)
{
	if (!has_gathered(p))
		return p->moved || p->unsynced ? 1000 : IDLE_MS;
	uint64_t gone = tell_clock_monotonic_ns() - p->batch_since_ns;
	return gone >= p->linger_ns ? 0 : (int)((p->linger_ns - gone) / 1000000) + 1;
}

/* There is no more for now. False: this was the end. */
static bool rest(struct tell_pipe *p)
{
	if (p->wish.catch_up) {
		(void)hand_on(p);
		return false;
	}
	if (!has_gathered(p) && (p->news.oldest_us || !p->told_ns)) {
		p->news.oldest_us = 0;
		tell(p);
	}
	int r = p->in.kind->wait(&p->in, idle_ms(p), p->wish.mask);
	if (r < 0) {
		char text[120];
		(void)snprintf(
			text, sizeof(text), "cannot wait for entries: %s", strerror(-r));
		say(p, text);
		return !p->ship.wait(p->ship.arg, 1000);
	}
	return true;
}

/* What is gathered does not wait for a source that may never be readable again. False: stop. */
static bool cannot_read(struct tell_pipe *p, int error)
{
	char text[160];
	(void)snprintf(text, sizeof(text), "source %s cannot be read on: %s",
		p->in.kind->module->name, strerror(-error));
	say(p, text);
	p->failed = true;
	if (!hand_on(p) || p->wish.catch_up)
		return false;
	return !p->ship.wait(p->ship.arg, 5000);
}

/* The next entry, or what is to be done without one. False: stop. */
static bool step(struct tell_pipe *p)
{
	int r = p->in.kind->next(&p->in);
	if (r == -ENOMEM)
		return starve(p);
	if (r < 0)
		return cannot_read(p, r);
	if (r > 0 && !take(p))
		return false;
	if (is_due(p))
		return hand_on(p);
	if (r == 0)
		return rest(p);
	return true;
}

/* Once a second; past what filters left out as well. */
static void look_on(struct tell_pipe *p)
{
	if (!has_gathered(p)) {
		(void)remember(p, true);
		p->fresh = true;
	}
	tell(p);
}

int tell_pipe_run(struct tell_pipe *p)
{
	p->ship.wait = pause_ms;
	p->ship.say = say_of_ship;
	p->ship.arg = p;
	if (p->target && p->target->watch && !p->wish.dry)
		p->target->watch(p->ship.state, live, p);
	look_at_rest(p);
	while (!stopped(p) && step(p))
		if (tell_clock_monotonic_ns() - p->told_ns >= TELL_EACH_NS)
			look_on(p);
	/* Told to stop: what is gathered has one chance, its request's time-out. */
	if (stopped(p) && !p->starved)
		(void)hand_on(p);
	if (!p->starved && !has_gathered(p)) /* else it is not dealt with */
		(void)remember(p, true);
	tell(p);
	if (p->starved)
		return -ENOMEM;
	return p->wish.catch_up && p->failed ? -EIO : 0;
}
