#include "stack/stack.h"

#include <string.h>

#include "base/clock.h"
#include "stack/chain.h"
#include "stack/hurry.h"

/* All chains of a stack, the rescue last. */
static struct tell_chain *chain_at(struct tell_stack *s, size_t i)
{
	return i < TELL_N_CHAINS ? &s->chains[i] : i == TELL_N_CHAINS ? &s->rescue : NULL;
}

static const struct tell_chain *chain_seen(const struct tell_stack *s, size_t i)
{
	return i < TELL_N_CHAINS ? &s->chains[i] : i == TELL_N_CHAINS ? &s->rescue : NULL;
}

static int flush_outbox(
	struct tell_stack *s, struct tell_chain *chain, size_t i, struct tell_run *run)
{
	struct tell_link *link = &chain->links[i];
	int r = run->settle ? tell_outbox_settle(link) : tell_outbox_flush(link, run);
	uint64_t lost = tell_outbox_lost(link->outbox);
	if (lost) {
		uint64_t *v = link->verdicts;
		uint64_t before = __atomic_load_n(&v[TELL_UNAVAILABLE], __ATOMIC_RELAXED);
		tell_stack_count_lost(s, chain, i, lost);
		uint64_t n = __atomic_load_n(&v[TELL_UNAVAILABLE], __ATOMIC_RELAXED) -
			before;
		(void)__atomic_sub_fetch(&v[TELL_UNAVAILABLE], n, __ATOMIC_RELAXED);
		(void)__atomic_add_fetch(&v[TELL_FULL], n, __ATOMIC_RELAXED);
	}
	return r;
}

/* What a sink had gathered when its flush began is delivered once that succeeded. */
static int flush_link(
	struct tell_stack *s, struct tell_chain *chain, size_t i, struct tell_run *run)
{
	struct tell_link *link = &chain->links[i];
	bool is_sink = chain->type == TELL_CHAIN_SINK;
	if (link->outbox)
		return flush_outbox(s, chain, i, run);
	uint64_t *held = &link->verdicts[TELL_SPOOLED];
	uint64_t n = is_sink ? __atomic_load_n(held, __ATOMIC_RELAXED) : 0;
	int r = is_sink ? tell_hurry_flush(link, run)
			: link->module->flush(link->state, run);
	uint64_t lost = is_sink && link->module->lost ? link->module->lost(link->state)
						      : 0;
	if (lost)
		tell_stack_count_lost(s, chain, i, lost);
	n = n > lost ? n - lost : 0;
	if (r >= 0 && n) {
		(void)__atomic_sub_fetch(held, n, __ATOMIC_RELAXED);
		(void)__atomic_add_fetch(
			&link->verdicts[TELL_SUCCESS], n, __ATOMIC_RELAXED);
	}
	return r;
}

int tell_stack_flush(struct tell_stack *s, struct tell_run *run)
{
	int result = 0;
	struct tell_chain *chain;
	for (size_t c = 0; (chain = chain_at(s, c)); c++) {
		for (size_t i = 0; i < chain->n; i++) {
			struct tell_link *link = &chain->links[i];
			if (!link->run || (!link->module->flush && !link->outbox))
				continue;
			struct tell_notes *notes = run->notes;
			if (notes)
				notes->speaker = &link->speaker;
			int r = flush_link(s, chain, i, run);
			if (run->settle && tell_hurry_on(link))
				continue; /* the queue does not keep what it has */
			result = result < 0 ? result : r;
		}
	}
	return result < 0 ? result : 0;
}

uint64_t tell_stack_pump(struct tell_stack *s, struct tell_run *run)
{
	struct tell_chain *sinks = &s->chains[TELL_CHAIN_SINK];
	struct tell_notes *notes = run->notes;
	uint64_t due_ns = UINT64_MAX;
	for (size_t i = 0; i < sinks->n; i++) {
		struct tell_link *link = &sinks->links[i];
		if (!link->outbox || !link->run)
			continue;
		if (notes)
			notes->speaker = &link->speaker;
		uint64_t next_ns = tell_outbox_pump(link, run);
		due_ns = next_ns < due_ns ? next_ns : due_ns;
	}
	return due_ns;
}

