#include "api/service_thread.h"
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "api/control.h"
#include "api/drain.h"
#include "api/health.h"
#include "api/level.h"
#include "api/loss.h"
#include "api/process.h"
#include "base/clock.h"
#include "base/quiet_thread.h"
#include "meter/stats.h"

#define NAME	    "telltale"
#define STACK_BYTES ((size_t)256 << 10) /* for a reload, and getaddrinfo(3) */
#define REST_MIN_NS (UINT64_C(100) * 1000)
#define REST_MAX_NS (UINT64_C(100) * TELL_NS_PER_MS) /* what a record may wait */
#define QUIET_TRIES 100
#define LIGHT_NS    TELL_NS_PER_MS /* a shorter rest needs no wake */
#define RETRY_NS    (60 * TELL_NS_PER_SEC)
#define GO_MS	    1000 /* for a thread that a reload needs no more */
#define WITHOUT_MS  200

static void set(uint8_t *flag, bool value)
{
	__atomic_store_n(flag, value, __ATOMIC_RELEASE);
}

static uint8_t get(const uint8_t *flag)
{
	return __atomic_load_n(flag, __ATOMIC_ACQUIRE);
}

/* ---- the thread ---- */

/* No wake uses the pair any more, nor will one: then it may be closed, and its numbers may
 * become the host's. False: one is stuck, in a thread that does not run. */
static bool is_quiet(struct tell_service_thread *t)
{
	__atomic_store_n(&t->asleep, 0, __ATOMIC_SEQ_CST);
	for (int i = 0; i < QUIET_TRIES; i++) {
		if (!__atomic_load_n(&t->rousing, __ATOMIC_SEQ_CST))
			return true;
		tell_clock_sleep_ms(1);
	}
	return false;
}

static void open_rouse(struct tell_service_thread *t)
{
	int pair[2];
	if (!is_quiet(t))
		return;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) <
		0)
		return;				    /* then it looks every REST_MAX_NS */
	(void)tell_held_set(&t->rouse[0], pair[0]); /* likewise */
	(void)tell_held_set(&t->rouse[1], pair[1]);
}

/* The host may close what it does not know: then it gets a new pair. */
static bool can_be_roused(struct tell_service_thread *t)
{
	if (tell_held_get(&t->rouse[0]) < 0 || tell_held_get(&t->rouse[1]) < 0)
		open_rouse(t);
	return tell_held_get(&t->rouse[0]) >= 0 && tell_held_get(&t->rouse[1]) >= 0;
}

/* Out of sight first: a child of this moment must not touch what is being freed. */
static void close_control(struct tell_service_thread *t)
{
	struct tell_control *c = t->control;
	__atomic_store_n(&t->control, NULL, __ATOMIC_RELEASE);
	(void)tell_control_close(c);
}

/* The socket comes and goes as the stack wants it. One that cannot be made is tried again
 * once a minute, and said once. */
static void keep_control(struct tell_service *s, struct tell_service_thread *t)
{
	uint64_t now_ns = tell_clock_monotonic_ns();
	if (t->control && (!get(&t->controlled) || tell_control_lost(t->control, now_ns)))
		close_control(t);
	if (t->control || !get(&t->controlled) || now_ns < t->control_next_ns)
		return;
	int r = tell_control_open(&t->control, s);
	if (r < 0 && t->control_next_ns == 0)
		tell_control_say_none(s, r);
	t->control_next_ns = r < 0 ? now_ns + RETRY_NS : 0;
}

static uint64_t earlier(uint64_t a_ns, uint64_t b_ns)
{
	return a_ns < b_ns ? a_ns : b_ns;
}

/* What may take its time; no lock is held, and the stack is announced as in a call. */
static void tend(struct tell_service *s, uint64_t now_ns)
{
	struct tell_thread *t = tell_thread_self();
	struct tell_stack *stack = t ? tell_service_enter_open(s, t) : NULL;
	if (stack)
		tell_stack_tend(stack, now_ns);
	if (t)
		tell_service_leave(t);
}

/* What is due; returns when the next is. */
static uint64_t do_jobs(struct tell_service *s, uint64_t now_ns)
{
	uint64_t level_ns = tell_level_expire(s, now_ns);
	uint64_t loss_ns = tell_loss_due(s, now_ns); /* each 5 s at the latest */
	tend(s, now_ns);
	uint64_t spool_ns = tell_service_pump(s);
	uint64_t reload_ns = tell_reload_due(s, now_ns);
	uint64_t health_ns = tell_health_due(s, now_ns); /* of the stack in force now */
	uint64_t stats_ns = tell_stats_tick(now_ns);
	return earlier(earlier(reload_ns, spool_ns),
		earlier(earlier(health_ns, stats_ns), earlier(level_ns, loss_ns)));
}

/* What the thread waits for. An idle round with a queue only drains and waits again: looking
 * at all else each 100 ms costs ten times as much. */
