#include "record/record.h"
#include "stack/chain.h"
#include "stack/control.h"

/* A chain being told: each step is held back until it is known whether it is the last. */
struct tale {
	struct tell_stack *stack;
	struct tell_chain *chain;
	struct tell_run *run;
	bool dry;
	tell_step_fn *fn;
	void *arg;
	bool held, delivered;
	struct tell_step step;
};

static void release(struct tale *t)
{
	if (t->held)
		t->fn(t->arg, &t->step);
	t->held = false;
}

static enum tell_verdict tell_of(void *arg, size_t i)
{
	struct tale *t = arg;
	struct tell_link *link = &t->chain->links[i];
	bool kept = t->dry && t->chain->type == TELL_CHAIN_SINK && link->run;
	bool runs = !kept && !link->shut;
	release(t);
	enum tell_verdict v = TELL_SUCCESS;
	if (runs)
		v = tell_link_ask(link, t->run);
	else if (t->run->record->head->level > link->max_level)
		v = TELL_IGNORE;
	int action = t->chain->rules[i].actions[v];
	t->delivered |= v == TELL_SUCCESS || v == TELL_SPOOLED;
	t->step = (struct tell_step){ .type = tell_chain_word(t->chain->type),
		.control = link->line.control,
		.module = link->line.module,
		.file = link->line.at.file,
		.line = link->line.at.line,
		.ran = runs,
		.verdict = v,
		.action = tell_action_word(action),
		.jump = action > 0 ? (unsigned)action : 0 };
	t->held = true;
	return v;
}

static enum tell_verdict explain_chain(struct tale *t, struct tell_chain *chain)
{
	t->chain = chain;
	if (chain->n == 0)
		return TELL_SUCCESS;
	enum tell_verdict v = tell_verdict_of(chain->rules, chain->n, tell_of, t);
	t->step.last = true;
	t->step.result = v;
	release(t);
	return v;
}

static bool is_good(enum tell_verdict v)
{
	return v == TELL_SUCCESS || v == TELL_SPOOLED;
}

enum tell_verdict tell_stack_explain(
	struct tell_stack *s, struct tell_run *run, bool dry, tell_step_fn *fn, void *arg)
{
	struct tale t = { .stack = s, .run = run, .dry = dry, .fn = fn, .arg = arg };
	run->deadline_ns = 0;
	run->budget_ms = TELL_BUDGET_MS;
	(void)explain_chain(&t, &s->chains[TELL_CHAIN_ENRICH]); /* the record goes on */
	if (!is_good(explain_chain(&t, &s->chains[TELL_CHAIN_FILTER])))
		return TELL_IGNORE;
	if (!is_good(explain_chain(&t, &s->chains[TELL_CHAIN_REDACT])) ||
		s->chains[TELL_CHAIN_REDACT].broken)
		tell_mask_all(run->record);
	tell_record_trim(run->record);
	t.delivered = false;
	enum tell_verdict v = explain_chain(&t, &s->chains[TELL_CHAIN_SINK]);
	if (s->rescue.n && !t.delivered)
		v = explain_chain(&t, &s->rescue);
	return v;
}
