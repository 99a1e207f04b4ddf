#include "api/loss.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "api/deliver.h"
#include "api/process.h"
#include "base/clock.h"
#include "record/event.h"
#include "record/place.h"

#define LOOK_NS (5 * TELL_NS_PER_SEC)
#define SAY_NS	(60 * TELL_NS_PER_SEC)
#define SOON_NS (100 * TELL_NS_PER_MS)
#define LAST_NS (50 * TELL_NS_PER_MS) /* for what sinks keep of a last report */

static struct tell_site loss_site = { .logger = "telltale", .level = TELL_WARNING };

/* One report on its way. */
struct report {
	struct tell_service *service;
	struct tell_thread *thread;
	struct tell_stack *stack; /* announced */
	struct tell_ledger now;
	size_t n_said;
	bool stuck; /* no sink takes it: no use to go on */
};

/* ---- saying ---- */

/* How many records its sinks have taken so far, whatever the chains made of that. */
static uint64_t taken(const struct tell_stack *stack)
{
	struct tell_line_stats line;
	uint64_t n = 0;
	for (size_t pos = 0; tell_stack_next_line(stack, &pos, &line);)
		if (strcmp(line.type, "sink") == 0)
			n += line.verdicts[TELL_SUCCESS] + line.verdicts[TELL_SPOOLED];
	return n;
}

static void emit(struct report *r)
{
	struct tell_thread *t = r->thread;
	struct tell_run run = {
		.record = &t->record,
		.who = tell_stack_identity(r->stack),
		.out = &t->out,
		.work = &t->work,
		.stamp = &t->stamp,
		.run_id = r->service->run_id,
		.next_seq = &r->service->next_seq,
	};
	uint64_t before = taken(r->stack);
	r->n_said++; /* an attempt: the sinks count it, too */
	(void)tell_stack_run_unfiltered(
		r->stack, &run); /* one may fail, and be the news */
	r->stuck = taken(r->stack) == before;
}

/* False: not said, so it is not told either. */
static bool say(struct report *r, enum tell_event event, const char *text,
	const struct tell_field *fields, size_t n)
{
	struct tell_record *record = &r->thread->record;
	if (r->stuck || r->n_said == TELL_LOSS_RECORDS ||
		!tell_deliver_begin_own(r->thread, r->service, r->stack, TELL_WARNING))
		return false;
	record->head->place = tell_place_add(&loss_site);
	tell_record_own_message(record, text, strlen(text));
	tell_record_add(record, fields, n, 0, NULL);
	tell_record_event(record, event);
	emit(r);
	return !r->stuck;
}

static void say_queue(struct report *r, uint64_t dropped)
{
	const struct tell_field fields[] = {
		tell_str("sink", TELL_LEDGER_QUEUE),
		tell_str("reason", TELL_LEDGER_QUEUE_FULL),
		tell_u64("dropped", dropped),
		tell_u64("dropped_total", r->now.sum.dropped),
	};
	/* As for a sink. */
	(void)say(
		r, TELL_EVENT_LOSS_QUEUE, "the queue had no room for records", fields, 4);
}

static uint64_t lost(const struct tell_stack_stats *sum)
{
	return sum->undelivered + sum->dropped;
}

static void say_sums(struct report *r)
{
	struct tell_loss *l = &r->service->loss;
	const struct tell_stack_stats *sum = &r->now.sum;
	const struct tell_field fields[] = {
		tell_u64("lost", lost(sum) - l->undelivered - l->dropped),
		tell_u64("lost_total", lost(sum)),
		tell_u64("records_total", sum->records),
	};
	uint64_t dropped = sum->dropped - l->dropped;
	if (!say(r, TELL_EVENT_LOSS_RECORDS, "records were not delivered", fields, 3))
		return;
	l->undelivered = sum->undelivered;
	l->dropped = sum->dropped;
	if (dropped)
		say_queue(r, dropped);
}

