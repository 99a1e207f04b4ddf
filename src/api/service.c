#include "api/service.h"
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>
#include "api/deliver.h"
#include "api/drain.h"
#include "api/level.h"
#include "api/nested.h"
#include "api/process.h"
#include "api/quick.h"
#include "api/service_thread.h"
#include "api/program.h"
#include "base/clock.h"

#define HOST_MAX      255
#define STUCK_TRIES   100  /* of 1 ms: then the queue's file is left to be adopted */
#define GIVE_UP_TRIES 5000 /* of 1 ms: then an old stack is leaked rather than awaited */
#define RETIRE_MS     200 /* for what an old stack holds: a frame half sent, gathered lines */

/* Facility of programs that run as root and of others (RFC 5424 table 1). */
enum { FACILITY_USER = 1, FACILITY_DAEMON = 3 };

static bool name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

bool tell_service_name_ok(const char *name)
{
	size_t n = strlen(name);
	if (n == 0 || n > TELL_SERVICE_MAX || name[0] == '.')
		return false;
	for (size_t i = 0; i < n; i++)
		if (!name_char(name[i]))
			return false;
	return true;
}

void tell_service_name(struct tell_service *s, const char *name)
{
	char own[TELL_PROGRAM_MAX];
	if (!name)
		name = tell_program_name(own);
	size_t n = strnlen(name, TELL_SERVICE_MAX);
	for (size_t i = 0; i < n; i++)
		s->name[i] = name_char(name[i]) && !(i == 0 && name[i] == '.') ? name[i]
									       : '_';
	if (n == 0)
		s->name[n++] = '_';
	s->name[n] = '\0';
}

const char *tell_service_wanted(const char *name)
{
	const char *other = secure_getenv("TELLTALE_SERVICE");
	return other && *other ? other : name;
}

static void number_anew(struct tell_service *s)
{
	uint32_t id = 0;
	if (getrandom(&id, sizeof(id), GRND_NONBLOCK) != sizeof(id))
		id = (uint32_t)(tell_clock_realtime_ns() >> 10) ^ (uint32_t)getpid();
	s->run_id = id;
	__atomic_store_n(&s->next_seq, 0, __ATOMIC_RELAXED);
}

static void identify(
	struct tell_identity *who, const struct tell_service *s, char host[HOST_MAX + 1])
{
	if (gethostname(host, HOST_MAX) != 0 || !*host)
		memcpy(host, "localhost", 10);
	host[HOST_MAX] = '\0';
	*who = (struct tell_identity){
		.service = s->name,
		.host = host,
		.pid = (uint32_t)getpid(),
		.facility = s->facility	 ? s->facility
			: geteuid() == 0 ? FACILITY_DAEMON
					 : FACILITY_USER,
	};
}

/* What is queued is the queue's, which outlives a stack: counted where the queue is asked. */
static void stats_add(struct tell_stack_stats *sum, const struct tell_stack_stats *one)
{
	sum->filtered += one->filtered;
	sum->delivered += one->delivered;
	sum->undelivered += one->undelivered;
	sum->dropped += one->dropped;
	sum->recovered += one->recovered;
	sum->enrich_failed += one->enrich_failed;
	sum->masked += one->masked;
	sum->notes_suppressed += one->notes_suppressed;
}

void tell_service_stats(const struct tell_service *s, struct tell_stack_stats *ret)
{
	const struct tell_stack *stack = __atomic_load_n(&s->stack, __ATOMIC_ACQUIRE);
	*ret = s->past;
	if (stack) {
		struct tell_stack_stats one;
		tell_stack_stats(stack, &one);
		stats_add(ret, &one);
		ret->queued += one.queued;
	}
	ret->records = ret->filtered + ret->delivered + ret->undelivered + ret->queued +
		ret->dropped - ret->recovered;
}

/* Nobody walks the old stack any more: what it holds goes out, or is counted and said by
 * the one behind it. The process's lock is held, so that one stays. */
static void retire(
	struct tell_service *s, struct tell_stack *old, struct tell_stack *behind)
{
	struct tell_thread *t = tell_thread_self();
	uint64_t deadline_ns = tell_clock_monotonic_ns() + RETIRE_MS * TELL_NS_PER_MS;
	/* One that walked it may have shown the short way to others, for a moment. */
	tell_quick_off();
	bool queue_ends = !behind || !tell_stack_has_queue(behind);
	if (t && queue_ends) /* nobody else reads it. Else it is the new one's */
		tell_service_drain_stack(s, old, deadline_ns);
	if (t)
		(void)tell_deliver_end(t, s, old, behind, deadline_ns);
	struct tell_stack_stats numbers;
	tell_stack_stats(old, &numbers);
	stats_add(&s->past, &numbers); /* they outlive it */
	if (queue_ends)
		s->past.queued +=
			numbers.queued; /* left in the file, for the next start */
	tell_stack_free(old);
}

