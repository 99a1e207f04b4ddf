#pragma once
#include <stdint.h>
#include <telltale/metric.h>

/* Gauges that are asked for: a function of the host is called whenever somebody collects.
 *
 * Budget:  code in our own thread cannot be interrupted, so it is measured: a call that took
 *          longer than TELL_CALLBACK_NS is late, and the function is not called again for a
 *          hundred times as long, 1 s at least, 5 min at most. One collection stops asking
 *          after TELL_CALLBACKS_NS and the next goes on from there. What was not asked keeps
 *          its last value.
 * Locks:   none is held while the function runs.
 * Limits:  TELL_CALLBACKS_MAX.
 * Threads: any, but no signal handler. Two collections at once ask each function once. */
#define TELL_CALLBACK_NS   (UINT64_C(5) * 1000 * 1000)
#define TELL_CALLBACKS_NS  (10 * TELL_CALLBACK_NS)
#define TELL_CALLBACKS_MAX 1000

/* As tell_gauge_callback(). */
int tell_callback_add(struct tell_callback **ret, struct tell_gauge *gauge,
	double (*read)(void *arg), void *arg);

/* As tell_gauge_callback_remove(). */
void tell_callback_remove(struct tell_callback *c);

/* Ask all that are due, before metrics are collected; the caller holds no lock. */
void tell_callbacks_run(void);

/* Calls that took too long. */
uint64_t tell_callbacks_late(void);

/* In a forked child: who was calling stayed behind. */
void tell_callbacks_child(void);
