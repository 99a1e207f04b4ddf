#include "api/health.h"
#include <stdio.h>
#include <string.h>
#include "api/deliver.h"
#include "api/helper.h"
#include "api/process.h"
#include "base/clock.h"
#include "record/event.h"
#include "record/slot.h"

#define END_NS	 (100 * TELL_NS_PER_MS) /* for a line that is being asked */
#define AGAIN_NS (60 * TELL_NS_PER_SEC) /* to try for a thread */

static struct tell_helper *helper_of(const struct tell_service *s)
{
	return __atomic_load_n(&s->helper, __ATOMIC_ACQUIRE);
}

static void wake(void *service)
{
	struct tell_service *s = service;
	tell_service_thread_wake(&s->thread);
}

/* The helper has the lines of this stack, which is announced. */
static void keep(struct tell_service *s, struct tell_stack *stack, uint64_t now_ns)
{
	struct tell_helper *h = helper_of(s);
	if (!h && stack && tell_stack_is_asked(stack) &&
		tell_helper_new(&h, wake, s) == 0)
		__atomic_store_n(&s->helper, h, __ATOMIC_RELEASE);
	if (!h)
		return; /* no lines, or no memory: then at the next look */
	if (h->round.stack == stack && now_ns < s->helper_next_ns)
		return; /* only this thread sets it */
	s->helper_next_ns = tell_helper_set(h, stack, s->run_id) < 0 ? now_ns + AGAIN_NS
								     : UINT64_MAX;
}

/* ---- saying ---- */

static int level_of(enum tell_health_status was, enum tell_health_status is)
{
	switch (is) {
	case TELL_UNHEALTHY:
		return TELL_ERROR;
	case TELL_DEGRADED:
		return was == TELL_UNHEALTHY ? TELL_NOTICE : TELL_WARNING;
	case TELL_HEALTHY:
		return was == TELL_HEALTH_UNKNOWN ? TELL_INFO : TELL_NOTICE;
	case TELL_HEALTH_UNKNOWN:
		break;
	}
	return TELL_NOTICE;
}

/* The fields of what a line said, as they are; its message is the field `reason`. */
static void add_details(struct tell_record *r, const struct tell_record *said)
{
	struct tell_value v;
	for (uint32_t pos = 0; said->head && tell_record_next(said, &pos, &v);) {
		char name[256];
		bool message = v.key == TELL_KEY_MESSAGE;
		memcpy(name, v.name, v.name_len); /* at most 255 */
		name[v.name_len] = '\0';
		struct tell_field f = tell__field(message ? "reason" : name, v.type);
		f.len = v.len;
		if (tell_type_is_number(v.type))
			memcpy(&f.v, v.data, sizeof(f.v));
		else
			f.v.ptr = v.data;
		if (v.type != TELL_TYPE_LIST)
			tell_record_add(r, &f, 1, 0, NULL);
	}
}

static enum tell_event event_of(enum tell_health_status is)
{
	return is == TELL_UNHEALTHY   ? TELL_EVENT_HEALTH_DOWN
		: is == TELL_DEGRADED ? TELL_EVENT_HEALTH_DEGRADED
		: is == TELL_HEALTHY  ? TELL_EVENT_HEALTH_UP
				      : TELL_EVENT_HEALTH;
}

static void head_of(struct tell_record *r, int level, const char *check,
	enum tell_health_status was, enum tell_health_status is)
{
	char text[96];
	int n = check ? snprintf(text, sizeof(text), "check %s is %s, was %s", check,
				tell_health_word(is), tell_health_word(was))
		      : snprintf(text, sizeof(text), "health is %s, was %s",
				tell_health_word(is), tell_health_word(was));
	r->head->level = (uint8_t)level;
	r->head->place = tell_deliver_own_place();
	tell_record_own_message(r, text, (size_t)n); /* names are short: it fits */
	tell_record_event(r, check ? TELL_EVENT_HEALTH_CHECK : event_of(is));
}

/* One that is found well says what the service's own record says of all: for who looks closer. */
static int level_of_check(enum tell_health_status was, enum tell_health_status is)
{
	return was == TELL_HEALTH_UNKNOWN && is == TELL_HEALTHY ? TELL_DEBUG
								: level_of(was, is);
}

static void set_told(
	struct tell_round_line *line, enum tell_health_status is, uint64_t realtime_ns)
{
	line->told = is;
	line->since_ns = realtime_ns;
}

static void fill_check(struct tell_record *r, struct tell_round_line *line,
	enum tell_health_status is, uint64_t realtime_ns)
{
	enum tell_health_status was = line->told;
	uint64_t since_ns = line->since_ns ? line->since_ns : realtime_ns;
	head_of(r, level_of_check(was, is), line->line.name, was, is);
	add_details(r, &line->said);
	const struct tell_field fields[] = {
		tell_str("check", line->line.name),
		tell_str("health", tell_health_word(is)),
		tell_str("health_was", tell_health_word(was)),
		tell_str("verdict", tell_verdict_word(line->verdict)),
		tell_ns("latency", line->latency_ns),
		tell_ns("was_for", realtime_ns - since_ns),
	};
	tell_record_add(r, fields, sizeof(fields) / sizeof(fields[0]), 0, NULL);
	set_told(line, is, realtime_ns);
}

