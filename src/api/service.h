#pragma once
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <telltale/health.h>
#include <telltale/module.h>
#include "api/ledger.h"
#include "api/loss.h"
#include "api/notify.h"
#include "api/reload.h"
#include "api/service_thread.h"
#include "record/thread.h"
#include "stack/stack.h"

/* One service of this process: its name, its stack, the numbering of its records.
 *
 * Shape:   the process's own is static; those of tell_new() are counted by their handles.
 * Threads: a thread announces in thread->using which stack it walks; who swaps the stack
 *          waits until nobody does, so walking takes no lock. Start, swap and close are
 *          serialised by the process's lock. */
#define TELL_SERVICE_MAX   64
#define TELL_REFUSAL_BYTES 512

struct tell_service {
	struct tell_service *next;
	struct tell_stack *stack; /* atomic; NULL: closed, or not started yet */
	char name[TELL_SERVICE_MAX + 1];
	uint32_t run_id; /* drawn at the start and in each forked child */
	uint32_t refs;
	uint64_t next_seq;  /* atomic */
	uint32_t other_pid; /* records are made on behalf of this process; 0: our own */
	int threshold;	/* of the stack, also of one that is closed: it may open again */
	unsigned flags; /* TELL_STACK_NO_TERMINAL */
	pthread_mutex_t draining; /* who takes records out of the queue */
	bool past_queue; /* no thread reads it (any more): records wait for the sinks; atomic */
	uint8_t facility; /* `telltale log -p local0.info`; 0: by the user id */
	struct tell_service_thread thread;
	uint64_t start_ns;	      /* realtime: of its first stack in this process */
	struct tell_stack_stats past; /* of the stacks before this one */
	struct tell_ledger
		*past_rows;	  /* the same by sink; NULL: none, or memory was out */
	struct tell_stuck *stuck; /* given up stacks: api/retire.h */
	struct tell_loss loss;
	struct tell_reload reload;
	struct tell_helper
		*helper;	 /* atomic: of metric and health lines; NULL: none yet */
	uint64_t helper_next_ns; /* when to try for its thread again */
	enum tell_health_status health_told; /* as last said; atomic */
	struct tell_notify notify;	     /* the service thread's */
	uint64_t health_since_ns;	     /* realtime; atomic */
	uint64_t refused_ns; /* realtime: its stack was refused; 0: it is all right */
	char *refusal;	     /* and why; NULL: memory was out */
};

/* Is it a name that a stack file can have? [A-Za-z0-9_.-]{1,64}, not beginning with '.' */
bool tell_service_name_ok(const char *name);

/* Give it a name: NULL is the program's (api/program.h), with other characters as '_'. */
void tell_service_name(struct tell_service *s, const char *name);

/* The name to use: $TELLTALE_SERVICE overrides (not in set-user-ID programs). */
const char *tell_service_wanted(const char *name);

/* Load the stack (text NULL: from its files) and put it in force; the old one, if any, is
 * freed when nobody walks it. A wrong stack at a first start becomes the built-in default
 * and says why in the channel; at a reload the old one stays. 0 or a negative errno. */
int tell_service_start(struct tell_service *s, const char *text, bool reload);

/* By deadline_ns (CLOCK_MONOTONIC). flush: hand over what sinks hold. end: stop the thread,
 * drain, and hand over for the last time; what sinks hold then is given up and counted, and
 * what was lost since it was last said, is said. The sinks stay open, as at exit. close: end,
 * and they are closed; false: its thread hangs in a sink, so the service must stay. 0, or the
 * first error. */
int tell_service_flush(struct tell_service *s, uint64_t deadline_ns);
int tell_service_end(struct tell_service *s, uint64_t deadline_ns);
bool tell_service_close(struct tell_service *s, uint64_t deadline_ns);
int tell_service_reopen(struct tell_service *s);

/* What became of the service's records since the start, over all its stacks. The
 * process's lock is held, or nobody reloads. */
void tell_service_stats(const struct tell_service *s, struct tell_stack_stats *ret);

/* The same by sink; *ret is overwritten. */
void tell_service_ledger(const struct tell_service *s, struct tell_ledger *ret);

/* Free what it holds; it is closed. */
void tell_service_done(struct tell_service *s);

/* In a forked child: another run id, and a ledger that begins at zero. */
void tell_service_child(struct tell_service *s);

/* The stack to walk, started if need be; announced until tell_service_leave(). NULL: none
 * could be made. */
struct tell_stack *tell_service_enter(struct tell_service *s, struct tell_thread *t);

/* The same of one that is open; NULL: it is closed. Starts nothing. */
struct tell_stack *tell_service_enter_open(struct tell_service *s, struct tell_thread *t);

static inline void tell_service_leave(struct tell_thread *t)
{
	__atomic_store_n(&t->using, NULL, __ATOMIC_RELEASE);
}

/* A record of logger `telltale` about ourselves; the thread must not be in a call. */
void tell_service_say(struct tell_service *s, int level, const char *text, size_t len);
