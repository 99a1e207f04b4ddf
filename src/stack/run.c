#include "base/clock.h"
#include "base/crash.h"
#include "record/deferred.h"
#include "stack/chain.h"
#include "stack/hurry.h"
#include "stack/sinks.h"

#define HOLD_NS	       (5 * TELL_NS_PER_SEC)
#define LATE_BUDGET_MS 250 /* as TELL_BUDGET_MS, of a record that no caller waits for */

static void count(uint64_t *n)
{
	__atomic_fetch_add(n, 1, __ATOMIC_RELAXED);
}

static inline enum tell_verdict link_ask(
	const struct tell_link *link, struct tell_run *run)
{
	if (!link->run)
		return link->answer;
	if (run->record->head->level > link->max_level)
		return TELL_IGNORE;
	struct tell_notes *notes = run->notes;
	if (notes)
		notes->speaker = &link->speaker;
	enum tell_verdict v = link->run(link->state, run);
	return (unsigned)v < TELL_N_VERDICTS ? v : TELL_FAILED;
}

enum tell_verdict tell_link_ask(const struct tell_link *link, struct tell_run *run)
{
	return link_ask(link, run);
}

static bool is_good(enum tell_verdict v)
{
	return v == TELL_SUCCESS || v == TELL_SPOOLED;
}

/* A record's walk through one chain. */
struct walk {
	struct tell_link *links;
	struct tell_run *run;
};

static enum tell_verdict ask(void *arg, size_t i)
{
	struct walk *w = arg;
	struct tell_link *link = &w->links[i];
	enum tell_verdict v = link_ask(link, w->run);
	count(&link->verdicts[v]);
	return v;
}

static enum tell_verdict walk_chain(const struct tell_chain *chain, struct walk *w)
{
	return tell_verdict_walk(chain->rules, chain->n, ask, w);
}

/* As ask(), of a redact line behind the queue: those that ran before it have agreed. */
static enum tell_verdict ask_late(void *arg, size_t i)
{
	struct walk *w = arg;
	return w->links[i].early ? TELL_SUCCESS : ask(arg, i);
}

static enum tell_verdict run_chain(const struct tell_chain *chain, struct tell_run *run)
{
	if (chain->n == 0)
		return TELL_SUCCESS;
	struct walk w = { chain->links, run };
	return walk_chain(chain, &w);
}

/* Where every sink's min= passed the record by, it was not wanted: TELL_IGNORE.
 * Fails open: with a broken line in the chain, a record that no other line took goes to
 * the default sinks. */
static enum tell_verdict run_sinks(struct tell_stack *s, struct tell_run *run)
{
	struct tell_chain *sinks = &s->chains[TELL_CHAIN_SINK];
	struct tell_sinks_walk w = { false, false };
	enum tell_verdict v = tell_sinks_walk(sinks, run, &w);
	if (!w.spoke && !is_good(v))
		return TELL_IGNORE;
	if (s->rescue.n && !w.delivered)
		return run_chain(&s->rescue, run);
	if (s->rescue.n && !is_good(v))
		return TELL_SUCCESS; /* taken; that a line is broken was said at the load */
	return v;
}

void tell_mask_all(struct tell_record *r)
{
	uint32_t pos = 0;
	struct tell_value v;
	while (tell_record_next(r, &pos, &v)) {
		if (v.flags & TELL_SLOT_SAFE || v.type == TELL_TYPE_SECRET)
			continue;
		if (tell_record_replace(r, &v, TELL_TYPE_STR, TELL_MASKED,
			    sizeof(TELL_MASKED) - 1) < 0)
			tell_record_drop(r, &v);
	}
}

static void mask(struct tell_stack *s, struct tell_record *r)
{
	tell_mask_all(r);
	count(&s->total.masked);
}

/* Fails closed: what could not be redacted is not shown at all. late: some lines have run
 * before the queue. */
static void run_redact(struct tell_stack *s, struct tell_run *run, bool late)
{
	struct tell_chain *redact = &s->chains[TELL_CHAIN_REDACT];
	struct walk w = { redact->links, run };
	enum tell_verdict v = redact->n == 0 ? TELL_SUCCESS
		: late ? tell_verdict_walk(redact->rules, redact->n, ask_late, &w)
		       : walk_chain(redact, &w);
	if (!is_good(v) || redact->broken)
		mask(s, run->record);
}

/* Names that say secret never enter the queue with their values. */
static void run_redact_early(struct tell_stack *s, struct tell_run *run)
{
	struct tell_chain *redact = &s->chains[TELL_CHAIN_REDACT];
	struct walk w = { redact->links, run };
	bool good = true;
	for (size_t i = 0; i < redact->n; i++)
		if (redact->links[i].early)
			good &= is_good(ask(&w, i));
	if (!good)
		mask(s, run->record);
}

