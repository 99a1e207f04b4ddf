#include "stack/chain.h"

/* What sinks took and cannot hand on any more: from delivered to lost. */

static bool is_good(enum tell_verdict v)
{
	return v == TELL_SUCCESS || v == TELL_SPOOLED;
}

/* Move at most n from one counter to another; how many. */
static uint64_t move(uint64_t *from, uint64_t *to, uint64_t n)
{
	uint64_t had = __atomic_load_n(from, __ATOMIC_RELAXED);
	if (n > had)
		n = had;
	__atomic_fetch_sub(from, n, __ATOMIC_RELAXED);
	__atomic_fetch_add(to, n, __ATOMIC_RELAXED);
	return n;
}

/* A walk as it was when the line took the record, as far as that is known afterwards. */
struct past {
	const struct tell_chain *chain;
	size_t line;		  /* the one that took it */
	enum tell_verdict before; /* what those in front of it said */
	size_t wanted;
	bool asked; /* the wanted line was */
};

static enum tell_verdict answer_then(void *arg, size_t i)
{
	struct past *p = arg;
	p->asked |= i == p->wanted;
	return i < p->line ? p->before : TELL_SUCCESS;
}

static bool was_asked(struct past p, size_t i)
{
	p.wanted = i;
	p.asked = false;
	(void)tell_verdict_of(p.chain->rules, p.chain->n, answer_then, &p);
	return p.asked;
}

/* As if the line had said at once that it cannot: lines that were not asked then, say
 * behind a `sufficient` one, do not have the record either. */
static enum tell_verdict answer_without(void *arg, size_t i)
{
	const struct past *p = arg;
	if (i < p->line)
		return p->before;
	return i > p->line && was_asked(*p, i) ? TELL_SUCCESS : TELL_UNAVAILABLE;
}

/* Would the chain have failed without the line? */
static bool is_needed(const struct tell_chain *chain, size_t line)
{
	struct past p = { .chain = chain, .line = line, .before = TELL_SUCCESS };
	if (!was_asked(p, line))
		p.before = TELL_UNAVAILABLE; /* it stands in for them */
	return !is_good(tell_verdict_of(chain->rules, chain->n, answer_without, &p));
}

struct lost {
	uint64_t by_lines; /* all lines' together */
	uint64_t records;  /* certainly: lines may have lost the same ones */
};

static void count_lost(struct tell_chain *chain, size_t i, uint64_t n, struct lost *lost)
{
	uint64_t *v = chain->links[i].verdicts;
	uint64_t left = n - move(&v[TELL_SPOOLED], &v[TELL_UNAVAILABLE], n);
	(void)move(&v[TELL_SUCCESS], &v[TELL_UNAVAILABLE], left); /* to go again */
	lost->by_lines += n;
	if (n > lost->records && is_needed(chain, i))
		lost->records = n;
}

void tell_stack_count_lost(
	struct tell_stack *s, struct tell_chain *chain, size_t i, uint64_t n)
{
	struct lost lost = { 0 };
	count_lost(chain, i, n, &lost);
	(void)move(&s->total.delivered, &s->total.undelivered, lost.records);
}

static void give_up_line(
	struct tell_chain *chain, size_t i, struct tell_run *run, struct lost *lost)
{
	struct tell_link *link = &chain->links[i];
	if (!link->run || !link->module->drop)
		return;
	struct tell_notes *notes = run->notes;
	if (notes)
		notes->speaker = &link->speaker;
	if (link->outbox) {
		tell_outbox_drop(link, run); /* they are in the spool */
		return;
	}
	uint64_t n = link->module->drop(link->state, run);
	if (n)
		count_lost(chain, i, n, lost);
}

uint64_t tell_stack_give_up(struct tell_stack *s, struct tell_run *run)
{
	struct tell_chain *sinks[] = { &s->chains[TELL_CHAIN_SINK], &s->rescue };
	struct lost lost = { 0 };
	for (size_t c = 0; c < sizeof(sinks) / sizeof(sinks[0]); c++)
		for (size_t i = 0; i < sinks[c]->n; i++)
			give_up_line(sinks[c], i, run, &lost);
	(void)move(&s->total.delivered, &s->total.undelivered, lost.records);
	return lost.by_lines;
}

static void inherit_line(
	struct tell_stack *s, struct tell_stack *from, struct tell_link *left)
{
	struct tell_chain *sinks = &s->chains[TELL_CHAIN_SINK];
	for (size_t i = 0; i < sinks->n; i++)
		if (sinks->links[i].outbox == left->outbox) {
			uint64_t n = tell_outbox_inherit(&sinks->links[i], left);
			(void)move(&from->total.delivered, &s->total.delivered, n);
			return;
		}
}

void tell_stack_inherit(struct tell_stack *s, struct tell_stack *from)
{
	struct tell_chain *sinks = &from->chains[TELL_CHAIN_SINK];
	for (size_t i = 0; i < sinks->n; i++)
		if (sinks->links[i].outbox)
			inherit_line(s, from, &sinks->links[i]);
}