static void say_row(
	struct report *r, const struct tell_ledger_row *row, enum tell_verdict v)
{
	const struct tell_ledger *told = r->service->loss.told;
	const struct tell_ledger_row *old = told ? tell_ledger_row(told, row->sink)
						 : NULL;
	uint64_t before = old ? old->verdicts[v] : 0;
	if (row->verdicts[v] <= before)
		return;
	const struct tell_field fields[] = {
		tell_str("sink", row->sink),
		tell_str("reason", tell_verdict_word(v)),
		tell_u64("dropped", row->verdicts[v] - before),
		tell_u64("dropped_total", row->verdicts[v]),
	};
	/* The sum is what counts. */
	(void)say(r, TELL_EVENT_LOSS_SINK, "a sink did not take records", fields, 4);
}

/* Of records that never were: no sink has seen them. */
static void say_unmade(struct report *r, const char *reason, uint64_t now, uint64_t *told)
{
	const struct tell_field fields[] = {
		tell_str("reason", reason),
		tell_u64("lost", now - *told),
		tell_u64("lost_total", now),
	};
	if (now != *told &&
		say(r, TELL_EVENT_LOSS_UNMADE, "records could not be made", fields, 3))
		*told = now;
}

/* ---- what is told ---- */

static uint64_t nested(void)
{
	return __atomic_load_n(&tell_process.lost.nested, __ATOMIC_RELAXED);
}

static uint64_t memory(void)
{
	return __atomic_load_n(&tell_process.lost.memory, __ATOMIC_RELAXED);
}