static void fill_service(struct tell_record *r, struct tell_service *s,
	enum tell_health_status is, uint64_t realtime_ns)
{
	enum tell_health_status was = s->health_told;
	uint64_t since_ns = s->health_since_ns ? s->health_since_ns : realtime_ns;
	head_of(r, level_of(was, is), NULL, was, is);
	const struct tell_field fields[] = {
		tell_str("health", tell_health_word(is)),
		tell_str("health_was", tell_health_word(was)),
		tell_ns("was_for", realtime_ns - since_ns),
	};
	tell_record_add(r, fields, sizeof(fields) / sizeof(fields[0]), 0, NULL);
	__atomic_store_n(&s->health_told, is, __ATOMIC_RELAXED);
	__atomic_store_n(&s->health_since_ns, realtime_ns, __ATOMIC_RELAXED);
}

/* The next thing to send into r, which is begun. False: there is none. */
static bool fill_next(struct tell_service *s, struct tell_record *r, uint64_t now_ns)
{
	struct tell_round *round = &s->helper->round;
	uint64_t realtime_ns = tell_clock_realtime_ns();
	int least = round->stack ? tell_stack_threshold(round->stack) : TELL_INFO;
	for (size_t i = 0; i < round->n; i++) {
		struct tell_round_line *line = &round->lines[i];
		enum tell_health_status is = tell_round_check(round, i, now_ns);
		bool news = line->line.health && is != line->told;
		if (news && level_of_check(line->told, is) <= least) {
			fill_check(r, line, is, realtime_ns);
			return true;
		}
		if (news)
			set_told(line, is, realtime_ns);
		if (line->unsent) {
			line->unsent = false;
			return tell_deliver_copy(r, &line->said) == 0;
		}
	}
	enum tell_health_status is = tell_round_status(round, now_ns);
	if (is != s->health_told)
		fill_service(r, s, is, realtime_ns);
	return r->head->n_slots > 0;
}

/* All that is new, a record each; the stack is announced. */
static void say_news(struct tell_service *s, struct tell_thread *t,
	struct tell_stack *stack, uint64_t now_ns)
{
	struct tell_helper *h = s->helper;
	for (bool more = true; more;) {
		if (!tell_deliver_begin_own(t, s, stack, TELL_INFO))
			break;
		(void)pthread_mutex_lock(&h->lock); /* a default mutex: no errors */
		more = fill_next(s, &t->record, now_ns);
		(void)pthread_cond_signal(&h->change); /* what was unsent may be due */
		(void)pthread_mutex_unlock(&h->lock);
		if (more)
			(void)tell_deliver_made(t, s, stack); /* counted */
	}
	tell_record_rest(&t->record);
}

static void say_notes(
	struct tell_service *s, struct tell_thread *t, struct tell_stack *stack)
{
	struct tell_helper *h = s->helper;
	struct tell_notes *mine = tell_deliver_notes_of(t);
	(void)pthread_mutex_lock(&h->lock);
	if (mine && h->notes.n) {
		*mine = h->notes;
		mine->deadline_ns = 0;
	}
	h->notes.n = 0;
	(void)pthread_mutex_unlock(&h->lock);
	tell_deliver_notes(t, s, stack);
}

uint64_t tell_health_due(struct tell_service *s, uint64_t now_ns)
{
	struct tell_thread *t = tell_thread_self();
	struct tell_stack *stack = t ? tell_service_enter_open(s, t) : NULL;
	uint64_t due_ns = UINT64_MAX;
	if (stack)
		keep(s, stack, now_ns);
	struct tell_helper *h = helper_of(s);
	if (stack && h) {
		say_notes(s, t, stack);
		say_news(s, t, stack, now_ns);
		(void)pthread_mutex_lock(&h->lock);
		due_ns = tell_round_until(&h->round, now_ns);
		uint64_t notify_ns = tell_notify_due(&s->notify, &h->round, now_ns);
		due_ns = notify_ns < due_ns ? notify_ns : due_ns;
		uint64_t relieve_ns = tell_helper_relieve(h, now_ns);
		due_ns = relieve_ns < due_ns ? relieve_ns : due_ns;
		(void)pthread_mutex_unlock(&h->lock);
	}
	if (t)
		tell_service_leave(t);
	return due_ns;
}

/* ---- its end ---- */

void tell_health_end(struct tell_service *s)
{
	struct tell_helper *h = helper_of(s);
	if (!h)
		return;
	tell_helper_stop(h, tell_clock_monotonic_ns() + END_NS);
	(void)tell_helper_set(h, NULL, 0); /* nothing to start */
}

void tell_health_child(struct tell_service *s)
{
	/* Its lock may be held by a thread that is not here: left alone. */
	s->helper = NULL;
	s->helper_next_ns = 0;
	s->health_told = TELL_HEALTH_UNKNOWN;
	s->health_since_ns = 0;
	s->notify = (struct tell_notify){ .in_child = true };
}

void tell_health_done(struct tell_service *s)
{
	s->helper = tell_helper_free(s->helper);
}

const struct tell_round *tell_health_borrow(const struct tell_service *s)
{
	struct tell_helper *h = helper_of(s);
	if (!h)
		return NULL;
	(void)pthread_mutex_lock(&h->lock);
	return &h->round;
}

void tell_health_return(const struct tell_service *s)
{
	(void)pthread_mutex_unlock(&helper_of(s)->lock);
}
