#include "api/round.h"
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "health/module.h"
#include "stack/stack.h"

#define STALE_PERIODS 3
#define STALE_NS      (10 * TELL_NS_PER_SEC)

/* ---- lines ---- */

static struct tell_round_line *line_of(
	struct tell_round_line *lines, size_t n, const struct tell_timed *line)
{
	for (size_t i = 0; i < n; i++)
		if (lines[i].line.health == line->health &&
			strcmp(lines[i].line.name, line->name) == 0)
			return &lines[i];
	return NULL;
}

/* What the line of that name said is what is known until it is asked again, at once. */
static void inherit(struct tell_round_line *to, struct tell_round_line *from)
{
	struct tell_timed line = to->line;
	*to = *from;
	to->line = line;
	to->due_ns = 0;
	to->busy = false;			/* that is the one before */
	from->said = (struct tell_record){ 0 }; /* moved */
}

static void free_lines(struct tell_round_line *lines, size_t n)
{
	for (size_t i = 0; lines && i < n; i++)
		tell_record_done(&lines[i].said);
	free(lines);
}

static size_t count_lines(const struct tell_stack *stack)
{
	struct tell_timed line;
	size_t n = 0;
	for (size_t pos = 0; tell_stack_next_timed(stack, &pos, &line);)
		n++;
	return n < TELL_ROUND_LINES ? n : TELL_ROUND_LINES;
}

struct tell_stack *tell_round_set(struct tell_round *r, struct tell_stack *stack)
{
	struct tell_round old = *r;
	size_t n = stack ? count_lines(stack) : 0;
	*r = (struct tell_round){ .stack = stack, .calling = old.calling };
	if (stack)
		tell_stack_hold(stack);
	if (n)
		r->lines = calloc(n, sizeof(*r->lines));
	r->n = r->lines ? n : 0;
	size_t pos = 0;
	for (size_t i = 0; i < r->n; i++) {
		struct tell_round_line *line = &r->lines[i];
		(void)tell_stack_next_timed(stack, &pos, &line->line); /* counted */
		struct tell_round_line *before = line_of(old.lines, old.n, &line->line);
		if (before)
			inherit(line, before);
	}
	free_lines(old.lines, old.n);
	return old.stack;
}

/* ---- when ---- */

bool tell_round_calls(const struct tell_round *r, size_t i)
{
	return r->lines[i].line.module == &tell_health_callback;
}

size_t tell_round_next(const struct tell_round *r, uint64_t now_ns, uint64_t *ret_due_ns)
{
	size_t best = TELL_ROUND_NONE;
	*ret_due_ns = UINT64_MAX;
	for (size_t i = 0; i < r->n; i++) {
		const struct tell_round_line *line = &r->lines[i];
		if (line->unsent || line->busy || line->due_ns >= *ret_due_ns ||
			(r->calling && tell_round_calls(r, i)))
			continue;
		*ret_due_ns = r->lines[i].due_ns;
		best = i;
	}
	return *ret_due_ns <= now_ns ? best : TELL_ROUND_NONE;
}

void tell_round_begin(struct tell_round *r, size_t i, uint64_t now_ns)
{
	r->lines[i].busy = true;
	r->lines[i].busy_since_ns = now_ns;
}

void tell_round_forget(struct tell_round *r)
{
	r->calling = false;
	for (size_t i = 0; i < r->n; i++)
		r->lines[i].busy = false;
}

void tell_round_end(struct tell_round *r, size_t i, const struct tell_answer *answer)
{
	struct tell_round_line *line = &r->lines[i];
	const struct tell_record *said = answer->said;
	line->busy = false;
	line->known = true;
	line->verdict = answer->verdict;
	line->at_ns = answer->at_ns;
	line->ended_ns = answer->ended_ns;
	line->latency_ns = answer->ended_ns - answer->begun_ns;
	/* From its beginning, so that a slow one keeps its pace; but it never catches up. */
	line->due_ns = answer->begun_ns + line->line.every_ns;
	bool goes_on = !line->line.health && answer->verdict == TELL_SPOOLED;
	if (line->due_ns < answer->ended_ns || goes_on)
		line->due_ns = answer->ended_ns;
	bool kept = said &&
		tell_record_copy(&line->said, said->head, said->head->size) == 0;
	if (!kept)
		tell_record_done(&line->said);
	line->unsent = kept && !line->line.health && said->head->n_slots > 0 &&
		(answer->verdict == TELL_SUCCESS || goes_on);
}

