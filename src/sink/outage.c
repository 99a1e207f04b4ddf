#include "sink/outage.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <telltale/log.h>

#include "base/clock.h"

#define KEPT_IN_VAIN  1000
#define WAIT_LEAST_NS TELL_NS_PER_MS

void tell_outage_init(
	struct tell_outage *o, const char *down, const char *back, const char *what)
{
	o->kept = false;
	o->down = down;
	o->back = back;
	o->what = what;
	atomic_init(&o->lost, 0);
	atomic_init(&o->held, false);
	atomic_init(&o->in_vain, 0);
}

void tell_outage_child(struct tell_outage *o)
{
	atomic_store(&o->lost, 0);
	atomic_store(&o->held, false);
}

uint64_t tell_outage_deadline(struct tell_outage *o, struct tell_run *run)
{
	uint64_t deadline_ns = tell_run_deadline(run);
	uint32_t in_vain = atomic_load_explicit(&o->in_vain, memory_order_relaxed);

	if (in_vain == 0)
		return deadline_ns;
	uint64_t wait_ns = run->budget_ms * TELL_NS_PER_MS;
	wait_ns = in_vain < 63 ? wait_ns >> in_vain : 0;
	if (wait_ns < WAIT_LEAST_NS)
		wait_ns = WAIT_LEAST_NS;
	uint64_t patient_ns = tell_clock_monotonic_ns() + wait_ns;
	return patient_ns < deadline_ns ? patient_ns : deadline_ns;
}

static enum tell_verdict verdict_of(int error)
{
	switch (error) {
	case ETIMEDOUT:
		return TELL_TIMEOUT;
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
	case ETOOMANYREFS: /* unix(7): too many descriptors on their way */
		return TELL_FULL;
	case EMSGSIZE:
		return TELL_INVALID;
	case ENOMEM:
	case EIO:
		return TELL_FAILED;
	default: /* nobody there, not allowed there, read-only there */
		return TELL_UNAVAILABLE;
	}
}

static void say_down(
	struct tell_outage *o, struct tell_run *run, int error, const char *why)
{
	char text[80];

	tell_note(run, TELL_WARNING, o->down, "%s does not take records: %s", o->what,
		why ? why : strerror_r(error, text, sizeof(text)));
}

void tell_outage_held(struct tell_outage *o, struct tell_run *run, int error,
	const char *why, uint64_t n)
{
	if (!atomic_exchange(&o->held, true) && atomic_load(&o->lost) == 0)
		say_down(o, run, error, why);
	(void)atomic_fetch_add(&o->lost, n);
}

enum tell_verdict tell_outage_lost(
	struct tell_outage *o, struct tell_run *run, int error, const char *why)
{
	enum tell_verdict verdict = verdict_of(error);

	if (verdict == TELL_INVALID) /* this record alone: the sink is well */
		return verdict;
	if (verdict == TELL_TIMEOUT)
		atomic_fetch_add_explicit(&o->in_vain, 1, memory_order_relaxed);
	/* With a spool nobody waits: only a row of them is worth a word. */
	if (o->kept && verdict == TELL_TIMEOUT &&
		atomic_load_explicit(&o->in_vain, memory_order_relaxed) < KEPT_IN_VAIN)
		return verdict;
	if (atomic_fetch_add(&o->lost, 1) == 0 && !atomic_load(&o->held))
		say_down(o, run, error, why);
	return verdict;
}

void tell_outage_dropped(struct tell_outage *o, struct tell_run *run, uint64_t n)
{
	if (n)
		tell_note(run, TELL_WARNING, "dropped",
			"%s: %" PRIu64 " %s taken already and did not get out in time",
			o->what, n, n == 1 ? "record was" : "records were");
}

void tell_outage_over(struct tell_outage *o, struct tell_run *run)
{
	bool held = atomic_exchange(&o->held, false);
	uint64_t lost = atomic_exchange(&o->lost, 0);

	atomic_store_explicit(&o->in_vain, 0, memory_order_relaxed);
	if (lost && o->kept)
		tell_note(run, TELL_NOTICE, o->back,
			"%s takes records again; what waits in its spool follows",
			o->what);
	else if (lost) /* else another thread was first to say it */
		tell_note(run, TELL_NOTICE, o->back,
			"%s takes records again; %" PRIu64 " did not get through",
			o->what, lost);
	else if (held)
		tell_note(run, TELL_NOTICE, o->back, "%s takes records again", o->what);
}
