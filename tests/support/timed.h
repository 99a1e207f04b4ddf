#pragma once
#include <telltale/module.h>
#include "record/record.h"

/* A line of type metric or health, asked by hand, of a process whose service is "shop".
 *
 *	timed_load("metric optional statsd port=8125");
 *	ck_assert_int_eq(timed_ask(), TELL_IGNORE);
 *
 * A failing call fails the test.
 * Threads: one. */

/* The line's stack; one that was loaded before ends first, as at a reload. */
void timed_load(const char *line);

/* Ask it; what it said is in timed_record, until it is asked again. */
enum tell_verdict timed_ask(void);
extern struct tell_record timed_record;

/* How many notes it has given so far. */
size_t timed_notes(void);

/* The process is a forked child. */
void timed_child(void);

void timed_end(void);
