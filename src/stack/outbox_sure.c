#include <string.h>
#include "base/clock.h"
#include "stack/chain.h"
#include "stack/outbox_shared.h"

/* What of a spool is with the peer for sure. */

static void rewind_all(struct tell_outbox *o)
{
	o->again += o->spool->sent - o->spool->confirmed;
	tell_spool_rewind(o->spool);
	o->n_marks = 0;
}

void tell_outbox_mark(struct tell_outbox *o, uint64_t given)
{
	uint64_t now_ns = tell_clock_monotonic_ns();
	struct tell_mark *m = o->n_marks ? &o->marks[o->n_marks - 1] : NULL;
	bool joins = m && now_ns - m->began_ns < TELL_OUTBOX_HOLD_NS / (TELL_MARKS / 2);
	if (!joins && o->n_marks < TELL_MARKS) {
		m = &o->marks[o->n_marks++];
		m->began_ns = now_ns;
	}
	m->end = o->spool->sent;
	m->given = given;
	m->at_ns = now_ns;
}

static void forget_marks(struct tell_outbox *o, size_t n)
{
	o->n_marks -= n;
	memmove(o->marks, o->marks + n, o->n_marks * sizeof(o->marks[0]));
}

/* A connection broke. What its peer had acknowledged goes again, but not for ever: how long it
 * lived on with each is added up, so that a receiver whose connections are short gets done. */
static void credit(struct tell_outbox *o, uint64_t now_ns)
{
	uint64_t end = 0, lived_ns = 0, first_ns = now_ns - o->marks[0].at_ns;
	for (size_t i = 0; i < o->n_marks && o->marks[i].given <= o->acknowledged; i++) {
		uint64_t ns = now_ns - o->marks[i].at_ns;
		if (ns < first_ns / 2)
			break; /* the newer ones count with the next connection */
		end = o->marks[i].end;
		lived_ns = ns;
	}
	if (end == 0)
		return;
	bool same = o->held_end > o->spool->confirmed && o->held_end <= end;
	o->held_ns = same ? o->held_ns + lived_ns : lived_ns;
	o->held_end = same ? o->held_end : end;
	if (o->held_ns >= TELL_OUTBOX_HOLD_NS)
		(void)tell_spool_confirm(o->spool, o->held_end);
}

struct tell_link *tell_outbox_sender(const struct tell_outbox *o, struct tell_link *link)
{
	bool newer = o->owner && o->owner->outbox_turn > link->outbox_turn;
	return newer ? o->owner : link;
}

/* The connection of the line before is whole and will end in order: what its peer has
 * acknowledged is enough, and need not come twice. */
static void take_over(struct tell_outbox *o)
{
	if (o->owner)
		(void)tell_outbox_look(o, o->owner, false);
}

bool tell_outbox_look(struct tell_outbox *o, struct tell_link *link, bool hold)
{
	struct tell_progress p = { .look = true };
	size_t n = 0;
	uint64_t now_ns = tell_clock_monotonic_ns();
	if (o->owner != link)
		take_over(o);
	o->looked_ns = now_ns;
	if (!link->module->progress || !link->module->progress(link->state, &p)) {
		(void)tell_spool_confirm(o->spool, o->spool->sent); /* or twice */
		o->owner = link;
		return true;
	}
	if (p.connection != o->connection || o->owner != link) {
		bool lost = o->spool->sent != o->spool->confirmed;
		if (o->owner == link)
			credit(o, now_ns);
		o->connection = p.connection;
		o->owner = link;
		rewind_all(o);
		return !lost;
	}
	o->acknowledged = p.confirmed;
	while (n < o->n_marks && o->marks[n].given <= p.confirmed &&
		(!hold || now_ns - o->marks[n].at_ns >= TELL_OUTBOX_HOLD_NS))
		n++;
	if (n) {
		(void)tell_spool_confirm(o->spool, o->marks[n - 1].end);
		forget_marks(o, n);
	}
	return true;
}

bool tell_outbox_acknowledged(const struct tell_outbox *o)
{
	return o->spool->sent == o->spool->next &&
		(o->n_marks == 0 || o->marks[o->n_marks - 1].given <= o->acknowledged);
}
