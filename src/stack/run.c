#include "record/record.h"
#include "stack/chain.h"

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
	bool delivered; /* some line said success or spooled */
	bool spoke;	/* some line had an opinion */
};

static enum tell_verdict ask(void *arg, size_t i)
{
	struct walk *w = arg;
	struct tell_link *link = &w->links[i];
	enum tell_verdict v = link_ask(link, w->run);
	count(&link->verdicts[v]);
	w->delivered |= is_good(v);
	w->spoke |= v != TELL_IGNORE;
	return v;
}

static enum tell_verdict walk_chain(const struct tell_chain *chain, struct walk *w)
{
	return tell_verdict_walk(chain->rules, chain->n, ask, w);
}

static enum tell_verdict run_chain(const struct tell_chain *chain, struct tell_run *run)
{
	if (chain->n == 0)
		return TELL_SUCCESS;
	struct walk w = { chain->links, run, false, false };
	return walk_chain(chain, &w);
}

/* Where every sink's min= passed the record by, it was not wanted: TELL_IGNORE.
 * Fails open: with a broken line in the chain, a record that no other line took goes to
 * the default sinks. */
static enum tell_verdict run_sinks(struct tell_stack *s, struct tell_run *run)
{
	struct tell_chain *sinks = &s->chains[TELL_CHAIN_SINK];
	struct walk w = { sinks->links, run, false, false };
	enum tell_verdict v = walk_chain(sinks, &w);
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

/* Fails closed: what could not be redacted is not shown at all. */
static void run_redact(struct tell_stack *s, struct tell_run *run)
{
	struct tell_chain *redact = &s->chains[TELL_CHAIN_REDACT];
	if (is_good(run_chain(redact, run)) && !redact->broken)
		return;
	tell_mask_all(run->record);
	count(&s->total.masked);
}

/* Numbers go to records that passed the filter: a gap is one that never arrived. */
static void number(struct tell_run *run)
{
	if (run->next_seq)
		run->record->head->seq = __atomic_add_fetch(
			run->next_seq, 1, __ATOMIC_RELAXED);
}

static enum tell_verdict run_all(struct tell_stack *s, struct tell_run *run, bool filter)
{
	run->budget_ms = TELL_BUDGET_MS;
	if (!is_good(run_chain(&s->chains[TELL_CHAIN_ENRICH], run)))
		count(&s->total.enrich_failed);
	if (filter && !is_good(run_chain(&s->chains[TELL_CHAIN_FILTER], run))) {
		count(&s->total.filtered);
		return TELL_IGNORE;
	}
	number(run);
	run_redact(s, run);
	tell_record_trim(run->record);
	enum tell_verdict v = run_sinks(s, run);
	count(is_good(v)		   ? &s->total.delivered
			: v == TELL_IGNORE ? &s->total.filtered
					   : &s->total.undelivered);
	return v;
}

enum tell_verdict tell_stack_run(struct tell_stack *s, struct tell_run *run)
{
	run->deadline_ns = 0;
	return run_all(s, run, true);
}

enum tell_verdict tell_stack_run_unfiltered(struct tell_stack *s, struct tell_run *run)
{
	return run_all(s, run, false);
}
