#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <telltale/health.h>
#include "record/record.h"
#include "stack/timed.h"

/* A stack's metric and health lines: when each is to be asked, and what it answered last.
 *
 *	size_t i = tell_round_next(&r, now_ns, &due_ns);
 *	if (i != TELL_ROUND_NONE)
 *		tell_round_begin(&r, i, now_ns);
 *	... ask, without a lock ...
 *	tell_round_end(&r, i, &answer);
 *
 * Shape:   a line each, in the order of tell_stack_next_timed(). An answer is kept over a reload
 *          by the line's name.
 * Limit:   TELL_ROUND_LINES lines; further ones are never asked.
 * Clock:   the caller passes the time.
 * Threads: the owner's lock (api/helper.h). */
#define TELL_ROUND_LINES 64
#define TELL_ROUND_NONE	 SIZE_MAX
#define TELL_ROUND_GRACE_NS                                                              \
	(UINT64_C(1) * 1000000000) /* behind its timeout: then it hangs */

struct tell_stack;

struct tell_answer {
	enum tell_verdict verdict;
	uint64_t begun_ns, ended_ns; /* CLOCK_MONOTONIC */
	uint64_t at_ns;		     /* realtime */
	const struct tell_record *said;
};

struct tell_round_line {
	struct tell_timed line;
	uint64_t due_ns;
	bool busy; /* it is being asked, since: */
	uint64_t busy_since_ns;
	bool known; /* it has answered */
	enum tell_verdict verdict;
	uint64_t ended_ns, at_ns, latency_ns;
	struct tell_record said; /* the message is the reason, fields are details */
	bool unsent;		 /* of a metric line: said is on its way to the sinks */
	/* Of a health line, as last told: */
	enum tell_health_status told;
	uint64_t since_ns; /* realtime */
};

struct tell_round {
	struct tell_stack *stack; /* held; NULL: none */
	struct tell_round_line *lines;
	size_t n;
	bool calling; /* one of a callback is asked: two at once the program need not expect */
};

/* From now on the lines of this stack, which is held; NULL: none. Returns the one before, which
 * the caller releases when it holds no lock. Without memory there are no lines. */
struct tell_stack *tell_round_set(struct tell_round *r, struct tell_stack *stack);

/* The line that has been due for the longest, or TELL_ROUND_NONE; *ret_due_ns: when the next
 * will be, UINT64_MAX: never. One whose record is unsent waits, as does a callback for another. */
size_t tell_round_next(const struct tell_round *r, uint64_t now_ns, uint64_t *ret_due_ns);

/* It is asked; it has answered. */
void tell_round_begin(struct tell_round *r, size_t i, uint64_t now_ns);
void tell_round_end(struct tell_round *r, size_t i, const struct tell_answer *answer);

/* Is it a function of the program? */
bool tell_round_calls(const struct tell_round *r, size_t i);

/* Nobody is being asked any more: who asked is left behind. */
void tell_round_forget(struct tell_round *r);

/* What line i says at this time. TELL_TIMEOUT: it hangs, or is kept from being asked. */
enum tell_verdict tell_round_verdict(
	const struct tell_round *r, size_t i, uint64_t now_ns);
enum tell_health_status tell_round_check(
	const struct tell_round *r, size_t i, uint64_t now_ns);

/* The stack's verdict over all; is no line with live=yes failing? */
enum tell_health_status tell_round_status(const struct tell_round *r, uint64_t now_ns);
bool tell_round_live(const struct tell_round *r, uint64_t now_ns);

/* Until when that is so, if nobody answers: UINT64_MAX is for ever. */
uint64_t tell_round_until(const struct tell_round *r, uint64_t now_ns);
