#include "api/deliver.h"
#include <stdio.h>
#include <unistd.h>
#include "api/drain.h"
#include "api/process.h"
#include "api/service_thread.h"
#include "base/clock.h"
#include "base/lasting.h"
#include "record/place.h"
#include "sink/outlet.h"
#include "stack/notes.h"

#define SILENT_MS    60000
#define LAST_WORD_MS 50
#define FIRST_BYTES  2048 /* most records fit */

static struct tell_site own_site = { .logger = "telltale", .level = TELL_NOTICE };

static void fill(struct tell_head *h, const struct tell_thread *t,
	const struct tell_service *s, const struct tell_stack *stack)
{
	h->realtime_ns = tell_clock_realtime_ns();
	h->pid = s->other_pid ? s->other_pid : tell_stack_identity(stack)->pid;
	h->tid = t->tid;
	h->run = s->run_id;
	h->flags = s->other_pid ? TELL_RECORD_OTHER_PID : 0;
}

struct tell_record *tell_deliver_begin_own(struct tell_thread *t,
	const struct tell_service *s, const struct tell_stack *stack, int level)
{
	t->record.limit = tell_stack_limit(stack);
	if (!t->first)
		t->first = tell_lasting(FIRST_BYTES);
	if (!t->record.cap && t->first) {
		tell_record_begin_at(
			&t->record, t->first, FIRST_BYTES, level, TELL_KIND_LOG);
	} else if (tell_record_begin(&t->record, level, TELL_KIND_LOG) < 0) {
		__atomic_fetch_add(&tell_process.lost.memory, 1, __ATOMIC_RELAXED);
		return NULL;
	}
	fill(t->record.head, t, s, stack);
	return &t->record;
}

struct tell_record *tell_deliver_begin(struct tell_thread *t,
	const struct tell_service *s, const struct tell_stack *stack, int level)
{
	size_t room;
	void *lent = __atomic_load_n(&s->past_queue, __ATOMIC_SEQ_CST)
		? NULL
		: tell_stack_reserve(stack, &room);
	if (!lent)
		return tell_deliver_begin_own(t, s, stack, level);
	t->lent.limit = tell_stack_limit(stack);
	tell_record_begin_at(&t->lent, lent, room, level, TELL_KIND_LOG);
	fill(t->lent.head, t, s, stack);
	return &t->lent;
}

static struct tell_notes *notes_of(struct tell_thread *t)
{
	if (__builtin_expect(!t->notes, 0))
		t->notes = tell_lasting(
			sizeof(struct tell_notes)); /* NULL: nothing is noted */
	return t->notes;
}

uint32_t tell_deliver_own_place(void)
{
	return tell_place_add(&own_site);
}

struct tell_notes *tell_deliver_notes_of(struct tell_thread *t)
{
	return notes_of(t);
}

int tell_deliver_copy(struct tell_record *r, const struct tell_record *from)
{
	struct tell_head own = *r->head;
	int n = tell_record_copy(r, from->head, from->head->size);
	if (n < 0)
		return n;
	r->head->realtime_ns = own.realtime_ns;
	r->head->pid = own.pid;
	r->head->tid = own.tid;
	r->head->run = own.run;
	r->head->flags |= own.flags;
	return 0;
}

static void wake(void *service)
{
	struct tell_service *s = service;
	tell_service_thread_wake(&s->thread);
}

/* In the service thread itself, which nobody else can wake: it does what is to be done. */
static void work(void *service)
{
	(void)tell_service_drain(service);
}

static struct tell_run run_of(struct tell_thread *t, struct tell_service *s,
	const struct tell_stack *stack, struct tell_record *r)
{
	return (struct tell_run){
		.record = r,
		.who = tell_stack_identity(stack),
		.out = &t->out,
		.work = &t->work,
		.stamp = &t->stamp,
		.run_id = s->run_id,
		.next_seq = &s->next_seq,
		.wake = tell_service_thread_runs(&s->thread) ? wake : NULL,
		.wake_arg = s,
	};
}

/* Where no sink works, what we have to say about ourselves goes to stderr: once a minute,
 * and what does not fit there now is not waited for. */
static void to_stderr(
	struct tell_thread *t, const struct tell_service *s, const char *text, size_t len)
{
	if (s->flags & (TELL_STACK_NO_STDERR | TELL_STACK_FORWARDER) ||
		!tell__every(&tell_process.stderr_next_ns, SILENT_MS))
		return;
	struct tell_buf *line = &t->out; /* the record that was in it is done */
	tell_buf_clear(line);
	tell_buf_puts(line, "telltale: ");
	tell_buf_puts(line, s->name);
	tell_buf_puts(line, ": ");
	tell_buf_put(line, text, len);
	tell_buf_putc(line, '\n');
	struct tell_outlet outlet = { 0 };
	(void)tell_outlet_look(&outlet, STDERR_FILENO);
	(void)tell_outlet_write(&outlet, line->data, line->len); /* the last resort */
}