void tell_stack_sum_up(struct tell_stack *s, struct tell_run *run)
{
	struct tell_chain *filters = &s->chains[TELL_CHAIN_FILTER];
	struct tell_notes *notes = run->notes;
	for (size_t i = 0; notes && i < filters->n; i++) {
		struct tell_link *link = &filters->links[i];
		if (!link->run || !link->module->flush)
			continue;
		notes->speaker = &link->speaker;
		(void)link->module->flush(link->state, run); /* it only counts */
	}
}

void tell_stack_tend(struct tell_stack *s, uint64_t now_ns)
{
	struct tell_chain *chain;
	for (size_t c = 0; (chain = chain_at(s, c)); c++)
		for (size_t i = 0; i < chain->n; i++) {
			struct tell_link *link = &chain->links[i];
			if (link->run && link->module->tend)
				link->module->tend(link->state, now_ns);
		}
}

int tell_stack_reopen(struct tell_stack *s)
{
	int result = 0;
	struct tell_chain *chain;
	for (size_t c = 0; (chain = chain_at(s, c)); c++) {
		for (size_t i = 0; i < chain->n; i++) {
			struct tell_link *link = &chain->links[i];
			if (!link->run || !link->module->reopen)
				continue;
			int r = link->module->reopen(link->state);
			result = result < 0 ? result : r;
		}
	}
	return result < 0 ? result : 0;
}

/* The child's ledger begins at zero; when causes were last said stays. */
static void forget_numbers(struct tell_stack *s)
{
	memset(&s->total, 0, sizeof(s->total));
	s->causes.suppressed = 0;
	for (size_t i = 0; i < TELL_CAUSES_MAX; i++)
		s->causes.list[i].suppressed = 0;
	struct tell_chain *chain;
	for (size_t c = 0; (chain = chain_at(s, c)); c++)
		for (size_t i = 0; i < chain->n; i++) {
			memset(chain->links[i].verdicts, 0,
				sizeof(chain->links[i].verdicts));
			tell_breaker_child(&chain->links[i].breaker);
		}
}

void tell_stack_child(struct tell_stack *s, const struct tell_identity *who)
{
	s->who.pid = who->pid;
	s->refs = 1; /* who held it stayed behind */
	tell_stack_quick_renew(s);
	forget_numbers(s);
	struct tell_chain *chain;
	for (size_t c = 0; (chain = chain_at(s, c)); c++) {
		for (size_t i = 0; i < chain->n; i++) {
			struct tell_link *link = &chain->links[i];
			if (link->run && link->module->child)
				link->module->child(link->state);
			if (link->outbox)
				tell_outbox_child(link->outbox);
		}
	}
}

int tell_stack_threshold(const struct tell_stack *s)
{
	return s->threshold;
}

size_t tell_stack_limit(const struct tell_stack *s)
{
	return s->limit;
}

bool tell_stack_env_legacy(const struct tell_stack *s)
{
	return s->env_legacy;
}

static bool has_lines(const struct tell_stack *s)
{
	return tell_stack_has_queue(s) || s->chains[TELL_CHAIN_METRIC].n > 0 ||
		s->chains[TELL_CHAIN_HEALTH].n > 0 || s->chains[TELL_CHAIN_ALERT].n > 0;
}

bool tell_stack_has_work(const struct tell_stack *s)
{
	return has_lines(s) || s->sighup || (s->reload_given && !s->reload_no);
}

bool tell_stack_reloads(const struct tell_stack *s)
{
	return !s->reload_no;
}

bool tell_stack_wants_sighup(const struct tell_stack *s)
{
	return s->sighup;
}

bool tell_stack_wants_control(const struct tell_stack *s)
{
	return s->control_given ? s->control : has_lines(s);
}

const struct tell_identity *tell_stack_identity(const struct tell_stack *s)
{
	return &s->who;
}

const char *tell_stack_source(const struct tell_stack *s)
{
	return s->source;
}