struct watch {
	struct pollfd fds[1 + TELL_CONTROL_FDS]; /* the first is for wakes */
	size_t n;
	bool alone;	 /* work may come without a wake */
	uint64_t due_ns; /* when to look at all again */
	uint64_t rest_ns;
};

/* Look at all but the queue. */
static void look(struct tell_service *s, struct watch *w)
{
	struct tell_service_thread *t = &s->thread;
	char bytes[64];
	w->alone = !can_be_roused(t) || get(&t->has_queue);
	int rouse = tell_held_get(&t->rouse[0]);
	if (rouse >= 0)
		(void)recv(
			rouse, bytes, sizeof(bytes), MSG_DONTWAIT); /* a wake is heard */
	keep_control(s, t);
	uint64_t now_ns = tell_clock_monotonic_ns();
	w->due_ns = earlier(
		tell_control_serve(t->control, s, now_ns), do_jobs(s, now_ns));
	w->fds[0] = (struct pollfd){ .fd = rouse, .events = POLLIN };
	w->n = 1 + tell_control_poll(t->control, w->fds + 1);
}

/* True: not only the time has come. */
static bool sleep_until(struct watch *w, uint64_t until_ns)
{
	uint64_t now_ns = tell_clock_monotonic_ns();
	uint64_t left_ns = until_ns > now_ns ? until_ns - now_ns : 0;
	struct timespec left = {
		.tv_sec = (time_t)(left_ns / TELL_NS_PER_SEC),
		.tv_nsec = (long)(left_ns % TELL_NS_PER_SEC),
	};
	return ppoll(w->fds, (nfds_t)w->n, &left, NULL) != 0;
}

/* A round, and the rest behind it. */
static void go_round(struct tell_service *s, struct watch *w)
{
	struct tell_service_thread *t = &s->thread;
	__atomic_add_fetch(&t->rounds, 1, __ATOMIC_RELAXED);
	/* Before the queue is looked at, so that what comes behind the look is a wake. */
	__atomic_store_n(
		&t->asleep, !w->alone || w->rest_ns >= LIGHT_NS, __ATOMIC_SEQ_CST);
	if (tell_service_drain(s))
		w->rest_ns = REST_MIN_NS;
	uint64_t now_ns = tell_clock_monotonic_ns();
	if (now_ns >= w->due_ns)
		look(s, w);
	if (tell_service_thread_stopping(t))
		return;
	if (!w->alone)
		set(&t->asleep, true); /* the first look has just made it so */
	bool called = sleep_until(
		w, w->alone ? earlier(w->due_ns, now_ns + w->rest_ns) : w->due_ns);
	set(&t->asleep, false);
	if (called)
		w->due_ns = 0; /* at once */
	w->rest_ns = called ? REST_MIN_NS : earlier(2 * w->rest_ns, REST_MAX_NS);
}

static void *run(void *arg)
{
	struct tell_service *s = arg;
	struct tell_service_thread *t = &s->thread;
	(void)prctl(PR_SET_NAME, NAME); /* for people only */
	(void)tell_thread_enter();	/* for good: see "Signals" */
	t->control_next_ns = 0;
	struct watch w = { .alone = true, .rest_ns = REST_MIN_NS };
	while (!tell_service_thread_stopping(t))
		go_round(s, &w);
	(void)tell_level_expire(s, UINT64_MAX); /* nobody else would end them */
	tell_health_end(s);
	close_control(t);
	__atomic_store_n(&t->state, TELL_THREAD_ENDED, __ATOMIC_RELEASE);
	tell_held_close(&t->rouse[0]); /* whoever waits for the end sees it hang up */
	return NULL;
}

/* ---- its life ---- */

static void say_none(struct tell_service *s, int error)
{
	char text[128];
	int n = snprintf(text, sizeof(text),
		"no service thread: %s; calls wait for the sinks, and there is no control "
		"socket, until the next reload",
		strerror(error));
	tell_service_say(s, TELL_WARNING, text,
		n < (int)sizeof(text) ? (size_t)n : sizeof(text) - 1);
}

/* Nobody will read the queue, and somebody may have put a record there meanwhile. */
static void go_without(struct tell_service *s)
{
	tell_service_pass_queue(s);
	tell_service_drain_all(
		s, tell_clock_monotonic_ns() + WITHOUT_MS * TELL_NS_PER_MS);
}

void tell_service_thread_start(struct tell_service *s)
{
	struct tell_service_thread *t = &s->thread;
	if (tell_service_thread_runs(t) || !get(&t->due))
		return; /* one that was told to end: the next record tries again */
	set(&t->due, false);
	if (tell_process.exiting) {
		go_without(s);
		return;
	}
	if (get(&t->state) == TELL_THREAD_ENDED)
		(void)pthread_join(
			t->id, NULL); /* its end of the pair stays: open_rouse() */
	open_rouse(t);
	set(&t->stop, false);
	__atomic_store_n(&t->state, TELL_THREAD_RUNS, __ATOMIC_RELEASE);
	int error = tell_quiet_thread(&s->thread.id, STACK_BYTES, run, s);
	if (!error)
		return;
	__atomic_store_n(&t->state, TELL_THREAD_NONE, __ATOMIC_RELEASE);
	go_without(s);
	say_none(s, error);
}

