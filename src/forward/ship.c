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
	s->aside_said = s->lessened_said = false;
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

static bool set_aside(struct tell_ship *s, const struct tell_batch *b,
	struct range *ranges, size_t *n, const struct tell_answer *a)
{
	const struct range *r = &ranges[--*n];
	for (size_t i = r->from; i < r->to; i++)
		give_up(s, b, i, a);
	return true;
}

/* The range is two now, the first on top. */
static bool split(struct range *ranges, size_t *n, size_t at)
{
	struct range *r = &ranges[*n - 1];
	ranges[(*n)++] = (struct range){ r->from, at };
	r->from = at;
	return true;
}

static bool halve(struct tell_ship *s, const struct tell_batch *b, struct range *ranges,
	size_t *n, const struct tell_answer *a)
{
	const struct range *r = &ranges[*n - 1];
	if (r->to - r->from == 1 || *n == RANGES)
		return set_aside(s, b, ranges, n, a);
	return split(ranges, n, r->from + (r->to - r->from) / 2);
}

/* At the end of a stream, as near to the middle as can be. */
static bool split_streams(const struct tell_batch *b, struct range *ranges, size_t *n)
{
	const struct range *r = &ranges[*n - 1];
	size_t at = tell_batch_stream_end(b, r->from), next;
	if (at >= r->to || *n == RANGES)
		return false;
	while ((next = tell_batch_stream_end(b, at)) < r->to &&
		next - r->from <= (r->to - r->from) / 2)
		at = next;
	return split(ranges, n, at);
}

/* What is not there is set aside; the others alone show whether they are. */
static bool settle_streams(struct tell_ship *s, struct tell_batch *b,
	struct range *ranges, size_t *n, const struct tell_answer *a)
{
	struct range *r = &ranges[*n - 1];
	size_t at;
	if (!tell_batch_part(b, r->from, r->to, s->target->has_stream, s->state, &at))
		return !wait_for(s, a);
	if (at == r->to) /* the target cannot tell */
		return halve(s, b, ranges, n, a);
	for (size_t i = at; i < r->to; i++)
		give_up(s, b, i, a);
	r->to = at;
	return true;
}

/* Entries of streams that are there are stored by now; sent again they are the same. */
static bool next_streams(struct tell_ship *s, struct tell_batch *b, struct range *ranges,
	size_t *n, const struct tell_answer *a)
{
	const struct range *r = &ranges[*n - 1];
	size_t lessened = 0;
	switch (s->target->streams(s->state, b, r->from, r->to, &lessened)) {
	case TELL_STREAMS_ASK:
		return split_streams(b, ranges, n) || set_aside(s, b, ranges, n, a);
	case TELL_STREAMS_LESSER:
		s->counts.lessened += lessened;
		if (!s->lessened_said)
			say(s, "; new streams get fewer labels", a);
		s->lessened_said = true;
		return true;
	case TELL_STREAMS_SETTLED:
		break;
	}
	return settle_streams(s, b, ranges, n, a);
}

/* What becomes of the range: true, it is dealt with or is smaller now; false: stop. */
static bool settle(struct tell_ship *s, struct tell_batch *b, struct range *ranges,
	size_t *n, const struct tell_answer *a)
{
	struct range *r = &ranges[*n - 1];
	switch (a->kind) {
	case TELL_ANSWER_TAKEN:
	case TELL_ANSWER_PARTLY:
		answered(s);
		taken(s, r->to - r->from, a);
		(*n)--;
		return true;
	case TELL_ANSWER_BAD:
	case TELL_ANSWER_LARGE:
		answered(s);
		return halve(s, b, ranges, n, a);
	case TELL_ANSWER_STREAMS:
		answered(s);
		return next_streams(s, b, ranges, n, a);
	case TELL_ANSWER_LATER:
	case TELL_ANSWER_FORBIDDEN:
		s->counts.sent += a->taken;
		r->from += a->taken;
		return !wait_for(s, a);
	}
	return false;
}

/* The entries from *done to `to`, which are one group's. */
static bool ship_group(struct tell_ship *s, struct tell_batch *b, size_t *done, size_t to)
{
	struct range ranges[RANGES] = { { *done, to } };
	size_t n = 1;
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
			return false;
		}
	}
	*done = to;
	return true;
}

bool tell_ship(struct tell_ship *s, struct tell_batch *b, size_t *done)
{
	bool all = true;
	tell_batch_gather(b);
	while (all && *done < b->n)
		all = ship_group(s, b, done, tell_batch_group_end(b, *done));
	say_rest(s);
	return all;
}
