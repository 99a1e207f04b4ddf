#include "api/service.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>
#include "api/deliver.h"
#include "api/drain.h"
#include "api/level.h"
#include "api/nested.h"
#include "api/process.h"
#include "api/program.h"
#include "api/retire.h"
#include "api/service_thread.h"
#include "base/ascii.h"
#include "base/clock.h"
#include "base/utf8.h"

#define HOST_MAX 255

/* Facility of programs that run as root and of others (RFC 5424 table 1). */
enum { FACILITY_USER = 1, FACILITY_DAEMON = 3 };

static bool name_char(char c)
{
	return tell_is_letter(c) || tell_is_digit(c) || c == '_' || c == '.' || c == '-';
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

/* For `telltale status`: the first error, until a stack is all right. */
static void keep_refusal(struct tell_service *s, const struct tell_report *report)
{
	free(s->refusal);
	s->refusal = NULL;
	s->refused_ns = 0;
	for (size_t i = 0; i < report->n && !s->refused_ns; i++) {
		if (report->faults[i].warning)
			continue;
		struct tell_buf line;
		tell_buf_init(&line, TELL_REFUSAL_BYTES);
		tell_fault_line(&line, &report->faults[i]);
		s->refusal = strdup(tell_buf_cstr(&line));
		s->refused_ns = tell_clock_realtime_ns();
		tell_buf_done(&line);
	}
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
	struct tell_watch nothing = { 0 };
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
		__atomic_store_n(&s->past_queue, !tell_service_thread_allowed(s),
			__ATOMIC_SEQ_CST);
		tell_service_swap(s, stack);
		s->threshold = tell_stack_threshold(stack);
		if (!s->start_ns)
			s->start_ns = tell_clock_realtime_ns();
		__atomic_fetch_add(&s->reload.n, reload, __ATOMIC_RELAXED);
		tell_service_thread_plan(s, stack);
		tell_reload_plan(s, stack);
		tell_level_stack_changed(tell_stack_env_legacy(stack), &report);
		if (report.n_errors)
			r = -EBADMSG; /* the default stands in for what was wrong */
	} else {
		/* Whoever stopped the thread for this start: the old stack needs it. */
		tell_service_thread_plan(s, __atomic_load_n(&s->stack, __ATOMIC_ACQUIRE));
	}
	tell_reload_watch(&s->reload, text ? &nothing : &report.watch);
	keep_refusal(s, &report);
	say_report(s, &report, reload && r < 0);
	tell_report_done(&report);
	tell_service_thread_early(s);
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
	tell_service_thread_start(s);
	struct tell_stack *stack = __atomic_load_n(&s->stack, __ATOMIC_ACQUIRE);
	__atomic_store_n(&t->using, stack, __ATOMIC_SEQ_CST);
	(void)pthread_mutex_unlock(&tell_process.lock);
	return stack;
}

struct tell_stack *tell_service_enter_open(struct tell_service *s, struct tell_thread *t)
{
	for (;;) {
		struct tell_stack *stack = __atomic_load_n(&s->stack, __ATOMIC_ACQUIRE);
		__atomic_store_n(&t->using, stack, __ATOMIC_SEQ_CST);
		if (__builtin_expect(
			    __atomic_load_n(&s->stack, __ATOMIC_SEQ_CST) == stack, 1))
			return stack;
		/* swapped in between */
	}
}

struct tell_stack *tell_service_enter(struct tell_service *s, struct tell_thread *t)
{
	tell_service_thread_check(s, &s->thread); /* none is announced yet */
	struct tell_stack *stack = tell_service_enter_open(s, t);
	return __builtin_expect(stack != NULL, 1) ? stack : enter_anew(s, t);
}

int tell_service_flush(struct tell_service *s, uint64_t deadline_ns)
{
	struct tell_thread *t = tell_thread_self();
	if (!t || !__atomic_load_n(&s->stack, __ATOMIC_ACQUIRE))
		return 0;
	if (!tell_service_thread_runs(&s->thread))
		tell_service_drain_all(s, deadline_ns);
	struct tell_stack *stack = tell_service_enter_open(s, t);
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

int tell_service_end(struct tell_service *s, uint64_t deadline_ns)
{
	struct tell_thread *t = tell_thread_self();
	struct tell_stack *stack = __atomic_load_n(&s->stack, __ATOMIC_ACQUIRE);
	bool has_queue = stack && tell_stack_has_queue(stack);
	if (has_queue)
		tell_service_pass_queue(s);
	bool ended = tell_service_thread_stop(s, deadline_ns);
	if (!t || !stack)
		return 0;
	/* One that has not ended reads there: what is left is the next start's. */
	if (has_queue && ended)
		tell_service_end_queue(s, stack, deadline_ns);
	stack = tell_service_enter_open(s, t);
	if (!stack)
		return 0;
	int r = tell_deliver_end(t, s, stack, stack, deadline_ns);
	tell_loss_sum_up(s, t, stack);
	tell_service_leave(t);
	return r;
}

bool tell_service_close(struct tell_service *s, uint64_t deadline_ns)
{
	(void)tell_service_end(s, deadline_ns); /* what stays behind is in the ledger */
	tell_service_swap(s, NULL);
	tell_service_thread_plan(s, NULL);
	tell_reload_plan(s, NULL);
	return __atomic_load_n(&s->thread.state, __ATOMIC_ACQUIRE) == TELL_THREAD_NONE;
}

void tell_service_done(struct tell_service *s)
{
	tell_service_forget_stuck(s);
	free(s->past_rows);
	free(s->loss.told);
	free(s->refusal);
	tell_reload_done(&s->reload);
}

void tell_service_child(struct tell_service *s)
{
	number_anew(s);
	tell_service_thread_child(s);
	s->start_ns = tell_clock_realtime_ns();
	s->past = (struct tell_stack_stats){ 0 }; /* the parent's */
	tell_service_forget_stuck(s);
	if (s->past_rows)
		*s->past_rows = (struct tell_ledger){ 0 };
	tell_loss_child(&s->loss);
	s->past_queue = !tell_service_thread_allowed(s);
	(void)pthread_mutex_init(
		&s->draining, NULL); /* its owner may have stayed behind */
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