/* ---- what ---- */

static uint64_t hangs_ns(const struct tell_round_line *line)
{
	return line->busy_since_ns + line->line.timeout_ns + TELL_ROUND_GRACE_NS;
}

static uint64_t stale_ns(const struct tell_round_line *line)
{
	return line->ended_ns + STALE_PERIODS * line->line.every_ns +
		line->line.timeout_ns + STALE_NS;
}

enum tell_verdict tell_round_verdict(
	const struct tell_round *r, size_t i, uint64_t now_ns)
{
	const struct tell_round_line *line = &r->lines[i];
	if (line->busy && now_ns >= hangs_ns(line))
		return TELL_TIMEOUT;
	if (!line->known)
		return TELL_IGNORE;
	return now_ns >= stale_ns(line) ? TELL_TIMEOUT : line->verdict;
}

static enum tell_health_status status_of(enum tell_verdict v)
{
	return v == TELL_SUCCESS    ? TELL_HEALTHY
		: v == TELL_SPOOLED ? TELL_DEGRADED
		: v == TELL_IGNORE  ? TELL_HEALTH_UNKNOWN
				    : TELL_UNHEALTHY;
}

enum tell_health_status tell_round_check(
	const struct tell_round *r, size_t i, uint64_t now_ns)
{
	return status_of(tell_round_verdict(r, i, now_ns));
}

struct walk {
	const struct tell_round *round;
	uint64_t now_ns;
	bool unasked; /* the verdict hangs on a line that has not answered yet */
};

static enum tell_verdict answer(void *arg, size_t at)
{
	struct walk *w = arg;
	const struct tell_round *r = w->round;
	for (size_t i = 0; i < r->n; i++) {
		if (!r->lines[i].line.health || r->lines[i].line.at != at)
			continue;
		enum tell_verdict v = tell_round_verdict(r, i, w->now_ns);
		w->unasked |= v == TELL_IGNORE && !r->lines[i].known;
		return v;
	}
	return TELL_IGNORE; /* over the limit */
}

enum tell_health_status tell_round_status(const struct tell_round *r, uint64_t now_ns)
{
	struct walk w = { r, now_ns, false };
	size_t n_said = 0, n_amiss = 0;
	for (size_t i = 0; i < r->n; i++) {
		enum tell_health_status s = tell_round_check(r, i, now_ns);
		n_said += r->lines[i].line.health && s != TELL_HEALTH_UNKNOWN;
		n_amiss += r->lines[i].line.health && s > TELL_HEALTHY;
	}
	if (n_said == 0)
		return TELL_HEALTH_UNKNOWN;
	enum tell_verdict v = tell_stack_health(r->stack, answer, &w);
	if (w.unasked)
		return TELL_HEALTH_UNKNOWN;
	if (v != TELL_SUCCESS && v != TELL_SPOOLED)
		return TELL_UNHEALTHY;
	return n_amiss ? TELL_DEGRADED : TELL_HEALTHY;
}

/* Is it not asked while another is, which is not for liveness? */
static bool waits(const struct tell_round *r, size_t i)
{
	for (size_t k = 0; k < r->n && !r->lines[i].busy; k++)
		if (r->lines[k].busy && !r->lines[k].line.live)
			return true;
	return false;
}

/* Liveness restarts the process, so what is overdue must be the line's own fault: behind another
 * that hangs, which is not for liveness, its last answer holds. */
static enum tell_verdict live_verdict(
	const struct tell_round *r, size_t i, uint64_t now_ns)
{
	const struct tell_round_line *line = &r->lines[i];
	return line->known && waits(r, i) ? line->verdict
					  : tell_round_verdict(r, i, now_ns);
}

bool tell_round_live(const struct tell_round *r, uint64_t now_ns)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->lines[i].line.live &&
			status_of(live_verdict(r, i, now_ns)) == TELL_UNHEALTHY)
			return false;
	return true;
}

uint64_t tell_round_until(const struct tell_round *r, uint64_t now_ns)
{
	uint64_t until_ns = UINT64_MAX;
	for (size_t i = 0; i < r->n; i++) {
		const struct tell_round_line *line = &r->lines[i];
		uint64_t at_ns = line->known ? stale_ns(line) : UINT64_MAX;
		if (line->busy && hangs_ns(line) < at_ns)
			at_ns = hangs_ns(line);
		if (line->line.health && at_ns > now_ns && at_ns < until_ns)
			until_ns = at_ns;
	}
	return until_ns;
}
