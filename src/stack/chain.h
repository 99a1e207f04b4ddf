#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/pool.h"
#include "stack/args.h"
#include "stack/breaker.h"
#include "stack/notes.h"
#include "stack/outbox.h"
#include "stack/parse.h"
#include "stack/stack.h"
#include "stack/verdict.h"

/* Lines of one type, compiled: what a record runs through. Inside src/stack only.
 *
 * Threads: built by one; then read by any number, only the counters change. */
struct tell_link {
	enum tell_verdict (*run)(void *state, struct tell_run *run);
	void *state;
	enum tell_verdict answer; /* when run is NULL: the line has no module */
	struct tell_speaker speaker;
	bool shut;	   /* loaded but not opened (TELL_STACK_DRY): never run */
	bool last;	   /* of its chain */
	size_t at;	   /* its place in it */
	bool pardoned;	   /* -type and no such module: nobody minds */
	bool early;	   /* of redact: has run before the queue */
	uint8_t max_level; /* of a sink, min=: less bad records pass it by */
	const struct tell_module *module; /* NULL: none */
	const struct tell_args *args;	  /* NULL: not checked, or wrong */
	struct tell_line line;
	uint64_t verdicts[TELL_N_VERDICTS]; /* relaxed atomics */
	struct tell_breaker breaker;	    /* of a sink */
	struct tell_outbox *outbox; /* of a sink with spool=, which counts its verdicts */
	uint64_t outbox_turn;	    /* the higher of two lines is the newer one */
	struct {
		uint64_t until_ns;  /* nobody waits for it; 0: the reader does */
		bool behind;	    /* it could not take all at once */
		uint64_t waited_ns; /* since it was last looked at */
	} hurry; /* of a sink behind a queue, see stack/hurry.h; the reader's */
};

struct tell_chain {
	enum tell_chain_type type;
	size_t n;
	struct tell_rule *rules; /* n, as the verdict engine wants them */
	struct tell_link *links; /* n, one a rule */
	bool broken;		 /* a line of it cannot do what it says */
};

struct tell_stack {
	uint32_t refs; /* atomic: its owner, and who holds it */
	struct tell_chain chains[TELL_N_CHAINS];
	struct tell_chain rescue;      /* the default sinks, when a sink line is broken */
	const struct tell_link *queue; /* the line that keeps records; NULL: sync */
	uint64_t owed_since_ns; /* what was drained could not be flushed; the reader's */
	uint64_t queue_lost, hurry_look_ns; /* see stack/hurry.h; the reader's */
	bool hurried;
	uint64_t quick_mark; /* see tell_stack_quick_mark(); 0: no */
	struct tell_identity who;
	const char *source;
	size_t limit;
	int threshold;
	bool env_legacy;
	bool control_given, control; /* of `service settings` */
	bool reload_given, reload_no, sighup;
	bool format_said; /* that $TELLTALE_FORMAT is none */
	struct tell_pool pool;
	struct tell_causes causes;
	/* Written by every record: a cache line of their own. */
	struct {
		uint64_t filtered, delivered, undelivered, enrich_failed, masked;
		uint64_t recovered;
	} total __attribute__((aligned(64)));
};

/* The modules of this build, src/builtin.c; ends with NULL. Those of type "*" serve all. */
extern const struct tell_module *const tell_modules[];
/* Those that only the command has, for `telltale forward`; NULL in all other programs. */
extern const struct tell_module *const tell_modules_forward[]
	__attribute__((weak, visibility("hidden")));
/* The i-th of both, NULL behind the last. */
const struct tell_module *tell_module_at(size_t i);

/* The module of this type and name, or NULL. */
const struct tell_module *tell_module_of(enum tell_chain_type type, const char *name);

/* Compile lines into chain. What is wrong is in the report and makes the chain broken; the
 * line then answers TELL_UNKNOWN (no such module) or TELL_ABORT. 0 or -ENOMEM. */
int tell_chain_build(struct tell_chain *chain, enum tell_chain_type type,
	const struct tell_lines *lines, struct tell_stack *stack, unsigned flags,
	uint32_t *next_id, struct tell_report *report);

/* Of a stack whose chains are built: what holds for all of it. */
void tell_stack_settle(struct tell_stack *s, struct tell_report *report);

/* Closes the modules. */
void tell_chain_done(struct tell_chain *chain);

/* Ask one link, with notes in its name; does not count. */
enum tell_verdict tell_link_ask(const struct tell_link *link, struct tell_run *run);

/* All sinks together may keep a record's caller waiting this long (DESIGN 4). */
#define TELL_BUDGET_MS 50

/* Every value of the record becomes [REDACTED:error]. */
void tell_mask_all(struct tell_record *r);
#define TELL_MASKED "[REDACTED:error]"

/* The built-in default as stack text; sinks: also those, of what is there to write to. It
 * is the caller's buffer. */
void tell_default_text(struct tell_buf *out, unsigned flags, bool sinks);
#define TELL_DEFAULT_NAME "built-in default"

/* ---- quick.c ---- */

/* Does all that comes before the queue but redaction say the same of every record of one
 * level, so that it neither locks nor allocates? */
bool tell_stack_early_is_constant(const struct tell_stack *s);

/* Give the stack a mark if it may have one: once loaded, and in a child. */
void tell_stack_quick_renew(struct tell_stack *s);

/* Of struct tell_run: does a line of this chain hide every value, or some, of that name? */
bool tell_chain_hides(const void *redact, const char *name, size_t len);

/* n records that the chain's i-th line took are lost after all: in its ledger and, where the
 * chain would have failed without it, the stack's. src/stack/leftover.c */
void tell_stack_count_lost(
	struct tell_stack *s, struct tell_chain *chain, size_t i, uint64_t n);

/* ---- lookup.c ---- */

/* Find a service's file, or `other`, or an @include's: name in the directories of DESIGN
 * 4, an absolute name by itself. 0; -ENOENT, nothing reported; other errors are in the
 * report, at `at` (NULL: in the file as a whole). The text is the pool's. */
int tell_lookup(const char *name, struct tell_pool *pool, const struct tell_spot *at,
	struct tell_report *report, struct tell_text *ret);

/* What to do about a name that was not found: the file may lie beside the one that includes
 * it, one directory up (as our examples have it), or be installed where $TELLTALE_CONFDIR
 * hides it. A sentence in fix. */
void tell_lookup_fix(
	const char *name, const struct tell_spot *at, char *fix, size_t size);

/* Read one file with all checks of owner and mode. As above. */
int tell_lookup_file(const char *path, struct tell_pool *pool, const struct tell_spot *at,
	struct tell_report *report, struct tell_text *ret);
