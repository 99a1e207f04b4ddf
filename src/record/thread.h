#pragma once
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/clock.h"
#include "record/record.h"

/* What a thread owns: the memory its records are built in, and its scopes.
 *
 * Shape:   made at the thread's first call, another's when it ends; about 6 KiB at rest.
 * Limits:  TELL_SCOPE_LIMIT bytes of scope fields, TELL_SCOPES_MAX scopes inside one
 *          another; what is beyond is left out and counted.
 * Threads: used by its thread only, but for `using`, which a reload reads. */
#define TELL_SCOPE_LIMIT ((size_t)32 << 10)
#define TELL_SCOPES_MAX	 1024
#define TELL_FMT_MAX	 ((size_t)64 << 10)
#define TELL_N_FMT	 4

/* One scope: what the context was before it. */
struct tell_frame {
	const void *address; /* of the struct tell_scope on the stack */
	uint64_t names;
	uint32_t size;
	uint16_t n_slots;
	bool twice;
};

/* What the short way into the queue (queue/quick.h) puts into all records of a thread. */
struct tell_quick_self {
	struct tell_lane *lane;
	uint64_t run_lane_flags; /* of the head: three members */
	uint64_t pid_tid;	 /* two of them */
	void (*wake)(void *arg); /* the lane is half full: who reads may sleep; or NULL */
	void *wake_arg;
};

/* A thread's place at a ring. */
#define TELL_N_SEATS 4
struct tell_seat {
	void *lane;
	uint64_t ring; /* its number, never used again; 0: free */
};

struct tell_thread {
	struct tell_thread *next, *prev; /* all threads, under the list's lock */
	uint32_t tid;
	void *using; /* the stack it is walking, see tell_threads_use(); atomic */
	struct tell_record record;
	struct tell_record lent; /* one that is built in a queue's memory */
	struct tell_buf out, work;
	struct tell_stamp stamp; /* the last second as text, for encoders */

	struct tell_record context; /* the slots of all scopes, outermost first */
	bool twice;		    /* a name may be in it more than once */
	struct tell_frame *frames;
	uint32_t n_frames, cap_frames;
	volatile sig_atomic_t changing;	    /* the scopes: a handler leaves them alone */
	const char *stack_low, *stack_high; /* its machine stack; NULL: not asked yet */

	struct tell_buf fmt[TELL_N_FMT];
	unsigned next_fmt;
	void *notes; /* the api's scratch; this and the next go to another thread */
	void *first; /* where `record` begins before it grows */
	void *lines; /* the api's, as is what it wants done when the thread ends */
	void (*at_end)(struct tell_thread *t);

	/* The queue's: which lane of which ring is this thread's, see queue/ring.h. */
	struct tell_seat seats[TELL_N_SEATS];
	void (*unseat)(struct tell_thread *t); /* when it ends; NULL: it has none */

	/* The short way into the queue, see api/quick.h. */
	struct {
		uint64_t mark; /* what it is good for; 0: nothing */
		struct tell_quick_self self;
		uint64_t context_mark; /* for which the scopes' fields were looked at */
		bool ticks;
	} quick;
	uint8_t quick_inside; /* atomic: it is writing */
};

/* The calling thread's, if it has been made; set by tell_thread_self() only. */
extern __thread struct tell_thread *tell_thread_me
	__attribute__((visibility("hidden"), tls_model("initial-exec")));

/* Is the calling thread inside the library? Set first by every public entry that takes a
 * lock or builds something, so that one which a signal handler makes in between is known,
 * whatever it interrupted: it returns at once. Needs no memory, so also before the first
 * call. A handler that leaves by siglongjmp() leaves it set. */
extern __thread volatile sig_atomic_t tell_thread_inside
	__attribute__((visibility("hidden"), tls_model("initial-exec")));

/* What it says; above, who entered by tell_thread_enter_whole(), plus its cancel state. */
enum { TELL_OUTSIDE, TELL_INSIDE, TELL_INSIDE_WHOLE };

static inline bool tell_thread_enter(void)
{
	if (__builtin_expect(tell_thread_inside, 0))
		return false;
	tell_thread_inside = TELL_INSIDE;
	return true;
}

/* For entries that write, wait or open: their system calls are cancellation points
 * (pthreads(7)), and a thread that ends in one would keep our locks for ever. It ends at
 * its next one after tell_thread_leave(). */
static inline bool tell_thread_enter_whole(void)
{
	int state = PTHREAD_CANCEL_ENABLE;

	if (!tell_thread_enter())
		return false;
	(void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state); /* cannot fail */
	tell_thread_inside = TELL_INSIDE_WHOLE + state;
	return true;
}

static inline void tell_thread_leave(void)
{
	int inside = tell_thread_inside;

	tell_thread_inside = TELL_OUTSIDE;
	if (inside >= TELL_INSIDE_WHOLE)
		(void)pthread_setcancelstate(inside - TELL_INSIDE_WHOLE, NULL);
}

/* The calling thread's; made when new. NULL: memory is out. */
struct tell_thread *tell_thread_self(void);

/* Is some thread still walking `object`? For who wants to free it. */
bool tell_threads_use(const void *object);

/* Wait until no thread is on the short way: it must not begin again meanwhile. */
void tell_threads_let_quick_end(void);

/* In a forked child: only the calling thread is left. */
void tell_threads_child(void);

/* Has it scopes that can be read: also asked by a handler that interrupted it. */
static inline bool tell_thread_has_scopes(const struct tell_thread *t)
{
	return t->n_frames && !t->changing;
}

/* Pop scopes whose frames are gone (longjmp), seen from a function at `frame`. */
void tell_context_settle(struct tell_thread *t, const void *frame);

/* Counted since the start: scopes found skipped, scope fields left out, odd pops. */
struct tell_context_counts {
	uint64_t skipped, cut, strays;
};
struct tell_context_counts tell_context_counts(void);
