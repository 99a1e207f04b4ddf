#include "stack/sinks.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <telltale/log.h>

#include "base/clock.h"
#include "record/record.h"
#include "stack/hurry.h"

#define REMEMBERED 64 /* lines; a chain of more has no last chance */

struct walk {
	struct tell_link *links;
	struct tell_run *run;
	struct tell_sinks_walk *result;
	bool taken;		     /* by some sink, in the first walk */
	uint64_t asked, turned;	     /* a bit a line */
	uint8_t answers[REMEMBERED]; /* of those asked */
};

static bool is_good(enum tell_verdict v)
{
	return v == TELL_SUCCESS || v == TELL_SPOOLED;
}

static uint64_t bit_of(size_t i)
{
	return i < REMEMBERED ? UINT64_C(1) << i : 0;
}

void tell_sinks_name(char *name, size_t size, const struct tell_link *link)
{
	const struct tell_link *first = link - link->at;
	unsigned n = 1;
	for (const struct tell_link *l = first; l < link; l++)
		n += l->line.rule.kind != TELL_RULE_FRAME &&
			strcmp(l->line.module, link->line.module) == 0;
	(void)snprintf(name, size, n > 1 ? "%.20s#%u" : "%.20s", link->line.module,
		n); /* fits */
}

/* In the name of the line that was asked last. */
static void say(const struct tell_link *link, struct tell_run *run,
	enum tell_breaker_turn turn, enum tell_verdict v, uint64_t now_ns)
{
	char sink[32] = "";
	if (turn != TELL_BREAKER_STAYS)
		tell_sinks_name(sink, sizeof(sink), link);
	uint64_t ms = tell_breaker_left_ns(&link->breaker, now_ns) / TELL_NS_PER_MS;
	switch (turn) {
	case TELL_BREAKER_STAYS:
		return;
	case TELL_BREAKER_OPENED:
		tell_note(run, TELL_WARNING, "breaker-open",
			"sink %s is left alone: %u failures in a row, the last %s; it is "
			"tried again in %" PRIu64 " ms",
			sink, TELL_BREAKER_FAILURES, tell_verdict_word(v), ms);
		return;
	case TELL_BREAKER_REOPENED:
		tell_note(run, TELL_NOTICE, "breaker-reopen",
			"sink %s failed again, %s; it is tried again in %" PRIu64 " ms",
			sink, tell_verdict_word(v), ms);
		return;
	case TELL_BREAKER_RECOVERED:
		tell_note(run, TELL_NOTICE, "breaker-closed",
			"sink %s is used again, after a record got through", sink);
		return;
	}
}

enum tell_verdict tell_sinks_told(
	struct tell_link *link, struct tell_run *run, enum tell_verdict v, bool probe)
{
	struct tell_breaker *b = &link->breaker;
	bool nothing = v == TELL_IGNORE || (is_good(v) && tell_breaker_is_quiet(b));
	if (__builtin_expect(nothing && !probe, 1)) /* a probe's end is always told */
		return v;
	uint64_t now_ns = tell_clock_monotonic_ns();
	say(link, run, tell_breaker_answered(b, v, probe, now_ns), v, now_ns);
	return v;
}

enum tell_verdict tell_sinks_ask_now(
	struct tell_link *link, struct tell_run *run, bool probe)
{
	enum tell_verdict v = tell_hurry_ask(link, run);
	if (v == TELL_FULL && run->batch && tell_hurry_on(link) && !probe)
		return v; /* it was not given its time: no failure of its own */
	return tell_sinks_told(link, run, v, probe);
}

/* By a breaker that is not closed. */
static enum tell_verdict ask_broken(struct walk *w, struct tell_link *link, size_t i)
{
	struct tell_breaker *b = &link->breaker;
	if (w->run->record->head->level > link->max_level)
		return TELL_IGNORE;
	if (tell_breaker_probes(b, tell_clock_monotonic_ns()))
		return tell_sinks_ask_now(link, w->run, true);
	(void)__atomic_fetch_add(&b->turned_away, 1, __ATOMIC_RELAXED);
	w->turned |= bit_of(i);
	return TELL_UNAVAILABLE;
}

static enum tell_verdict took(struct walk *w, struct tell_link *link, enum tell_verdict v)
{
	if (!link->outbox)
		(void)__atomic_fetch_add(&link->verdicts[v], 1, __ATOMIC_RELAXED);
	w->result->delivered |= is_good(v);
	w->result->spoke |= v != TELL_IGNORE;
	return v;
}

static enum tell_verdict ask(void *arg, size_t i)
{
	struct walk *w = arg;
	struct tell_link *link = &w->links[i];
	bool open = link->run && !tell_breaker_is_closed(&link->breaker);
	enum tell_verdict v = !link->run ? link->answer
		: link->outbox		 ? tell_outbox_run(link, w->run)
		: open			 ? ask_broken(w, link, i)
					 : tell_sinks_ask_now(link, w->run, false);
	w->asked |= bit_of(i);
	if (i < REMEMBERED)
		w->answers[i] = (uint8_t)v;
	return took(w, link, v);
}

/* As before, but for those that were turned away: see sinks.h. */
static enum tell_verdict ask_again(void *arg, size_t i)
{
	struct walk *w = arg;
	struct tell_link *link = &w->links[i];
	struct tell_breaker *b = &link->breaker;
	if (!(w->asked & bit_of(i)))
		return ask(arg, i);
	bool costly = w->taken && __atomic_load_n(&b->costly, __ATOMIC_RELAXED);
	if (!(w->turned & bit_of(i)) || costly)
		return (enum tell_verdict)w->answers[i];
	w->turned &= ~bit_of(i);
	(void)__atomic_fetch_sub(&b->turned_away, 1, __ATOMIC_RELAXED);
	(void)__atomic_fetch_sub(&link->verdicts[TELL_UNAVAILABLE], 1, __ATOMIC_RELAXED);
	enum tell_verdict v = tell_sinks_ask_now(link, w->run, false);
	w->answers[i] = (uint8_t)v;
	return took(w, link, v);
}

enum tell_verdict tell_sinks_walk(
	const struct tell_chain *chain, struct tell_run *run, struct tell_sinks_walk *ret)
{
	struct walk w = { .links = chain->links, .run = run, .result = ret };
	enum tell_verdict v = tell_verdict_walk(chain->rules, chain->n, ask, &w);
	w.taken = ret->delivered;
	if (__builtin_expect(w.turned != 0, 0) && !is_good(v) && chain->n <= REMEMBERED)
		return tell_verdict_of(chain->rules, chain->n, ask_again, &w);
	return v;
}
