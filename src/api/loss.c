#include "api/loss.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "api/deliver.h"
#include "api/process.h"
#include "base/clock.h"
#include "record/place.h"

#define LOOK_NS (5 * TELL_NS_PER_SEC)
#define SAY_NS	(60 * TELL_NS_PER_SEC)
#define SOON_NS (100 * TELL_NS_PER_MS)

static struct tell_site loss_site = { .logger = "telltale", .level = TELL_WARNING };

/* One report on its way. */
struct report {
	struct tell_service *service;
	struct tell_ledger now;
	size_t n_said;
	bool stuck; /* no sink takes it: no use to go on */
};

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

/* False: not said, so it is not told either. */
static bool say(
	struct report *r, const char *text, const struct tell_field *fields, size_t n)
{
	struct tell_service *s = r->service;
	struct tell_thread *t = tell_thread_self();
	struct tell_stack *stack = __atomic_load_n(&s->stack, __ATOMIC_ACQUIRE);
	if (!t || !stack || r->stuck || r->n_said == TELL_LOSS_RECORDS)
		return false;
	__atomic_store_n(&t->using, stack, __ATOMIC_SEQ_CST);
	if (tell_deliver_begin(t, s, stack, TELL_WARNING) < 0) {
		tell_service_leave(t);
		return false;
	}
	t->record.head->kind = TELL_KIND_LOSS;
	t->record.head->place = tell_place_add(&loss_site);
	tell_record_own_message(&t->record, text, strlen(text));
	tell_record_add(&t->record, fields, n, 0, NULL);
	struct tell_run run = {
		.record = &t->record,
		.who = tell_stack_identity(stack),
		.out = &t->out,
		.work = &t->work,
		.stamp = &t->stamp,
		.run_id = s->run_id,
		.next_seq = &s->next_seq,
	};
	r->n_said++; /* an attempt: the sinks count it, too */
	uint64_t before = taken(stack);
	(void)tell_stack_run_unfiltered(
		stack, &run); /* one sink may fail, and be the news */
	r->stuck = taken(stack) == before;
	tell_service_leave(t);
	return !r->stuck;
}

static void say_sums(struct report *r)
{
	struct tell_loss *l = &r->service->loss;
	const struct tell_stack_stats *sum = &r->now.sum;
	const struct tell_field fields[] = {
		tell_u64("lost", sum->undelivered - l->told.sum.undelivered),
		tell_u64("lost_total", sum->undelivered),
		tell_u64("records_total", sum->records),
	};
	if (say(r, "records were not delivered", fields, 3))
		l->told.sum.undelivered = sum->undelivered;
}

static void say_row(
	struct report *r, const struct tell_ledger_row *row, enum tell_verdict v)
{
	const struct tell_ledger_row *told = tell_ledger_row(
		&r->service->loss.told, row->sink);
	uint64_t before = told ? told->verdicts[v] : 0;
	if (row->verdicts[v] == before)
		return;
	const struct tell_field fields[] = {
		tell_str("sink", row->sink),
		tell_str("reason", tell_verdict_word(v)),
		tell_u64("dropped", row->verdicts[v] - before),
		tell_u64("dropped_total", row->verdicts[v]),
	};
	(void)say(
		r, "a sink did not take records", fields, 4); /* the sum is what counts */
}

/* Of records that never were: no sink has seen them. */
static void say_unmade(struct report *r, const char *reason, uint64_t now, uint64_t *told)
{
	const struct tell_field fields[] = {
		tell_str("reason", reason),
		tell_u64("lost", now - *told),
		tell_u64("lost_total", now),
	};
	if (now != *told && say(r, "records could not be made", fields, 3))
		*told = now;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* All that was is told, and so is what the report itself has added: at most n_said a sink.
 * Whoever logged meanwhile is not swallowed. */
static void remember(struct report *r)
{
	struct tell_ledger after = { 0 };
	struct tell_loss *l = &r->service->loss;
	tell_service_ledger(r->service, &after);
	uint64_t grown = after.sum.undelivered - r->now.sum.undelivered;
	uint64_t told_sum = l->told.sum.undelivered + least(grown, r->n_said);
	for (size_t i = 0; i < r->now.n; i++) {
		struct tell_ledger_row *row = &r->now.rows[i];
		const struct tell_ledger_row *late = tell_ledger_row(&after, row->sink);
		for (size_t v = 0; late && v < TELL_N_VERDICTS; v++)
			row->verdicts[v] += least(
				late->verdicts[v] - row->verdicts[v], r->n_said);
	}
	l->told = r->now;
	l->told.sum.undelivered = told_sum;
}

static void report(struct report *r)
{
	struct tell_loss *l = &r->service->loss;
	bool lost = r->now.sum.undelivered != l->told.sum.undelivered;
	if (lost)
		say_sums(r);
	for (size_t i = 0; lost && i < r->now.n; i++)
		for (size_t v = 0; v < TELL_N_VERDICTS; v++)
			if (tell_ledger_is_drop((enum tell_verdict)v))
				say_row(r, &r->now.rows[i], (enum tell_verdict)v);
	if (r->service == &tell_process.main) {
		say_unmade(r, "nested",
			__atomic_load_n(&tell_process.lost.nested, __ATOMIC_RELAXED),
			&l->nested);
		say_unmade(r, "memory",
			__atomic_load_n(&tell_process.lost.memory, __ATOMIC_RELAXED),
			&l->memory);
	}
	if (!r->stuck)
		remember(r);
}

uint64_t tell_loss_due(struct tell_service *s, uint64_t now_ns)
{
	struct tell_loss *l = &s->loss;
	if (now_ns < l->look_ns)
		return l->look_ns;
	if (pthread_mutex_trylock(&tell_process.lock) != 0)
		return now_ns + SOON_NS;
	l->look_ns = now_ns + LOOK_NS;
	if (now_ns >= l->say_ns) {
		struct report r = { .service = s };
		tell_service_ledger(s, &r.now);
		report(&r);
		if (r.n_said)
			l->say_ns = now_ns + SAY_NS;
	}
	(void)pthread_mutex_unlock(&tell_process.lock);
	return l->look_ns;
}

void tell_loss_sum_up(struct tell_service *s)
{
	if (s->flags & TELL_STACK_NO_TERMINAL)
		return; /* `telltale log` and `cat` say it themselves */
	struct report r = { .service = s };
	tell_service_ledger(s, &r.now);
	uint64_t told = s->loss.told.sum.undelivered;
	report(&r);
	if (!r.stuck || r.now.sum.undelivered == told)
		return;
	char text[128];
	int n = snprintf(text, sizeof(text),
		"%" PRIu64 " of %" PRIu64
		" records were not delivered, see telltale check %s",
		r.now.sum.undelivered, r.now.sum.records, s->name);
	s->loss.told = r.now;
	__atomic_store_n(
		&tell_process.stderr_next_ns, 0, __ATOMIC_RELAXED); /* the last word */
	tell_service_say(s, TELL_WARNING, text,
		n < (int)sizeof(text) ? (size_t)n : sizeof(text) - 1);
}