/* t->record past filters and queue. *deadline_ns: until when sinks may wait; 0: not set yet,
 * and then here by who waits. */
static enum tell_verdict own_run(struct tell_thread *t, struct tell_service *s,
	struct tell_stack *stack, uint64_t *deadline_ns)
{
	struct tell_run run = run_of(
		t, s, stack, &t->record); /* no notes: never nested */
	run.deadline_ns = *deadline_ns;
	enum tell_verdict v = tell_stack_run_unfiltered(stack, &run);
	*deadline_ns = run.deadline_ns;
	return v;
}

static enum tell_verdict own(struct tell_thread *t, struct tell_service *s,
	struct tell_stack *stack, int level, const char *text, size_t len,
	uint64_t *deadline_ns)
{
	if (!tell_deliver_begin_own(t, s, stack, level))
		return TELL_FAILED;
	t->record.head->place = tell_place_add(&own_site);
	tell_record_own_message(&t->record, text, len);
	enum tell_verdict v = own_run(t, s, stack, deadline_ns);
	if (v != TELL_SUCCESS && v != TELL_SPOOLED && v != TELL_IGNORE)
		to_stderr(t, s, text, len);
	return v;
}

enum tell_verdict tell_deliver_made(
	struct tell_thread *t, struct tell_service *s, struct tell_stack *stack)
{
	uint64_t deadline_ns = 0;

	return own_run(t, s, stack, &deadline_ns);
}

void tell_deliver_own(struct tell_thread *t, struct tell_service *s,
	struct tell_stack *stack, int level, const char *text, size_t len)
{
	uint64_t deadline_ns = 0;

	(void)own(t, s, stack, level, text, len, &deadline_ns);
}

void tell_deliver_last(struct tell_thread *t, struct tell_service *s,
	struct tell_stack *stack, int level, const char *text, size_t len)
{
	uint64_t deadline_ns = tell_clock_monotonic_ns() + LAST_WORD_MS * TELL_NS_PER_MS;

	if (own(t, s, stack, level, text, len, &deadline_ns) != TELL_SPOOLED)
		return;
	/* A sink that keeps it for later has no later. */
	struct tell_run run = run_of(t, s, stack, &t->record);
	run.deadline_ns = deadline_ns;
	if (tell_stack_flush(stack, &run) < 0 && tell_stack_give_up(stack, &run))
		to_stderr(t, s, text, len);
}

void tell_deliver_give_up(
	struct tell_thread *t, struct tell_service *s, struct tell_stack *stack)
{
	struct tell_run run = run_of(t, s, stack, &t->record);
	(void)tell_stack_give_up(stack, &run);
}

static struct timespec time_of(uint64_t ns)
{
	return (struct timespec){ (time_t)(ns / TELL_NS_PER_SEC),
		(long)(ns % TELL_NS_PER_SEC) };
}

/* Where no sink takes it, the records it stands for are in the ledger all the same. */
static void say_sum(struct tell_thread *t, struct tell_service *s,
	struct tell_stack *stack, const struct tell_note *note, uint64_t *deadline_ns)
{
	const struct tell_sum *sum = &note->sum;
	struct tell_record *r = tell_deliver_begin_own(t, s, stack, note->level);
	char from[32], until[32];
	if (!r)
		return;
	r->head->place = sum->own ? tell_place_add(&own_site) : sum->place;
	if (sum->own)
		tell_record_own_message(r, note->text, note->len);
	else
		tell_record_message(r, note->text, note->len);
	(void)snprintf(from, sizeof(from), "%s_from", sum->name); /* literals: fit */
	(void)snprintf(until, sizeof(until), "%s_until", sum->name);
	const struct tell_field fields[] = {
		tell_u64(sum->name, sum->n),
		tell_time(from, time_of(sum->first_ns)),
		tell_time(until, time_of(sum->last_ns)),
	};
	tell_record_add(r, fields, 3, 0, NULL);
	(void)own_run(t, s, stack, deadline_ns);
}

/* What modules had to say, as records of this stack; how many. */
static size_t say_notes(struct tell_thread *t, struct tell_service *s,
	struct tell_stack *stack, uint64_t *deadline_ns)
{
	struct tell_notes *notes = t->notes;
	size_t n = notes ? notes->n : 0;

	for (size_t i = 0; i < n; i++)
		if (notes->list[i].sum.name)
			say_sum(t, s, stack, &notes->list[i], deadline_ns);
		else
			(void)own(t, s, stack, notes->list[i].level, notes->list[i].text,
				notes->list[i].len, deadline_ns);
	if (n)
		notes->n = 0;
	return n;
}

