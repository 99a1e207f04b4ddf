#include "api/reload.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include "api/process.h"
#include "base/clock.h"

#define LOOK_NS TELL_NS_PER_SEC
#define SOON_NS (100 * TELL_NS_PER_MS)

/* ---- SIGHUP ---- */

/* The process's own service is static memory; others look within a second. */
static void hear(int signal)
{
	(void)signal;
	(void)__atomic_add_fetch(&tell_process.hangups, 1, __ATOMIC_RELEASE);
	tell_service_thread_wake(&tell_process.main.thread); /* keeps errno */
}

static bool is_handler(void (*handler)(int))
{
	struct sigaction now;
	return sigaction(SIGHUP, NULL, &now) == 0 && !(now.sa_flags & SA_SIGINFO) &&
		now.sa_handler == handler;
}

static bool any_wants(void)
{
	bool wants = tell_process.main.reload.sighup;
	for (const struct tell_service *s = tell_process.services; s; s = s->next)
		wants |= s->reload.sighup;
	return wants;
}

static void say_taken(struct tell_service *s)
{
	static const char text[] =
		"sighup=yes does nothing: the program handles or ignores "
		"SIGHUP itself; it can call tell_reload()";
	tell_service_say(s, TELL_WARNING, text, sizeof(text) - 1);
}

static void keep_handler(struct tell_service *s)
{
	struct sigaction action = { .sa_flags = SA_RESTART };
	bool wants = any_wants();
	(void)sigemptyset(&action.sa_mask);
	if (wants && !tell_process.hangup_caught && is_handler(SIG_DFL)) {
		action.sa_handler = hear;
		tell_process.hangup_caught = sigaction(SIGHUP, &action, NULL) == 0;
	} else if (!wants && tell_process.hangup_caught) {
		action.sa_handler = SIG_DFL;
		if (is_handler(hear)) /* else the host has its own by now */
			(void)sigaction(SIGHUP, &action, NULL);
		tell_process.hangup_caught = false;
	}
	if (s->reload.sighup && !is_handler(hear))
		say_taken(s);
}

/* All that came so far is obeyed, or was before our time. */
static void hear_out(struct tell_reload *r)
{
	uint32_t so_far = __atomic_load_n(&tell_process.hangups, __ATOMIC_ACQUIRE);
	__atomic_store_n(&r->heard, so_far, __ATOMIC_RELAXED);
}

/* ---- what is watched ---- */

void tell_reload_watch(struct tell_reload *r, struct tell_watch *watch)
{
	tell_watch_done(&r->watch);
	r->watch = *watch;
	*watch = (struct tell_watch){ 0 };
	r->loaded = r->seen = tell_watch_print(&r->watch);
}

void tell_reload_plan(struct tell_service *s, const struct tell_stack *stack)
{
	struct tell_reload *r = &s->reload;
	bool sighup = stack && tell_stack_wants_sighup(stack) &&
		tell_service_thread_allowed(s);
	bool changed = sighup != r->sighup;
	__atomic_store_n(
		&r->automatic, stack && tell_stack_reloads(stack), __ATOMIC_RELAXED);
	if (!changed)
		return;
	hear_out(r);
	__atomic_store_n(&r->sighup, sighup, __ATOMIC_RELEASE);
	keep_handler(s);
}

/* ---- when ---- */

static bool is_told(const struct tell_reload *r)
{
	return __atomic_load_n(&r->sighup, __ATOMIC_ACQUIRE) &&
		__atomic_load_n(&tell_process.hangups, __ATOMIC_ACQUIRE) !=
		__atomic_load_n(&r->heard, __ATOMIC_RELAXED);
}

/* True: it differs from what was loaded, and from the last look no more. */
static bool is_changed(struct tell_reload *r)
{
	uint64_t before = r->seen;
	if (!r->automatic || !r->watch.n)
		return false;
	r->seen = tell_watch_look(&r->watch);
	return r->seen != r->loaded && r->seen == before;
}

static void reload(struct tell_service *s, const char *why)
{
	char text[256];
	if (tell_service_start(s, NULL, true) < 0)
		return; /* it has said why, and status shows it */
	const struct tell_stack *stack = __atomic_load_n(&s->stack, __ATOMIC_ACQUIRE);
	int n = snprintf(text, sizeof(text), "stack reloaded, %s: %s", why,
		tell_stack_source(stack));
	tell_service_say(s, TELL_NOTICE, text,
		n < (int)sizeof(text) ? (size_t)n : sizeof(text) - 1);
}

static uint64_t look(struct tell_service *s, uint64_t now_ns)
{
	struct tell_reload *r = &s->reload;
	bool told = is_told(r);
	if (told)
		hear_out(r);
	r->look_ns = now_ns + LOOK_NS;
	if (!__atomic_load_n(&s->stack, __ATOMIC_ACQUIRE))
		return r->look_ns; /* closed, and this thread was left behind in a sink */
	if (told || is_changed(r))
		reload(s, told ? "SIGHUP came" : "a file changed");
	return r->look_ns;
}

uint64_t tell_reload_due(struct tell_service *s, uint64_t now_ns)
{
	struct tell_reload *r = &s->reload;
	if (now_ns < r->look_ns && !is_told(r))
		return r->look_ns;
	if (pthread_mutex_trylock(&tell_process.lock) != 0)
		return now_ns + SOON_NS;
	uint64_t next_ns = look(s, now_ns);
	bool idle = !r->sighup && !(r->automatic && r->watch.n);
	(void)pthread_mutex_unlock(&tell_process.lock);
	return idle ? UINT64_MAX : next_ns;
}

void tell_reload_done(struct tell_reload *r)
{
	tell_watch_done(&r->watch);
}
