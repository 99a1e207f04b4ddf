#pragma once
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <telltale/module.h>

/* A sink that does not take records: what to say, and how patient to be.
 *
 * Patience: the first record waits to its deadline. Each record in a row that waited in
 *           vain halves what the next one may wait, down to a millisecond; the first one
 *           that gets through restores it. A frozen journald costs a service 100 ms, not
 *           50 ms a record.
 * Notes:    one when it begins, one when it is over, with the number of records that did
 *           not get through. `cause` pairs are literals: "journald-down", "journald-back".
 * Threads:  any number. */
struct tell_outage {
	const char *down, *back; /* causes for tell_note() */
	bool kept;		 /* what is refused waits in a spool */
	const char *what;	 /* "journald at /run/systemd/journal/socket" */
	_Atomic uint64_t lost;	 /* since it began; 0 and not held: all is well */
	_Atomic bool held;	 /* it began with what waits and may still get through */
	_Atomic uint32_t in_vain;
};

void tell_outage_init(
	struct tell_outage *o, const char *down, const char *back, const char *what);

/* In a forked child: what was lost was the parent's. */
void tell_outage_child(struct tell_outage *o);

/* When a record must give up; at most the run's deadline. */
uint64_t tell_outage_deadline(struct tell_outage *o, struct tell_run *run);

/* A record was not taken because of error (an errno, positive; why says it better, or is
 * NULL): says so, counts it, and gives the line's verdict. */
enum tell_verdict tell_outage_lost(
	struct tell_outage *o, struct tell_run *run, int error, const char *why);

/* What waits in the sink could not be written: says so, as above, but a record that waits is not
 * lost. n: of those that are (their sync failed). */
void tell_outage_held(struct tell_outage *o, struct tell_run *run, int error,
	const char *why, uint64_t n);

/* n records that were taken already, and waited, will not get out any more: says so. */
void tell_outage_dropped(struct tell_outage *o, struct tell_run *run, uint64_t n);

void tell_outage_over(struct tell_outage *o, struct tell_run *run);

/* A record was taken. */
static inline enum tell_verdict tell_outage_taken(
	struct tell_outage *o, struct tell_run *run)
{
	if (__builtin_expect(atomic_load_explicit(&o->lost, memory_order_relaxed) != 0 ||
			    atomic_load_explicit(&o->held, memory_order_relaxed) ||
			    (o->kept &&
				    atomic_load_explicit(
					    &o->in_vain, memory_order_relaxed)),
		    0))
		tell_outage_over(o, run);
	return TELL_SUCCESS;
}