/* Put a stack in force and free the one before once nobody walks it any more. */
static void swap(struct tell_service *s, struct tell_stack *stack)
{
	struct tell_stack *old = __atomic_exchange_n(&s->stack, stack, __ATOMIC_SEQ_CST);
	if (!old)
		return;
	tell_quick_off();
	for (int i = 0; tell_threads_use(old) || tell_nested_under_way(); i++) {
		if (i == GIVE_UP_TRIES)
			return; /* a call is stuck in a sink: its stack must live on */
		tell_clock_sleep_ms(1);
	}
	retire(s, old, stack);
}

/* Tell the faults of a stack through the channel. */
static void say_report(
	struct tell_service *s, const struct tell_report *report, bool kept)
{
	struct tell_buf line;
	tell_buf_init(&line, 4096);
	for (size_t i = 0; i < report->n; i++) {
		bool environment = report->faults[i].file[0] == '$';
		tell_buf_clear(&line);
		if (kept)
			tell_buf_puts(&line, "stack refused, the old one stays: ");
		else if (!environment)
			tell_buf_puts(&line, "stack: ");
		tell_fault_line(&line, &report->faults[i]);
		tell_service_say(s, report->faults[i].warning ? TELL_NOTICE : TELL_ERROR,
			line.data, line.len);
	}
	tell_buf_done(&line);
}

/* $TELLTALE_SERVICE was no name, and something else was made of it. */
static void report_name(const struct tell_service *s, struct tell_report *report)
{
	const char *wanted = tell_service_wanted(s->name);
	struct tell_service made = { 0 };
	tell_service_name(&made, wanted);
	if (tell_service_name_ok(wanted) || strcmp(made.name, s->name) != 0)
		return;
	struct tell_spot at = { .file = "$TELLTALE_SERVICE" };
	tell_report_warning(report, &at, "write 1 to 64 letters, digits, _ . or -",
		"\"%.64s\" is no service: its name is %s", wanted, s->name);
}

int tell_service_start(struct tell_service *s, const char *text, bool reload)
{
	struct tell_identity who;
	char host[HOST_MAX + 1];
	identify(&who, s, host);
	if (!s->run_id)
		number_anew(s);

	struct tell_report report;
	tell_report_init(&report);
	if (!reload)
		report_name(s, &report);
	struct tell_stack *stack = NULL;
	unsigned flags = s->flags | (reload ? 0 : TELL_STACK_FIRST);
	int r = text ? tell_stack_load_text(
			       &stack, &who, "(text)", text, strlen(text), flags, &report)
		     : tell_stack_load(&stack, &who, flags, &report);
	if (r >= 0) {
		swap(s, stack);
		s->threshold = tell_stack_threshold(stack);
		tell_level_stack_changed(tell_stack_env_legacy(stack), &report);
		if (report.n_errors)
			r = -EBADMSG; /* the default stands in for what was wrong */
	}
	say_report(s, &report, reload && r < 0);
	tell_report_done(&report);
	return r;
}

/* Closed, or not started yet. Stacks are swapped under the lock only: what is announced under
 * it is not gone again before we walk it. */
static struct tell_stack *enter_anew(struct tell_service *s, struct tell_thread *t)
{
	tell_process_watch(); /* our own tools come here by themselves */
	(void)pthread_mutex_lock(&tell_process.lock); /* a default mutex: no errors */
	if (!*s->name)
		tell_service_name(s, tell_service_wanted(NULL));
	if (!__atomic_load_n(&s->stack, __ATOMIC_ACQUIRE))
		(void)tell_service_start(s, NULL, false); /* says itself what is wrong */
	struct tell_stack *stack = __atomic_load_n(&s->stack, __ATOMIC_ACQUIRE);
	__atomic_store_n(&t->using, stack, __ATOMIC_SEQ_CST);
	(void)pthread_mutex_unlock(&tell_process.lock);
	return stack;
}

struct tell_stack *tell_service_enter(struct tell_service *s, struct tell_thread *t)
{
	for (;;) {
		struct tell_stack *stack = __atomic_load_n(&s->stack, __ATOMIC_ACQUIRE);
		__atomic_store_n(&t->using, stack, __ATOMIC_SEQ_CST);
		if (__builtin_expect(!stack, 0))
			return enter_anew(s, t);
		if (__builtin_expect(
			    __atomic_load_n(&s->stack, __ATOMIC_SEQ_CST) == stack, 1))
			return stack;
		/* swapped in between */
	}
}

