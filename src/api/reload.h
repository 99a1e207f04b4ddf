#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "stack/watch.h"

/* When the service thread loads the stack anew by itself: a file that it was read from changed
 * (`reload=auto`), or SIGHUP came (`sighup=yes`).
 *
 * Looking:  once a second, some stat(2) calls. A change counts when two looks in a row see the
 *           same, so that a file which is just being written is not read half. A file that was
 *           refused is not tried again before it changes again.
 * SIGHUP:   caught only where it would end the program: a handler of the host, an ignored one
 *           (nohup) and a handler that the host sets later stay as they are. Given back when no
 *           stack asks for it any more. The handler counts and wakes, no more.
 * Threads:  due: the service's own thread; plan: the process's lock; child: as fork. */
struct tell_service;
struct tell_stack;

struct tell_reload {
	struct tell_watch watch; /* of the last load, refused or not */
	uint64_t loaded;	 /* their print then */
	uint64_t seen;		 /* the print at the last look */
	uint64_t look_ns;	 /* CLOCK_MONOTONIC: not before */
	uint32_t heard;		 /* atomic: this SIGHUP was obeyed */
	bool automatic, sighup;	 /* of the stack in force */
	uint64_t n;		 /* stacks put in force after the first */
};

/* A load is over: watch what it has read; *watch is taken over. */
void tell_reload_watch(struct tell_reload *r, struct tell_watch *watch);

/* This stack came into force; NULL: none. */
void tell_reload_plan(struct tell_service *s, const struct tell_stack *stack);

/* Look, and reload if it is time; returns when to look again. The lock is not held, and if it
 * cannot be had at once that is soon. */
uint64_t tell_reload_due(struct tell_service *s, uint64_t now_ns);

void tell_reload_done(struct tell_reload *r);
