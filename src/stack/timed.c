#include "stack/timed.h"
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "stack/chain.h"

#define EVERY_NS   (10 * TELL_NS_PER_SEC)
#define TIMEOUT_NS (2 * TELL_NS_PER_SEC)

static const struct tell_chain *chain_of(const struct tell_stack *s, bool health)
{
	return &s->chains[health ? TELL_CHAIN_HEALTH : TELL_CHAIN_METRIC];
}

static const char *word_of(const struct tell_link *link)
{
	const char *name = link->args ? tell_args_text(link->args, "name") : NULL;
	return name && *name ? name : link->line.module;
}

/* The second line of a name is "tcp#2". */
static void name_it(struct tell_timed *ret, const struct tell_chain *chain, size_t at)
{
	const char *word = word_of(&chain->links[at]);
	unsigned n = 1;
	for (size_t i = 0; i < at; i++)
		n += chain->links[i].line.rule.kind != TELL_RULE_FRAME &&
			strcmp(word_of(&chain->links[i]), word) == 0;
	(void)snprintf(ret->name, sizeof(ret->name), n > 1 ? "%.20s#%u" : "%.31s", word,
		n); /* what is cut keeps its number */
}

static uint64_t time_of(const struct tell_link *link, const char *name, uint64_t deflt_ns)
{
	uint64_t ns = link->args ? tell_args_u64(link->args, name) : 0;
	return ns ? ns : deflt_ns;
}

static void describe(struct tell_timed *ret, const struct tell_chain *chain, size_t at)
{
	const struct tell_link *link = &chain->links[at];
	bool health = chain->type == TELL_CHAIN_HEALTH;
	*ret = (struct tell_timed){ .health = health, .at = at };
	if (link->run) {
		ret->module = link->module;
		ret->state = link->state;
	}
	ret->every_ns = time_of(link, "every", health ? EVERY_NS : 0);
	if (ret->every_ns && ret->every_ns < TELL_EVERY_MIN_NS)
		ret->every_ns = TELL_EVERY_MIN_NS;
	ret->timeout_ns = time_of(link, "timeout", TIMEOUT_NS);
	ret->live = health && link->args && tell_args_bool(link->args, "live");
	name_it(ret, chain, at);
}

/* Is there anybody to ask? */
static bool is_asked(const struct tell_chain *chain, size_t at)
{
	const struct tell_link *link = &chain->links[at];
	if (link->line.rule.kind == TELL_RULE_FRAME)
		return false;
	return chain->type == TELL_CHAIN_HEALTH ||
		(link->run && time_of(link, "every", 0) > 0);
}

bool tell_stack_next_timed(
	const struct tell_stack *s, size_t *pos, struct tell_timed *ret)
{
	size_t n_health = s->chains[TELL_CHAIN_HEALTH].n;
	for (; *pos < n_health + s->chains[TELL_CHAIN_METRIC].n; ++*pos) {
		bool health = *pos < n_health;
		const struct tell_chain *chain = chain_of(s, health);
		size_t at = health ? *pos : *pos - n_health;
		if (!is_asked(chain, at))
			continue;
		describe(ret, chain, at);
		++*pos;
		return true;
	}
	return false;
}

bool tell_stack_is_asked(const struct tell_stack *s)
{
	struct tell_timed line;
	size_t pos = 0;
	return tell_stack_next_timed(s, &pos, &line);
}

enum tell_verdict tell_stack_ask_timed(
	struct tell_stack *s, const struct tell_timed *line, struct tell_run *run)
{
	struct tell_link *link =
		&s->chains[line->health ? TELL_CHAIN_HEALTH : TELL_CHAIN_METRIC]
			 .links[line->at];
	enum tell_verdict v = tell_link_ask(link, run);
	(void)__atomic_fetch_add(&link->verdicts[v], 1, __ATOMIC_RELAXED);
	if (line->health)
		tell_stack_redact(s, run); /* a callback's details may be anything */
	return v;
}

enum tell_verdict tell_stack_health(
	const struct tell_stack *s, tell_answer_fn *answer, void *arg)
{
	const struct tell_chain *chain = &s->chains[TELL_CHAIN_HEALTH];
	if (chain->n == 0)
		return TELL_IGNORE;
	return tell_verdict_of(chain->rules, chain->n, answer, arg);
}