static bool is_news(const struct tell_service *s)
{
	struct tell_stack_stats sum;
	tell_service_stats(s, &sum);
	return sum.undelivered != s->loss.undelivered || sum.dropped != s->loss.dropped ||
		(s == &tell_process.main &&
			(nested() != s->loss.nested || memory() != s->loss.memory));
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* All that was is told, and so is what the report itself has added: at most n_said a sink.
 * Whoever logged meanwhile is not swallowed. */
static void remember(struct report *r)
{
	struct tell_ledger after;
	struct tell_loss *l = &r->service->loss;
	tell_service_ledger(r->service, &after);
	l->undelivered += least(
		after.sum.undelivered - r->now.sum.undelivered, r->n_said);
	for (size_t i = 0; i < r->now.n; i++) {
		struct tell_ledger_row *row = &r->now.rows[i];
		const struct tell_ledger_row *late = tell_ledger_row(&after, row->sink);
		for (size_t v = 0; late && v < TELL_N_VERDICTS; v++)
			row->verdicts[v] += least(
				late->verdicts[v] - row->verdicts[v], r->n_said);
	}
	if (!l->told)
		l->told = malloc(sizeof(*l->told));
	if (l->told)
		*l->told = r->now;
}

static void report(struct report *r)
{
	struct tell_loss *l = &r->service->loss;
	tell_service_ledger(r->service, &r->now);
	bool news = lost(&r->now.sum) != l->undelivered + l->dropped;
	if (news)
		say_sums(r);
	for (size_t i = 0; news && i < r->now.n; i++)
		for (size_t v = 0; v < TELL_N_VERDICTS; v++)
			if (tell_ledger_is_drop((enum tell_verdict)v))
				say_row(r, &r->now.rows[i], (enum tell_verdict)v);
	if (r->service == &tell_process.main) {
		say_unmade(r, "nested", nested(), &l->nested);
		say_unmade(r, "memory", memory(), &l->memory);
	}
	if (!r->stuck)
		remember(r);
	tell_record_rest(&r->thread->record);
}

/* ---- when ---- */

/* What was dropped on the way to a sink that took over was no loss, and will be no news. */
static void look(struct tell_service *s, uint64_t now_ns)
{
	struct tell_thread *t = tell_thread_self();
	struct tell_stack *stack = __atomic_load_n(&s->stack, __ATOMIC_ACQUIRE);
	struct report r = { .service = s, .thread = t, .stack = stack };
	if (!t || !stack)
		return;
	if (!is_news(s)) {
		tell_service_ledger(s, &r.now);
		remember(&r);
		return;
	}
	__atomic_store_n(&t->using, stack, __ATOMIC_SEQ_CST);
	report(&r);
	tell_service_leave(t);
	s->loss.say_ns = now_ns + SAY_NS;
}

/* What filters keep count of is no loss, but told likewise: as long as nobody logs there is
 * no call that would say it. */
static void say_sums_of_filters(struct tell_service *s)
{
	struct tell_thread *t = tell_thread_self();
	struct tell_stack *stack = __atomic_load_n(&s->stack, __ATOMIC_ACQUIRE);
	if (!t || !stack)
		return;
	__atomic_store_n(&t->using, stack, __ATOMIC_SEQ_CST);
	tell_deliver_sums(t, s, stack);
	tell_service_leave(t);
}

uint64_t tell_loss_due(struct tell_service *s, uint64_t now_ns)
{
	struct tell_loss *l = &s->loss;
	if (now_ns < l->look_ns)
		return l->look_ns;
	if (pthread_mutex_trylock(&tell_process.lock) != 0)
		return now_ns + SOON_NS;
	l->look_ns = now_ns + LOOK_NS;
	say_sums_of_filters(s);
	if (now_ns >= l->say_ns)
		look(s, now_ns);
	(void)pthread_mutex_unlock(&tell_process.lock);
	return l->look_ns;
}

/* The sink that dropped most, and why: ", most by sink syslog (unavailable)". */
static void put_worst(char *to, size_t size, const struct tell_ledger *l)
{
	uint64_t most = 0;
	*to = '\0';
	for (size_t i = 0; i < l->n; i++)
		for (size_t v = 0; v < TELL_N_VERDICTS; v++) {
			uint64_t n = l->rows[i].verdicts[v];
			if (!tell_ledger_is_drop((enum tell_verdict)v) || n <= most)
				continue;
			most = n;
			(void)snprintf(to, size, ", most by sink %s (%s)",
				l->rows[i].sink, tell_verdict_word((enum tell_verdict)v));
		}
}

void tell_loss_sum_up(
	struct tell_service *s, struct tell_thread *t, struct tell_stack *stack)
{
	struct report r = { .service = s, .thread = t, .stack = stack };
	if (!is_news(s) || s->flags & TELL_STACK_NO_TERMINAL)
		return; /* `telltale log` and `cat` say it themselves */
	uint64_t told = s->loss.undelivered + s->loss.dropped;
	report(&r);
	uint64_t until_ns = tell_clock_monotonic_ns() + LAST_NS;
	if (r.n_said && tell_deliver_flush(t, s, stack, until_ns) < 0)
		r.stuck = true;
	if (!r.stuck || lost(&r.now.sum) == told)
		return;
	/* The reports themselves, and notes before them, lie there as well: count them in. */
	tell_deliver_give_up(t, s, stack);
	tell_service_ledger(s, &r.now);
	char text[256], worst[80];
	put_worst(worst, sizeof(worst), &r.now);
	int n = snprintf(text, sizeof(text),
		"%" PRIu64 " of %" PRIu64
		" records were not delivered%s; see telltale check %s",
		lost(&r.now.sum), r.now.sum.records, worst, s->name);
	s->loss.undelivered = r.now.sum.undelivered;
	s->loss.dropped = r.now.sum.dropped;
	__atomic_store_n(
		&tell_process.stderr_next_ns, 0, __ATOMIC_RELAXED); /* the last word */
	tell_deliver_last(t, s, stack, TELL_WARNING, text,
		n < (int)sizeof(text) ? (size_t)n : sizeof(text) - 1);
}

void tell_loss_child(struct tell_loss *l)
{
	if (l->told)
		*l->told = (struct tell_ledger){ 0 };
	*l = (struct tell_loss){ .told = l->told };
}