static const struct tell_link *link_at(
	const struct tell_stack *s, size_t at, enum tell_chain_type *ret_type)
{
	const struct tell_chain *chain;
	for (size_t c = 0; (chain = chain_seen(s, c)); c++) {
		if (at < chain->n) {
			*ret_type = chain->type;
			return &chain->links[at];
		}
		at -= chain->n;
	}
	return NULL;
}

static void take_breaker(struct tell_line_stats *ret, const struct tell_breaker *b)
{
	ret->breaker = __atomic_load_n(&b->state, __ATOMIC_RELAXED);
	ret->opened = __atomic_load_n(&b->opened, __ATOMIC_RELAXED);
	ret->turned_away = __atomic_load_n(&b->turned_away, __ATOMIC_RELAXED);
	if (ret->breaker != TELL_BREAKER_CLOSED)
		ret->left_ns = tell_breaker_left_ns(b, tell_clock_monotonic_ns());
}

bool tell_stack_next_line(
	const struct tell_stack *s, size_t *pos, struct tell_line_stats *ret)
{
	enum tell_chain_type type;
	const struct tell_link *link;
	do
		link = link_at(s, (*pos)++, &type);
	while (link && link->line.rule.kind == TELL_RULE_FRAME);
	if (!link)
		return false;
	*ret = (struct tell_line_stats){ .type = tell_chain_word(type),
		.module = link->line.module,
		.file = link->line.at.file,
		.line = link->line.at.line,
		.loaded = link->run != NULL || link->shut };
	for (size_t v = 0; v < TELL_N_VERDICTS; v++) {
		ret->verdicts[v] = __atomic_load_n(&link->verdicts[v], __ATOMIC_RELAXED);
		ret->offered += ret->verdicts[v];
	}
	take_breaker(ret, &link->breaker);
	ret->spools = link->outbox != NULL;
	if (link->outbox)
		tell_outbox_stats(link->outbox, &ret->spool);
	return true;
}

const struct tell_args *tell_stack_line_args(const struct tell_stack *s, size_t pos)
{
	enum tell_chain_type type;
	const struct tell_link *link = link_at(s, pos - 1, &type);
	return link ? link->args : NULL;
}

const struct tell_module *tell_stack_line_module(const struct tell_stack *s, size_t pos)
{
	enum tell_chain_type type;
	const struct tell_link *link = link_at(s, pos - 1, &type);
	return link ? link->module : NULL;
}

void tell_stack_reset_line(struct tell_stack *s, size_t pos)
{
	struct tell_chain *chain;
	size_t at = pos - 1;
	for (size_t c = 0; pos && (chain = chain_at(s, c)); c++) {
		if (at < chain->n) {
			tell_breaker_reset(&chain->links[at].breaker);
			return;
		}
		at -= chain->n;
	}
}

bool tell_stack_line_counted(const struct tell_stack *s, size_t pos, size_t i,
	const char **ret_word, uint64_t *ret_n)
{
	enum tell_chain_type type;
	const struct tell_link *link = pos ? link_at(s, pos - 1, &type) : NULL;
	return link && link->run && link->module->counted &&
		link->module->counted(link->state, i, ret_word, ret_n);
}

static uint64_t get(const uint64_t *n)
{
	return __atomic_load_n(n, __ATOMIC_RELAXED);
}

void tell_stack_stats(const struct tell_stack *s, struct tell_stack_stats *ret)
{
	*ret = (struct tell_stack_stats){ .filtered = get(&s->total.filtered),
		.delivered = get(&s->total.delivered),
		.undelivered = get(&s->total.undelivered),
		.enrich_failed = get(&s->total.enrich_failed),
		.masked = get(&s->total.masked),
		.notes_suppressed = get(&s->causes.suppressed) };
	ret->recovered = get(&s->total.recovered);
	if (s->queue) {
		struct tell_queue_counts counts;
		s->queue->module->queue->counts(s->queue->state, &counts);
		ret->queued = counts.queued;
		ret->dropped = counts.dropped;
		ret->lanes = counts.lanes;
	}
	ret->records = ret->filtered + ret->delivered + ret->undelivered + ret->queued +
		ret->dropped - ret->recovered;
}