void tell_stack_redact(struct tell_stack *s, struct tell_run *run)
{
	run_redact(s, run, false);
}

/* Numbers go to records that passed the filter: a gap is one that never arrived. Those that
 * were read somewhere keep what they have. */
static void number(struct tell_run *run)
{
	if (!run->next_seq)
		return;
	run->record->head->lane = 0;
	run->record->head->seq = __atomic_add_fetch(run->next_seq, 1, __ATOMIC_RELAXED);
}

static enum tell_verdict hand_out(struct tell_stack *s, struct tell_run *run)
{
	enum tell_verdict v = run_sinks(s, run);
	count(is_good(v)		   ? &s->total.delivered
			: v == TELL_IGNORE ? &s->total.filtered
					   : &s->total.undelivered);
	return v;
}

/* From the redaction on. */
static enum tell_verdict run_rest(struct tell_stack *s, struct tell_run *run, bool late)
{
	run_redact(s, run, late);
	tell_record_trim(run->record);
	return hand_out(s, run);
}

static void enrich(struct tell_stack *s, struct tell_run *run)
{
	run->hides = tell_chain_hides;
	run->redact = &s->chains[TELL_CHAIN_REDACT];
	if (!is_good(run_chain(&s->chains[TELL_CHAIN_ENRICH], run)))
		count(&s->total.enrich_failed);
}

static enum tell_verdict run_all(struct tell_stack *s, struct tell_run *run, bool own)
{
	run->budget_ms = TELL_BUDGET_MS;
	enrich(s, run);
	if (own) { /* about ourselves: past the filters and the queue */
		number(run);
		return run_rest(s, run, false);
	}
	if (!is_good(run_chain(&s->chains[TELL_CHAIN_FILTER], run))) {
		count(&s->total.filtered);
		return TELL_IGNORE;
	}
	bool queued = s->queue && !run->past_queue;
	if (queued) {
		run_redact_early(s, run);
		enum tell_verdict v = run_chain(&s->chains[TELL_CHAIN_QUEUE], run);
		if (is_good(v))
			return TELL_SPOOLED;
		if (v == TELL_LIMITED)
			return v; /* dropped for want of room; the queue counts them */
	}
	number(run);
	return run_rest(s, run, queued);
}

enum tell_verdict tell_stack_run(struct tell_stack *s, struct tell_run *run)
{
	run->deadline_ns = 0;
	return run_all(s, run, false);
}

enum tell_verdict tell_stack_offer(struct tell_stack *s, struct tell_run *run)
{
	run->deadline_ns = 0;
	run->budget_ms = TELL_BUDGET_MS;
	return hand_out(s, run);
}

enum tell_verdict tell_stack_run_unfiltered(struct tell_stack *s, struct tell_run *run)
{
	return run_all(s, run, true);
}

/* ---- behind the queue ---- */

bool tell_stack_has_queue(const struct tell_stack *s)
{
	return s->queue != NULL;
}

void *tell_stack_reserve(const struct tell_stack *s, size_t *ret_room)
{
	return s->queue ? s->queue->module->queue->reserve(s->queue->state, ret_room)
			: NULL;
}

/* ---- from a signal's handler ---- */

#define HIDING 512 /* bytes that are left for what hides secrets */

/* Build it in the queue's memory; with names that have no number yet when that is the only
 * way. False: not even so. */
static bool nested_build(struct tell_stack *s, struct tell_record *r,
	const struct tell_nested *n, tell_fill_fn *fill, void *arg)
{
	const struct tell_queue *q = s->queue->module->queue;
	for (uint8_t fixed = TELL_RECORD_NUMBERED; fixed <= TELL_RECORD_NAMED; fixed++) {
		*r = (struct tell_record){ .fixed = fixed };
		tell_record_begin_at(r, n->at, n->room - HIDING, 0, TELL_KIND_LOG);
		fill(r, arg);
		if (q->nested_words(s->queue->state, r->head)) {
			r->room = n->room;
			return true;
		}
	}
	return false;
}

static enum tell_verdict nested_pass(struct tell_stack *s, struct tell_run *run)
{
	if (!tell_stack_early_is_constant(s)) {
		run->record->head->flags |= TELL_RECORD_UNFILTERED;
	} else if (!is_good(run_chain(&s->chains[TELL_CHAIN_FILTER], run))) {
		count(&s->total.filtered);
		return TELL_IGNORE;
	}
	run_redact_early(s, run);
	return TELL_SPOOLED;
}

