#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <telltale/module.h>
#include "stack/breaker.h"
#include "stack/notes.h"
#include "stack/outbox.h"
#include "stack/report.h"

/* A service's lines, by type, ready to run: the coordinator of a record's way.
 *
 *	struct tell_stack *s = NULL;
 *	struct tell_report report = {0};
 *	int r = tell_stack_load(&s, &who, TELL_STACK_FIRST, &report);
 *	...
 *	enum tell_verdict v = tell_stack_run(s, &run);	 (each record)
 *
 * Shape:   compiled once, never changed but for its counters. A reload makes a new one; the
 *          caller swaps them and frees the old when no run is under way.
 * Threads: run, explain and reading the numbers: any number at a time, no lock here. load,
 *          free, flush, reopen and child: one thread at a time; free while nobody runs.
 * Source:  grammar and verdicts are Linux-PAM's (pam.conf(5)), see doc/verdicts.md. */
struct tell_stack;

/* ---- loading ---- */

/* First start: always come back with a stack. What is wrong is in the report; wrong lines
 * fail as libpam's would, a wrong sink line brings the default sink in, a wrong redact line
 * masks all values; a file that cannot be trusted or read is replaced by the built-in
 * default. Without this flag (reload, check) a wrong file is refused whole. */
#define TELL_STACK_FIRST 0x1
/* `telltale log` and `cat`: the built-in default does not look for a terminal. */
#define TELL_STACK_NO_TERMINAL 0x2
/* Find all faults but open no module: for `check` of stacks of other hosts or users. */
#define TELL_STACK_DRY 0x4
/* Open all modules but sinks, for tell_stack_explain() dry: no file is made, no peer is
 * asked. What a sink's open would find is looked at (struct tell_module, check): what can
 * never work is an error, what only this host or user lacks a warning. */
#define TELL_STACK_NO_SINKS 0x10
/* In a process that does not know of us: stderr may be a file of its own, so the built-in
 * default has no line that writes there, and nor do we. */
#define TELL_STACK_NO_STDERR 0x20
/* Only the built-in default, whatever files there are. */
#define TELL_STACK_BUILTIN 0x8
/* Sinks without their spools: who reads records from one must not put them into another. */
#define TELL_STACK_NO_SPOOL 0x40
/* The service that a forwarder itself is: of its own lines those hold that are no record's way
 * (metric, health, alert, service), of health there is one without any; it can be asked, is not
 * loaded anew, and says what it says to the system's own log alone. */
#define TELL_STACK_FORWARDER 0x80

/* Load the stack of who->service: $TELLTALE_CONFDIR alone when set (not in set-user-ID
 * programs), else /etc/telltale.d, then <prefix>/lib/telltale.d; per type the service's own
 * lines, else those of `other`, else the built-in ones. who's strings are copied. No file
 * at all is fine. Errors: -ENOMEM; without TELL_STACK_FIRST also -EBADMSG (wrong lines),
 * -EPERM (unsafe owner or mode), -EFBIG (over 1 MiB) or what open and read say. */
int tell_stack_load(struct tell_stack **ret, const struct tell_identity *who,
	unsigned flags, struct tell_report *report);

/* The same from memory; name stands for the file in messages. `include` and `@include`
 * lines are still looked up as above. */
int tell_stack_load_text(struct tell_stack **ret, const struct tell_identity *who,
	const char *name, const char *text, size_t len, unsigned flags,
	struct tell_report *report);

/* The same from one file, found by its path: `telltale check FILE`. */
int tell_stack_load_file(struct tell_stack **ret, const struct tell_identity *who,
	const char *path, unsigned flags, struct tell_report *report);

/* One way of several, for who runs each with a stack of its own: of the `source` and of the
 * `sink` lines, the one with this number from 0. How many there are comes back; 0: the stack
 * names none itself. Of `other` and the built-in default only `redact` and `sink` hold. text:
 * NULL to look who->service up. As the others. */
struct tell_stack_pick {
	size_t source, sink;
	size_t n_sources, n_sinks;
};
int tell_stack_load_picked(struct tell_stack **ret, const struct tell_identity *who,
	struct tell_stack_pick *pick, const char *name, const char *text, unsigned flags,
	struct tell_report *report);

/* NULL is allowed. Returns NULL. */
struct tell_stack *tell_stack_free(struct tell_stack *s);

/* Keep it for lines that are asked beside records (stack/timed.h): what is held when it is
 * freed closes all other lines, and those at the last release. Any thread. */
void tell_stack_hold(struct tell_stack *s);
void tell_stack_release(struct tell_stack *s);

/* ---- running ---- */