int tell_deliver_flush(struct tell_thread *t, struct tell_service *s,
	struct tell_stack *stack, uint64_t deadline_ns)
{
	struct tell_run run = run_of(t, s, stack, &t->record);
	run.notes = notes_of(t);
	run.deadline_ns = deadline_ns;
	if (tell_service_thread_is_me(&s->thread))
		run.wake = work;
	int r = tell_stack_flush(stack, &run);
	if (say_notes(t, s, stack, &run.deadline_ns)) {
		run.notes = NULL;
		(void)tell_stack_flush(stack, &run); /* what was said now, too */
	}
	tell_record_rest(&t->record);
	return r;
}

int tell_deliver_end(struct tell_thread *t, struct tell_service *s,
	struct tell_stack *stack, struct tell_stack *through, uint64_t deadline_ns)
{
	struct tell_run run = run_of(t, s, stack, &t->record);
	run.notes = through ? notes_of(t) : NULL;
	run.deadline_ns = deadline_ns;
	run.last = true;
	int r = tell_stack_flush(stack, &run);
	if (r < 0)
		(void)tell_stack_give_up(stack, &run);
	if (through && through != stack)
		tell_stack_inherit(through, stack);
	if (through)
		(void)say_notes(t, s, through, &run.deadline_ns);
	tell_record_rest(&t->record);
	return r;
}

/* Always inline: the way of every record. */
__attribute__((always_inline)) static inline enum tell_verdict record(
	struct tell_thread *t, struct tell_service *s, struct tell_stack *stack,
	struct tell_record *r, bool past_queue)
{
	struct tell_run run = run_of(t, s, stack, r);
	struct tell_notes *notes = notes_of(t);
	run.notes = notes;
	run.past_queue = past_queue || __atomic_load_n(&s->past_queue, __ATOMIC_SEQ_CST);
	enum tell_verdict v = tell_stack_run(stack, &run);
	if (notes)
		notes->deadline_ns = run.deadline_ns;
	if (r == &t->lent && r->cap)
		tell_record_done(r); /* it outgrew the queue's memory */
	return v;
}

__attribute__((always_inline)) static inline void rest(
	struct tell_thread *t, struct tell_service *s, struct tell_stack *stack)
{
	struct tell_notes *notes = t->notes;
	if (__builtin_expect(notes && notes->n, 0)) /* the caller has waited for one */
		(void)say_notes(t, s, stack, &notes->deadline_ns);
	tell_record_rest(&t->record);
}

void tell_deliver_sums(
	struct tell_thread *t, struct tell_service *s, struct tell_stack *stack)
{
	struct tell_run run = run_of(t, s, stack, &t->record);
	uint64_t deadline_ns = 0;
	run.notes = notes_of(t);
	tell_stack_sum_up(stack, &run);
	(void)say_notes(t, s, stack, &deadline_ns);
	tell_record_rest(&t->record);
}

uint64_t tell_deliver_spooled(
	struct tell_thread *t, struct tell_service *s, struct tell_stack *stack)
{
	struct tell_run run = run_of(t, s, stack, &t->record);
	uint64_t deadline_ns = 0;
	run.notes = notes_of(t);
	run.budget_ms = 1;
	uint64_t due_ns = tell_stack_pump(stack, &run);
	(void)say_notes(t, s, stack, &deadline_ns);
	tell_record_rest(&t->record);
	return due_ns;
}

size_t tell_deliver_queued(struct tell_thread *t, struct tell_service *s,
	struct tell_stack *stack, uint64_t deadline_ns, size_t max)
{
	struct tell_run run = run_of(t, s, stack, &t->record);
	uint64_t notes_by_ns = 0;
	run.notes = notes_of(t);
	run.deadline_ns = deadline_ns;
	run.wake = NULL; /* it is us */
	t->record.limit = tell_stack_limit(stack);
	size_t n = tell_stack_drain(stack, &run, max);
	(void)say_notes(t, s, stack, &notes_by_ns);
	tell_record_rest(&t->record);
	return n;
}

enum tell_verdict tell_deliver_record(struct tell_thread *t, struct tell_service *s,
	struct tell_stack *stack, struct tell_record *r, bool past_queue)
{
	return record(t, s, stack, r, past_queue);
}

void tell_deliver_notes(
	struct tell_thread *t, struct tell_service *s, struct tell_stack *stack)
{
	rest(t, s, stack);
}

enum tell_verdict tell_deliver(struct tell_thread *t, struct tell_service *s,
	struct tell_stack *stack, struct tell_record *r)
{
	enum tell_verdict v = record(t, s, stack, r, false); /* counted in the ledger */
	rest(t, s, stack);
	return v;
}