enum tell_verdict tell_stack_nested(
	struct tell_stack *s, struct tell_run *run, tell_fill_fn *fill, void *arg)
{
	const struct tell_queue *q = s->queue ? s->queue->module->queue : NULL;
	struct tell_nested n;
	struct tell_record r;
	if (!q || !q->nested_begin)
		return TELL_UNAVAILABLE;
	n.filling = false;
	enum tell_verdict v = q->nested_begin(s->queue->state, &n);
	if (n.filling && run->wake)
		run->wake(run->wake_arg); /* send(2) at most */
	if (v != TELL_SUCCESS)
		return v;
	run->record = &r;
	v = nested_build(s, &r, &n, fill, arg) ? nested_pass(s, run) : TELL_UNAVAILABLE;
	q->nested_end(&n, run->run_id, v == TELL_SPOOLED);
	return v;
}

/* What a record that comes from there has not seen yet. False: filtered. */
static bool take_early(struct tell_stack *s, struct tell_run *run)
{
	struct tell_head *h = run->record->head;
	bool own = !(h->flags & TELL_RECORD_RECOVERED); /* else its process is not this */
	h->flags &= (uint16_t)~TELL_RECORD_UNFILTERED;
	if (own)
		enrich(s, run);
	if (!is_good(run_chain(&s->chains[TELL_CHAIN_FILTER], run))) {
		count(&s->total.filtered);
		return false;
	}
	if (own) /* its lane's numbers would show a gap for each that is filtered here */
		number(run);
	return true;
}

struct drained {
	struct tell_stack *stack;
	struct tell_run *run;
};

/* The block is read as another's word: any process of our user can write into the ring. */
enum tell_verdict tell_stack_take(struct tell_stack *s, struct tell_run *run,
	const void *block, size_t len, uint64_t realtime_ns)
{
	struct tell_record checked;
	if (((const struct tell_head *)block)->flags & TELL_RECORD_RECOVERED)
		count(&s->total.recovered);
	if (tell_record_copy(run->record, block, len) < 0 ||
		tell_record_view(&checked, run->record->head, len) < 0) {
		count(&s->total.undelivered);
		return TELL_FAILED;
	}
	run->record->head->realtime_ns = realtime_ns;
	run->record->head->flags &= (uint16_t)~TELL_RECORD_TICKS;
	if (run->record->head->flags & TELL_RECORD_DEFERRED &&
		tell_deferred_settle(run->record, run->work) < 0) {
		count(&s->total.undelivered);
		return TELL_FAILED;
	}
	run->deadline_ns = 0;
	run->budget_ms = LATE_BUDGET_MS;
	bool whole = run->record->head->flags & TELL_RECORD_UNFILTERED;
	if (whole && !take_early(s, run))
		return TELL_IGNORE;
	return run_rest(s, run, !whole);
}

static void take(void *arg, const void *block, size_t len, uint64_t realtime_ns)
{
	struct drained *d = arg;
	(void)tell_stack_take(d->stack, d->run, block, len, realtime_ns); /* counted */
	if (__builtin_expect(d->run->deadline_ns != 0, 0)) /* a sink waited */
		tell_hurry_look(d->stack, d->run);
}

/* What sinks gathered is where it belongs: the queue may forget it. True when it may; else it
 * is tried again, for HOLD_NS, after which it is left to the sinks' own memory. */
static bool settle(struct tell_stack *s, struct tell_run *run)
{
	uint64_t now_ns = tell_clock_monotonic_ns();
	run->settle = true; /* the spool has it: the queue need not */
	int r = tell_stack_flush(s, run);
	run->settle = false;
	if (r < 0) {
		if (!s->owed_since_ns)
			s->owed_since_ns = now_ns;
		if (now_ns - s->owed_since_ns < HOLD_NS)
			return false;
	}
	TELL_CRASH_POINT("flushed-before-tail");
	s->owed_since_ns = 0;
	s->queue->module->queue->delivered(s->queue->state);
	return true;
}

size_t tell_stack_drain(struct tell_stack *s, struct tell_run *run, size_t max)
{
	struct drained d = { s, run };
	uint64_t flush_by_ns = run->deadline_ns;
	if (s->owed_since_ns && !settle(s, run)) {
		tell_hurry_look(s, run);
		return 0;
	}
	run->batch = true;
	size_t n = s->queue->module->queue->drain(s->queue->state, max, take, &d);
	if (n)
		TELL_CRASH_POINT("taken-before-flush");
	run->batch = false;
	run->deadline_ns = flush_by_ns;
	if (n || s->hurried)
		(void)settle(s, run); /* else: before the next ones */
	tell_hurry_look(s, run);
	return n;
}

void tell_stack_end_queue(struct tell_stack *s)
{
	if (s->queue)
		s->queue->module->queue->end(s->queue->state);
}