/* Walk the record through enrich, filter, redact, tell_record_trim() and the sinks: the
 * sinks' verdict (TELL_SUCCESS and TELL_SPOOLED are delivered), or TELL_IGNORE when a
 * filter dropped it: nothing further to do about it. run->record, who, out and work are set
 * by the caller, notes may be NULL; deadline_ns and budget_ms are set here. */
enum tell_verdict tell_stack_run(struct tell_stack *s, struct tell_run *run);

/* The same without the filters: for records of telltale itself, which no quota may hide. A
 * deadline that run has already, not 0, stays: they come in the wake of another record. */
enum tell_verdict tell_stack_run_unfiltered(struct tell_stack *s, struct tell_run *run);

/* The sinks alone, for a record that tell_stack_run() walked and none of them took; in the
 * ledger it is another one. */
enum tell_verdict tell_stack_offer(struct tell_stack *s, struct tell_run *run);

/* Has it a queue? Then tell_stack_run() ends when the record is in it (TELL_SPOOLED), and
 * one thread at a time calls tell_stack_drain(). */
bool tell_stack_has_queue(const struct tell_stack *s);

/* Memory of the queue for the calling thread's next record, see tell_record_begin_at();
 * NULL: none. */
void *tell_stack_reserve(const struct tell_stack *s, size_t *ret_room);

/* May calls take the short way into the queue once a call of their site went the long one:
 * nothing before the queue changes its answer from one record to the next? Then a number
 * that no other stack of the process ever had, and no other process after a fork; else 0. */
uint64_t tell_stack_quick_mark(const struct tell_stack *s);

/* With such a mark: the calling thread's lane, if the record's names are all ones whose
 * values stay, and in the ring's file. NULL: no. */
void *tell_stack_quick_lane(const struct tell_stack *s, const struct tell_record *r);

/* Take at most max records out of the queue and the rest of their way; then what sinks
 * gathered is flushed, and when all of it went through the queue's space is free again. run
 * as for tell_stack_run(), run->record is used for each; deadline_ns bounds the flush. How
 * many records. */
size_t tell_stack_drain(struct tell_stack *s, struct tell_run *run, size_t max);

/* A record of a signal's handler that came in the middle of another call: into the queue's
 * memory for such, without a lock or an allocation. fill() puts head, message and fields into
 * run->record, which may be done twice (see enum tell_record_fixed). Lines that may lock or
 * allocate come behind the queue; names that say secret are redacted here. TELL_SPOOLED: it
 * is in; TELL_IGNORE: filtered; TELL_LIMITED: no room, counted; else nothing happened, and
 * nothing is counted. */
typedef void tell_fill_fn(struct tell_record *r, void *arg);
enum tell_verdict tell_stack_nested(
	struct tell_stack *s, struct tell_run *run, tell_fill_fn *fill, void *arg);

/* One record that comes out of a queue, this stack's or a dead process's: from the redact
 * lines behind the queue on, copied into run->record. As tell_stack_run(). */
enum tell_verdict tell_stack_take(struct tell_stack *s, struct tell_run *run,
	const void *block, size_t len, uint64_t realtime_ns);

/* The redact lines alone, both parts, of a record that goes nowhere. */
void tell_stack_redact(struct tell_stack *s, struct tell_run *run);

/* The process ends: all further records go past the queue (run->past_queue). */
void tell_stack_end_queue(struct tell_stack *s);

/* Hand what sinks hold to where it goes, by run->deadline_ns. 0, or the first error. */
int tell_stack_flush(struct tell_stack *s, struct tell_run *run);

/* Have sinks do what no record waits for: module.h, tend. The service thread's. */
void tell_stack_tend(struct tell_stack *s, uint64_t now_ns);
/* Offer what waits in spools to its sinks: when to call again, monotonic; UINT64_MAX: nothing
 * waits. */
uint64_t tell_stack_pump(struct tell_stack *s, struct tell_run *run);

/* Ask the filters alone for sums that are due. */
void tell_stack_sum_up(struct tell_stack *s, struct tell_run *run);

/* What sinks took but still hold behind a flush that failed, when nobody waits for it any
 * longer: dropped, and said by run->notes. In the ledger it goes from delivered to lost: that
 * of its line, and the stack's where the chain would have failed without the line. Returns
 * how many records lines dropped, added up. */
uint64_t tell_stack_give_up(struct tell_stack *s, struct tell_run *run);

/* A stack in place of another that nobody walks any more: what that has left in spools which
 * both have is, in the ledger, this one's to hand on. */
void tell_stack_inherit(struct tell_stack *s, struct tell_stack *from);

/* Open files again (after logrotate). 0, or the first error. */
int tell_stack_reopen(struct tell_stack *s);

