#pragma once
#include <stdbool.h>
#include <stdint.h>

/* A process that logs through `queue ring` in some way and ends in some way; then another
 * one starts, adopts what is left, and the log is counted.
 *
 *	static void aborts(void) { lives_begin(); lives_say(300); abort(); }
 *	...
 *	lives_test("abort()", aborts, SIGABRT, 300);
 *	return lives_end();
 *
 * Threads: one, but lives_say(). */

/* The log and the stack as text; lives_log may be set to another path. */
extern char lives_log[128], lives_stack[512];

/* Options of the queue line; NULL: no such line. */
void lives_set_stack(const char *options);

/* ---- in the child ---- */

void lives_begin(void);

/* n records "said"; the other in a thread of its own. */
void lives_say(int n);
void lives_say_in_thread(int n);

/* All that was said is delivered or counted, to the last one. */
bool lives_ledger_is_exact(uint64_t calls);

/* ---- outside ---- */

/* Run it in a child, until that has ended and what it forked as well: its wait status. */
int lives_in_child(void (*service)(void));

/* For lives_in_child(): start, adopt, end. */
void lives_next_start(void);

/* Records with this text; one that came twice has the same TELL_SEQ and counts once. */
unsigned lives_lines(const char *text);

/* A test of TAP. */
void lives_report(bool ok, const char *name);
void lives_skip(const char *why, const char *name);

/* The child ends with `want` (a wait status), and all its lines are there. */
void lives_test(const char *name, void (*service)(void), int want, unsigned lines);

/* The plan, and main()'s exit status. */
int lives_end(void);
