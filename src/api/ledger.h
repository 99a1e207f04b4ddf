#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "stack/stack.h"

/* The ledger: what became of a service's records, by sink and reason, over all its stacks.
 *
 * Rows:    a sink is known by its module's name, the second of that name in a stack as
 *          "file#2", so that a reload goes on counting in the same row.
 * Sums:    a row: offered = delivered + spooled + dropped; records a sink's min= passed by
 *          were not offered. The whole: see struct tell_stack_stats. Exact when nobody logs.
 * Limit:   TELL_LEDGER_ROWS, _KINDS, _COUNTS; what is beyond shares the last.
 * Threads: one owner at a time; reads a stack's counters while they run. */
#define TELL_LEDGER_ROWS 16
#define TELL_LEDGER_NAME 32

struct tell_ledger_row {
	char sink[TELL_LEDGER_NAME];
	uint64_t verdicts[TELL_N_VERDICTS];
	uint64_t cut; /* delivered, or tried to, cut to the sink's limit */
	uint64_t opened, turned_away; /* its breaker; so many are of the dropped ones */
	enum tell_breaker_state breaker; /* of the stack in force */
	uint64_t left_ns;
	bool spools; /* has a spool, which is the stack's in force */
	struct tell_outbox_stats spool;
};

/* What redact lines have masked, by the kind that they call it. */
#define TELL_LEDGER_KINDS 24

struct tell_ledger_kind {
	char word[TELL_LEDGER_NAME];
	uint64_t n;
};

/* What filter lines that count anything have counted, and the records they kept: "kept". */
#define TELL_LEDGER_COUNTS 24

struct tell_ledger_count {
	char filter[TELL_LEDGER_NAME]; /* named as sinks are */
	char word[TELL_LEDGER_NAME];
	uint64_t n;
};

struct tell_ledger {
	struct tell_stack_stats sum; /* the service's */
	size_t n_kinds;
	struct tell_ledger_kind kinds[TELL_LEDGER_KINDS];
	size_t n_counts;
	struct tell_ledger_count counts[TELL_LEDGER_COUNTS];
	size_t n;
	struct tell_ledger_row rows[TELL_LEDGER_ROWS];
};

/* Add what a stack's lines have counted. */
void tell_ledger_add(struct tell_ledger *l, const struct tell_stack *stack);

/* Close the breakers of the sinks of this name ("": all). How many there are. */
size_t tell_ledger_reset(struct tell_stack *stack, const char *sink);

/* The row of this name; NULL: none. */
const struct tell_ledger_row *tell_ledger_row(
	const struct tell_ledger *l, const char *sink);

uint64_t tell_ledger_offered(const struct tell_ledger_row *row);

/* Is it one that keeps a record from getting there? */
bool tell_ledger_is_drop(enum tell_verdict v);

uint64_t tell_ledger_dropped(const struct tell_ledger_row *row);

/* Beside the sinks: who drops for want of room, and why. */
#define TELL_LEDGER_QUEUE      "queue"
#define TELL_LEDGER_QUEUE_FULL "full"

/* The same as metrics; process: also what belongs to no service. (ledger_collect.c) */
struct tell_collector;
void tell_ledger_collect(
	const struct tell_ledger *l, bool process, const struct tell_collector *to);