/* In a forked child, before its first record: its own pid, all numbers from zero. */
void tell_stack_child(struct tell_stack *s, const struct tell_identity *who);

/* ---- asking ---- */

/* The most verbose min= of its `filter level` lines; -1 without one. */
int tell_stack_threshold(const struct tell_stack *s);
/* `service settings`: bytes a record (TELL_RECORD_LIMIT unless set); may the old names
 * LOG_LEVEL and DEBUG be read (env=legacy)? */
size_t tell_stack_limit(const struct tell_stack *s);
bool tell_stack_env_legacy(const struct tell_stack *s);
/* Has it work for a service thread: a queue, metric, health or alert line, or is it asked in
 * so many words to look after itself: reload=auto, sighup=yes? */
bool tell_stack_has_work(const struct tell_stack *s);
/* `control=yes`; without the option: where it has work. */
bool tell_stack_wants_control(const struct tell_stack *s);
/* May a changed file be noticed (`reload=`), and SIGHUP be heard (`sighup=yes`)? */
bool tell_stack_reloads(const struct tell_stack *s);
bool tell_stack_wants_sighup(const struct tell_stack *s);
/* The stack's own copy. */
const struct tell_identity *tell_stack_identity(const struct tell_stack *s);
/* Where its lines came from: "/etc/telltale.d/checkout", "built-in default". */
const char *tell_stack_source(const struct tell_stack *s);

/* The ledger. Of a line: offered is the sum of its verdicts. Of the stack: records =
 * filtered + delivered + undelivered + queued + dropped - recovered, exact when nobody runs. */
struct tell_line_stats {
	const char *type, *module, *file;
	unsigned line;
	bool loaded; /* false: stands for a line that fails always */
	uint64_t offered;
	uint64_t verdicts[TELL_N_VERDICTS];
	enum tell_breaker_state breaker; /* of a sink */
	uint64_t opened, turned_away;
	uint64_t left_ns; /* until it is tried again */
	bool spools;
	struct tell_outbox_stats spool; /* when it does */
};
struct tell_stack_stats {
	uint64_t records, filtered, delivered, undelivered;
	uint64_t queued, dropped;	/* in the queue now; for want of room in it */
	uint64_t lanes;			/* of the queue now */
	uint64_t enrich_failed, masked; /* of those, ones that went on without / masked */
	uint64_t
		recovered; /* of delivered and undelivered: a dead process's, not records */
	uint64_t notes_suppressed;
};
/* Walk the lines in the order they run: *pos starts at 0. False at the end. */
bool tell_stack_next_line(
	const struct tell_stack *s, size_t *pos, struct tell_line_stats *ret);
/* Close the breaker of the line at pos, as tell_stack_next_line() left it. */
void tell_stack_reset_line(struct tell_stack *s, size_t pos);
void tell_stack_stats(const struct tell_stack *s, struct tell_stack_stats *ret);

/* What the line at pos says, pos as tell_stack_next_line() left it; NULL: it is wrong. */
const struct tell_args *tell_stack_line_args(const struct tell_stack *s, size_t pos);

/* The module of the line at pos, likewise; NULL: there is none. */
const struct tell_module *tell_stack_line_module(const struct tell_stack *s, size_t pos);

/* The i-th thing that the line at pos counts itself, pos as tell_stack_next_line() left it.
 * False: behind the last. */
bool tell_stack_line_counted(const struct tell_stack *s, size_t pos, size_t i,
	const char **ret_word, uint64_t *ret_n);

/* ---- explaining ---- */

/* One line reached by a record. */
struct tell_step {
	const char *type, *control, *module, *file;
	unsigned line;
	bool ran; /* false: a sink shown but, dry, not run; it counts as success */
	enum tell_verdict verdict;
	const char *action; /* ok done bad die ignore reset jump */
	unsigned jump;	    /* lines, for "jump" */
	bool last;	    /* the chain is decided here: result holds */
	enum tell_verdict result;
};
typedef void tell_step_fn(void *arg, const struct tell_step *step);

/* Run the chains and tell each step; dry: sinks are shown, not run. A chain without lines
 * gives no step. Returns what tell_stack_run() would have. */
enum tell_verdict tell_stack_explain(struct tell_stack *s, struct tell_run *run, bool dry,
	tell_step_fn *fn, void *arg);

/* Add warnings about what works but was hardly meant: a sink that can never be reached,
 * /dev/log beside journald, `sufficient` in redact, a line swallowed by a backslash. */
void tell_stack_lint(const struct tell_stack *s, struct tell_report *report);

/* The word of a verdict: "success", "unavailable"; libpam's where we have none. Static. */
const char *tell_verdict_word(enum tell_verdict v);