int tell_service_flush(struct tell_service *s, uint64_t deadline_ns)
{
	struct tell_thread *t = tell_thread_self();
	if (!t || !__atomic_load_n(&s->stack, __ATOMIC_ACQUIRE))
		return 0;
	if (!__atomic_load_n(&s->thread_runs, __ATOMIC_RELAXED))
		tell_service_drain_all(s, deadline_ns);
	struct tell_stack *stack = tell_service_enter(s, t);
	if (!stack)
		return 0;
	int r = tell_deliver_flush(t, s, stack, deadline_ns);
	tell_service_leave(t);
	return r;
}

int tell_service_reopen(struct tell_service *s)
{
	struct tell_stack *stack = __atomic_load_n(&s->stack, __ATOMIC_ACQUIRE);
	return stack ? tell_stack_reopen(stack) : 0;
}

/* Say once more how many records were lost, when some were since it was last said. */
static void sum_up(
	struct tell_service *s, struct tell_thread *t, struct tell_stack *stack)
{
	struct tell_stack_stats stats;
	tell_service_stats(s, &stats);
	if (stats.undelivered == s->told_lost || s->flags & TELL_STACK_NO_TERMINAL)
		return; /* `telltale log` and `cat` say it themselves */
	char text[96];
	int n = snprintf(text, sizeof(text),
		"%" PRIu64 " of %" PRIu64
		" records were not delivered, see telltale check %s",
		stats.undelivered, stats.records, s->name);
	s->told_lost = stats.undelivered;
	__atomic_store_n(
		&tell_process.stderr_next_ns, 0, __ATOMIC_RELAXED); /* the last word */
	tell_deliver_last(t, s, stack, TELL_WARNING, text,
		n < (int)sizeof(text) ? (size_t)n : sizeof(text) - 1);
}

/* From now on records wait for the sinks; those in the queue go their way, and nothing of
 * it is left behind unless a call is stuck in it. */
static void end_queue(struct tell_service *s, uint64_t deadline_ns)
{
	struct tell_stack *stack = __atomic_load_n(&s->stack, __ATOMIC_ACQUIRE);
	if (!tell_stack_has_queue(stack))
		return;
	__atomic_store_n(&s->past_queue, true, __ATOMIC_SEQ_CST);
	tell_quick_off();
	tell_service_thread_stop(s);
	for (int i = 0; tell_threads_use(stack) || tell_nested_under_way(); i++) {
		if (i == STUCK_TRIES)
			return;
		tell_clock_sleep_ms(1);
	}
	tell_quick_off(); /* they may have shown the short way to others, for a moment */
	tell_service_drain_all(s, deadline_ns);
	tell_stack_end_queue(stack);
}

int tell_service_end(struct tell_service *s, uint64_t deadline_ns)
{
	struct tell_thread *t = tell_thread_self();
	if (!t || !__atomic_load_n(&s->stack, __ATOMIC_ACQUIRE))
		return 0;
	end_queue(s, deadline_ns);
	struct tell_stack *stack = tell_service_enter(s, t);
	if (!stack)
		return 0;
	int r = tell_deliver_end(t, s, stack, stack, deadline_ns);
	sum_up(s, t, stack);
	tell_service_leave(t);
	return r;
}

void tell_service_close(struct tell_service *s, uint64_t deadline_ns)
{
	(void)tell_service_end(s, deadline_ns); /* what stays behind is in the ledger */
	swap(s, NULL);
	__atomic_store_n(&s->past_queue, false,
		__ATOMIC_SEQ_CST); /* a later call opens it again */
}

void tell_service_child(struct tell_service *s)
{
	number_anew(s);
	s->past = (struct tell_stack_stats){ 0 }; /* the parent's */
	s->told_lost = 0;
	(void)pthread_mutex_init(
		&s->draining, NULL); /* its owner may have stayed behind */
	tell_service_thread_child(s);
	struct tell_stack *stack = __atomic_load_n(&s->stack, __ATOMIC_ACQUIRE);
	if (!stack)
		return;
	struct tell_identity who;
	char host[HOST_MAX + 1];
	identify(&who, s, host);
	tell_stack_child(stack, &who);
}

void tell_service_say(struct tell_service *s, int level, const char *text, size_t len)
{
	struct tell_thread *t = tell_thread_self();
	if (!t)
		return;
	struct tell_stack *stack = __atomic_load_n(&s->stack, __ATOMIC_ACQUIRE);
	void *before = t->using; /* a start inside a call */
	__atomic_store_n(&t->using, stack, __ATOMIC_SEQ_CST);
	if (stack)
		tell_deliver_own(t, s, stack, level, text, len);
	__atomic_store_n(&t->using, before, __ATOMIC_RELEASE);
}
