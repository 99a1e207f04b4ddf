#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <telltale/log.h>
#include "base/clock.h"
#include "base/crash.h"
#include "record/record.h"
#include "stack/outbox_shared.h"

#define BATCH	64 /* records that come twice when we die between the two spools */
#define LOOK_NS (60 * TELL_NS_PER_SEC)
#define WAIT_NS TELL_NS_PER_SEC

/* Half of our own stays free for our own. */
static bool has_room(const struct tell_outbox *o)
{
	return o->spool->segments.bytes < o->options.limit / 2;
}

static int move(struct tell_outbox *o)
{
	struct tell_record r;
	for (int i = 0; i < BATCH && has_room(o); i++) {
		int n = tell_spool_next(o->left, &r);
		if (n <= 0)
			return n;
		n = tell_spool_append(o->spool, &r);
		if (n < 0)
			return n;
		tell_spool_sent(o->left);
	}
	return 0;
}

/* Into our own, and only then out of theirs; as if they had been in our own from the start:
 * found, and delivered without a count. 0 or -errno. */
static int move_batch(struct tell_outbox *o)
{
	uint64_t next = o->spool->next, damaged = o->left->damaged;
	int r = move(o);
	damaged = o->left->damaged - damaged;
	__atomic_fetch_add(&o->spool->damaged, damaged, __ATOMIC_RELAXED);
	o->spool->found += o->spool->next - next + damaged;
	o->counted = o->spool->next;
	TELL_CRASH_POINT("spool-adopted");
	int kept = tell_spool_flush(o->spool);
	if (kept == 0)
		kept = tell_spool_confirm(o->left, o->left->sent);
	return kept < 0 ? kept : r;
}

static bool begin(struct tell_outbox *o, struct tell_run *run, uint64_t now_ns)
{
	if (o->left)
		return true;
	if (now_ns < o->adopt_ns)
		return false;
	o->adopt_ns = now_ns + LOOK_NS;
	if (tell_spool_adopt(&o->left, o->spool) < 0)
		return false;
	tell_note(run, TELL_NOTICE, "spool-adopted",
		"%" PRIu64
		" records of a process that is gone are sent from its spool %s",
		tell_spool_waiting(o->left), o->left->path);
	return true;
}

uint64_t tell_outbox_adopt(struct tell_outbox *o, struct tell_run *run, uint64_t now_ns)
{
	char text[80];
	if (!begin(o, run, now_ns))
		return o->adopt_ns;
	if (!has_room(o))
		return now_ns + WAIT_NS;
	int r = move_batch(o);
	if (r == 0 && tell_spool_waiting(o->left))
		return now_ns;
	if (r < 0)
		tell_note(run, TELL_WARNING, "spool-adopt",
			"the spool %s stays for the next time: %s", o->left->path,
			strerror_r(-r, text, sizeof(text)));
	else
		o->adopt_ns = now_ns; /* there may be more */
	o->left = tell_spool_close(o->left);
	return o->adopt_ns;
}
