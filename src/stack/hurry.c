#include "stack/hurry.h"

#include <telltale/log.h>

#include "base/clock.h"
#include "stack/sinks.h"

#define AT_ONCE	 1			     /* a deadline long past */
#define SLICE_NS (UINT64_C(5) * 1000 * 1000) /* then the queue is looked at again */

static bool may_be_hurried(const struct tell_link *link, const struct tell_run *run)
{
	return link->module && link->module->peer && !link->outbox &&
		(run->batch || run->settle);
}

/* The deadline is set by who first waits: until then nobody did, and no clock is read. */
static uint64_t began_at(const struct tell_run *run)
{
	return run->deadline_ns ? tell_clock_monotonic_ns() : 0;
}

static void add_wait(
	struct tell_link *link, const struct tell_run *run, uint64_t began_ns)
{
	if (!run->deadline_ns)
		return;
	if (!began_ns)
		began_ns = run->deadline_ns - run->budget_ms * TELL_NS_PER_MS;
	uint64_t now_ns = tell_clock_monotonic_ns();
	link->hurry.waited_ns += now_ns > began_ns ? now_ns - began_ns : 0;
}

static enum tell_verdict ask_at_once(struct tell_link *link, struct tell_run *run)
{
	uint64_t deadline_ns = run->deadline_ns;
	run->deadline_ns = AT_ONCE;
	enum tell_verdict v = tell_link_ask(link, run);
	run->deadline_ns = deadline_ns;
	if (v != TELL_TIMEOUT)
		return v;
	link->hurry.behind = true;
	return TELL_FULL;
}

enum tell_verdict tell_hurry_ask(struct tell_link *link, struct tell_run *run)
{
	if (!may_be_hurried(link, run))
		return tell_link_ask(link, run);
	if (tell_hurry_on(link))
		return ask_at_once(link, run);
	uint64_t began_ns = began_at(run);
	enum tell_verdict v = tell_link_ask(link, run);
	add_wait(link, run, began_ns);
	return v;
}

int tell_hurry_flush(struct tell_link *link, struct tell_run *run)
{
	if (!may_be_hurried(link, run))
		return link->module->flush(link->state, run);
	uint64_t deadline_ns = run->deadline_ns;
	uint64_t began_ns = tell_clock_monotonic_ns();
	uint64_t slice_ns = tell_hurry_on(link) ? AT_ONCE : began_ns + SLICE_NS;
	if (slice_ns < deadline_ns)
		run->deadline_ns = slice_ns;
	int r = link->module->flush(link->state, run);
	run->deadline_ns = deadline_ns;
	if (!tell_hurry_on(link))
		add_wait(link, run, began_ns);
	link->hurry.behind |= r < 0;
	return r;
}

static uint64_t taken_by(const struct tell_link *link)
{
	return __atomic_load_n(&link->verdicts[TELL_SUCCESS], __ATOMIC_RELAXED) +
		__atomic_load_n(&link->verdicts[TELL_SPOOLED], __ATOMIC_RELAXED);
}

/* Another one takes what it takes: not only what it refused, as the next of a `sufficient`. */
static bool has_company(const struct tell_chain *sinks, const struct tell_link *link)
{
	uint64_t own = taken_by(link);
	for (size_t i = 0; i < sinks->n; i++) {
		const struct tell_link *other = &sinks->links[i];
		if (other != link && other->run && other->module &&
			taken_by(other) > own / 2)
			return true;
	}
	return false;
}

static struct tell_link *slowest_of(const struct tell_chain *sinks, uint64_t for_ns)
{
	struct tell_link *slowest = NULL;
	for (size_t i = 0; i < sinks->n; i++) {
		struct tell_link *link = &sinks->links[i];
		uint64_t least_ns = slowest ? slowest->hurry.waited_ns : for_ns / 2;
		if (!tell_hurry_on(link) && link->hurry.waited_ns > least_ns)
			slowest = link;
	}
	return slowest && has_company(sinks, slowest) ? slowest : NULL;
}

static bool is_queue_losing(struct tell_stack *s)
{
	struct tell_queue_counts now;
	s->queue->module->queue->counts(s->queue->state, &now);
	bool losing = now.dropped != s->queue_lost;
	s->queue_lost = now.dropped;
	return losing;
}

static void say_slow(const struct tell_link *link, struct tell_run *run)
{
	char name[32];
	struct tell_notes *notes = run->notes;
	if (notes)
		notes->speaker = &link->speaker;
	tell_sinks_name(name, sizeof(name), link);
	tell_note(run, TELL_WARNING, "sink-slow",
		"sink %s is slower than what is logged, and the queue is full: nobody waits "
		"for it now, and what it cannot take it drops, full; spool= would keep it",
		name);
}

void tell_hurry_look(struct tell_stack *s, struct tell_run *run)
{
	struct tell_chain *sinks = &s->chains[TELL_CHAIN_SINK];
	bool concerned = false;
	for (size_t i = 0; i < sinks->n; i++)
		concerned |= sinks->links[i].hurry.waited_ns ||
			tell_hurry_on(&sinks->links[i]);
	if (!concerned)
		return;
	uint64_t now_ns = tell_clock_monotonic_ns();
	bool losing = is_queue_losing(s);
	struct tell_link *slow = losing ? slowest_of(sinks, now_ns - s->hurry_look_ns)
					: NULL;
	if (slow)
		say_slow(slow, run);
	s->hurried = false;
	for (size_t i = 0; i < sinks->n; i++) {
		struct tell_link *link = &sinks->links[i];
		bool on = tell_hurry_on(link);
		if (link == slow || (on && (losing || link->hurry.behind)))
			link->hurry.until_ns = now_ns + TELL_HURRY_NS;
		else if (now_ns >= link->hurry.until_ns)
			link->hurry.until_ns = 0;
		s->hurried |= tell_hurry_on(link);
		link->hurry.behind = false;
		link->hurry.waited_ns = 0;
	}
	s->hurry_look_ns = now_ns;
}
