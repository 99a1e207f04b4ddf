#include "forward/ship.h"
#include <inttypes.h>
#include <stdio.h>
#include "base/clock.h"

#define RANGES 32 /* halves of halves: more than any batch has */

struct range {
	size_t from, to;
};

/* A number that differs between two forwarders whose receiver came back (xorshift). */
static uint64_t chance(struct tell_ship *s)
{
	s->seed ^= s->seed << 13;
	s->seed ^= s->seed >> 7;
	s->seed ^= s->seed << 17;
	return s->seed;
}

/* Twice as long each time, from half of that to all of it. */
static uint64_t pause_ms(struct tell_ship *s, const struct tell_answer *a)
{
	uint64_t most = TELL_SHIP_WAIT_MS;
	for (unsigned i = 1; i < s->failures && most < TELL_SHIP_WAIT_MAX_MS; i++)
		most *= 2;
	if (a->kind == TELL_ANSWER_FORBIDDEN)
		most = 2 * TELL_SHIP_FORBIDDEN_MS;
	if (most > TELL_SHIP_WAIT_MAX_MS)
		most = TELL_SHIP_WAIT_MAX_MS;
	uint64_t ms = most / 2;
	if (a->kind != TELL_ANSWER_FORBIDDEN)
		ms += chance(s) % (most / 2);
	return a->wait_ms > ms ? a->wait_ms : ms;
}

static void say(struct tell_ship *s, const char *what, const struct tell_answer *a)
{
	char text[TELL_ANSWER_WHY + 100];
	(void)snprintf(text, sizeof(text), "%s%s", a->why, what);
	s->say(s->arg, text);
}

/* The first failure of several, and then each time the wait is long, is said. */
static bool wait_for(struct tell_ship *s, const struct tell_answer *a)
{
	s->failures++;
	s->counts.again++;
	if (!s->away_us)
		s->away_us = tell_clock_realtime_ns() / 1000;
	uint64_t ms = pause_ms(s, a);
	if (s->failures == 1 || a->kind == TELL_ANSWER_FORBIDDEN || ms >= 60000) {
		char what[60];
		(void)snprintf(what, sizeof(what), "; again in %u s",
			(unsigned)((ms + 999) / 1000));
		say(s, what, a);
	}
	return s->wait(s->arg, ms);
}

static void give_up(struct tell_ship *s, const struct tell_batch *b, size_t i,
	const struct tell_answer *a)
{
	s->counts.refused++;
	if (s->aside(s->arg, b, i, a->why))
		s->counts.aside++;
	if (s->aside_said)
		s->unsaid++;
	else
		say(s, "; this record is set aside", a);
	s->aside_said = true;
}

/* A line a batch, not one a record: a limit of streams refuses thousands. */
static void say_rest(struct tell_ship *s)
{
	char text[80];
	(void)snprintf(text, sizeof(text),
		"and %" PRIu64 " more of its batch are set aside", s->unsaid);
	if (s->unsaid)
		s->say(s->arg, text);
	s->unsaid = 0;
	s->aside_said = false;
}

static void taken(struct tell_ship *s, size_t n, const struct tell_answer *a)
{
	uint64_t refused = a->kind == TELL_ANSWER_PARTLY ? a->refused : 0;
	refused = refused > n ? n : refused;
	if (s->failures)
		s->say(s->arg, "it takes records again");
	s->failures = 0;
	s->counts.sent += n - refused;
	s->counts.refused += refused;
	if (refused)
		say(s, "", a);
}

static void send_range(struct tell_ship *s, const struct tell_batch *b,
	const struct range *r, struct tell_answer *ret)
{
	*ret = (struct tell_answer){ .kind = TELL_ANSWER_LATER };
	tell_buf_clear(&s->body);
	s->target->body(s->state, b, r->from, r->to, &s->body);
	if (s->body.cut) {
		tell_answer_set(ret,
			r->to - r->from > 1 ? TELL_ANSWER_LARGE : TELL_ANSWER_BAD,
			"no memory for a request");
		return;
	}
	s->target->send(s->state, &s->body, r->to - r->from, ret);
	s->counts.bytes += ret->bytes;
}

/* It has answered: it is there, whatever it said. */
static void answered(struct tell_ship *s)
{
	s->counts.requests++;
	s->away_us = 0;
}

/* What becomes of the range: true, it is dealt with or is smaller now; false: stop. */
static bool settle(struct tell_ship *s, const struct tell_batch *b, struct range *ranges,
	size_t *n, const struct tell_answer *a)
{
	struct range *r = &ranges[*n - 1];
	size_t many = r->to - r->from;
	switch (a->kind) {
	case TELL_ANSWER_TAKEN:
	case TELL_ANSWER_PARTLY:
		answered(s);
		taken(s, many, a);
		(*n)--;
		return true;
	case TELL_ANSWER_BAD:
	case TELL_ANSWER_LARGE:
		answered(s);
		if (many == 1 || *n == RANGES) {
			for (size_t i = r->from; i < r->to; i++)
				give_up(s, b, i, a);
			(*n)--;
			return true;
		}
		ranges[*n] = (struct range){ r->from, r->from + many / 2 };
		r->from += many / 2;
		(*n)++;
		return true;
	case TELL_ANSWER_LATER:
	case TELL_ANSWER_FORBIDDEN:
		s->counts.sent += a->taken;
		r->from += a->taken;
		return !wait_for(s, a);
	}
	return false;
}

bool tell_ship(struct tell_ship *s, const struct tell_batch *b, size_t *done)
{
	struct range ranges[RANGES] = { { *done, b->n } };
	size_t n = b->n > *done;
	while (n) {
		struct tell_answer a;
		struct range *r = &ranges[n - 1];
		*done = r->from;
		if (r->from == r->to) { /* the last of it was acknowledged, late */
			n--;
			continue;
		}
		send_range(s, b, r, &a);
		if (!settle(s, b, ranges, &n, &a)) {
			*done = ranges[n - 1].from;
			say_rest(s);
			return false;
		}
	}
	*done = b->n;
	say_rest(s);
	return true;
}
