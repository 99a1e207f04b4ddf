#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <telltale/health.h>
#include "api/round.h"

/* A service's metric and health lines on the service thread's side: their helper, and what
 * becomes of their answers.
 *
 *	checks:  a record of kind `health` each time a check's status changes, and one for the
 *		 service's; level by direction (worse: warning, error; better: notice). That a check
 *		 is well at the start is for debug: the service's says it of all.
 *	metric:  the record that the line made, as it is.
 *	notes:   as of any module.
 *
 * Threads: keep, due and end: the service thread. The rest: any. */
struct tell_service;
struct tell_helper;

/* What is due: the helper has the lines of the stack in force, and what it found out is sent.
 * When to call again, CLOCK_MONOTONIC; it wakes the thread before that when there is news. */
uint64_t tell_health_due(struct tell_service *s, uint64_t now_ns);

/* The service thread ends: so does the helper, or it is left behind. */
void tell_health_end(struct tell_service *s);

/* In a forked child: it stayed behind. The service is freed. */
void tell_health_child(struct tell_service *s);
void tell_health_done(struct tell_service *s);

/* The lines and their answers, to be read at once and given back; NULL: there are none. */
const struct tell_round *tell_health_borrow(const struct tell_service *s);
void tell_health_return(const struct tell_service *s);