void tell_service_thread_early(struct tell_service *s)
{
	const struct tell_stack *stack = __atomic_load_n(&s->stack, __ATOMIC_ACQUIRE);
	if (stack && tell_stack_is_asked(stack))
		tell_service_thread_start(s);
}

void tell_service_thread_try(struct tell_service *s)
{
	/* Whoever has the lock loads or closes, and that may take long. */
	if (pthread_mutex_trylock(&tell_process.lock) != 0)
		return;
	tell_service_thread_start(s);
	(void)pthread_mutex_unlock(&tell_process.lock);
}

/* A full socket: then it is up, or will be. */
static void rouse(struct tell_service_thread *t)
{
	int fd = tell_held_get(&t->rouse[1]);
	if (fd >= 0)
		(void)send(fd, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void tell_service_thread_rouse(struct tell_service_thread *t)
{
	int saved = errno;
	__atomic_add_fetch(&t->rousing, 1, __ATOMIC_SEQ_CST);
	if (__atomic_exchange_n(&t->asleep, 0, __ATOMIC_SEQ_CST))
		rouse(t);
	__atomic_sub_fetch(&t->rousing, 1, __ATOMIC_SEQ_CST);
	errno = saved;
}

/* True: it has ended. */
static bool await_end(struct tell_service_thread *t, uint64_t deadline_ns)
{
	rouse(t);
	while (tell_service_thread_runs(t)) {
		uint64_t now_ns = tell_clock_monotonic_ns();
		if (now_ns >= deadline_ns)
			return false;
		/* Its end hangs up; without a pair it looks every REST_MAX_NS. */
		struct pollfd p = { .fd = tell_held_get(&t->rouse[1]), .events = POLLIN };
		uint64_t left_ms = 1 + (deadline_ns - now_ns) / TELL_NS_PER_MS;
		if (poll(&p, 1, p.fd < 0 ? 1 : (int)left_ms) > 0 &&
			tell_service_thread_runs(t))
			tell_clock_sleep_ms(1); /* the host closed the other end */
	}
	return true;
}

bool tell_service_thread_stop(struct tell_service *s, uint64_t deadline_ns)
{
	struct tell_service_thread *t = &s->thread;
	set(&t->due, false);
	if (get(&t->state) == TELL_THREAD_NONE)
		return true;
	__atomic_add_fetch(&t->rousing, 1, __ATOMIC_SEQ_CST);
	set(&t->stop, true);
	bool ended = await_end(t, deadline_ns);
	__atomic_sub_fetch(&t->rousing, 1, __ATOMIC_SEQ_CST);
	if (!ended)
		return false;
	(void)pthread_join(t->id, NULL);
	__atomic_store_n(&t->state, TELL_THREAD_NONE, __ATOMIC_RELEASE);
	if (is_quiet(t))
		tell_held_close(&t->rouse[1]);
	return true;
}

bool tell_service_thread_allowed(const struct tell_service *s)
{
	return !(s->flags & (TELL_STACK_NO_TERMINAL | TELL_STACK_NO_STDERR));
}

void tell_service_thread_plan(struct tell_service *s, const struct tell_stack *stack)
{
	struct tell_service_thread *t = &s->thread;
	bool allowed = stack && tell_service_thread_allowed(s);
	bool controlled = allowed && tell_stack_wants_control(stack) &&
		!getauxval(AT_SECURE); /* no socket in set-user-ID programs */
	set(&t->has_queue, allowed && tell_stack_has_queue(stack));
	set(&t->controlled, controlled);
	t->wanted = controlled || (allowed && tell_stack_has_work(stack));
	if (!t->wanted && tell_service_thread_is_me(t))
		set(&t->stop, true); /* when it has answered */
	else if (!t->wanted)
		(void)tell_service_thread_stop(
			s, tell_clock_monotonic_ns() + GO_MS * TELL_NS_PER_MS);
	else if (!tell_service_thread_runs(t) || tell_service_thread_stopping(t))
		set(&t->due, true);
	else
		tell_service_thread_wake(t); /* the socket may have to come or go */
}

void tell_service_thread_child(struct tell_service *s)
{
	struct tell_service_thread *t = &s->thread;
	set(&t->due, t->wanted); /* also where the parent could have none */
	tell_health_child(s);
	if (get(&t->state) == TELL_THREAD_NONE)
		return;
	tell_held_close(&t->rouse[0]);
	tell_held_close(&t->rouse[1]);
	struct tell_control *left = tell_control_child(t->control, t->left);
	*t = (struct tell_service_thread){
		.due = t->wanted,
		.has_queue = t->has_queue,
		.controlled = t->controlled,
		.wanted = t->wanted,
		.left = left,
	};
}
