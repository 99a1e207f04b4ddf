#pragma once
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-id128.h>
#include "forward/ship.h"
#include "forward/veil.h"
#include "source/inlet.h"
#include "stack/stack.h"

/* What the text of a wish is called in a report. */
#define TELL_PIPE_COMMAND_LINE "command line"

/* One input on its way to one receiver: read, filter, redact, gather, ship, remember.
 *
 * Promise: the position is stored when the receiver has acknowledged what is before it, or has
 *          refused it for good and it was counted; so nothing is left out, and after a kill at
 *          most the batch under way is sent again, the same to the byte; after a power cut what was
 *          sent in the last second, for it is synced no more often.
 * Memory:  one entry, one batch, one request.
 * Threads: one owner; several pipes are several processes. */
struct tell_pipe_counts {
	uint64_t read;	   /* entries */
	uint64_t filtered; /* by the stack, or its own */
	uint64_t own;	   /* of those, its own */
	uint64_t old;	   /* over max_age */
	uint64_t unfit;	   /* that the receiver's form has no place for */
	uint64_t astray;   /* sent, but whose it says that it is cannot be */
	uint64_t gaps;	   /* places where what was not yet sent is gone */
	uint64_t damaged;  /* entries that could not be read */
	uint64_t missing;  /* entries that should be there, those among them, at most */
	struct tell_ship_counts ship;
};

/* How far it is. */
struct tell_pipe_news {
	const struct tell_pipe_counts *counts;
	uint64_t oldest_us; /* of the entries that are not acknowledged; 0: none waits */
	uint64_t
		away_us; /* realtime: since when its receiver takes nothing; 0: it does */
	uint64_t left; /* bytes of the source that are not read yet, see source/inlet.h */
	uint64_t left_most; /* so many were the most */
};

struct tell_pipe_wish {
	const char *text;      /* the stack; NULL: that of telltale-forward */
	size_t source, sink;   /* which of its lines */
	const char *state_dir; /* NULL: see base/state_dir.h */
	uint64_t since_us; /* a first run's begin, realtime; 0: as the source line says */
	bool catch_up;	   /* end where there is no more for now */
	bool dry;	   /* show requests on stdout, send and remember nothing */
	int pid; /* of who started this process, for what it says as well; 0: nobody */
	const sigset_t *mask; /* signals are blocked outside of waits; this is of waits */
	const volatile sig_atomic_t *stop;
	/* Called after each batch, and once a second, also while it waits for a receiver: for
	 * those who watch. */
	void (*tell)(void *arg, const struct tell_pipe_news *news);
	void (*say)(void *arg, const char *text);
	void *arg;
};

struct tell_pipe {
	struct tell_pipe_wish wish;
	struct tell_stack *stack;
	size_t n_sources, n_sinks; /* of the stack */
	char name[TELL_BOOKMARK_NAME];
	struct tell_inlet in;
	struct tell_bookmark_file file;
	struct tell_bookmark position;
	bool moved;    /* since it was stored */
	bool unstored; /* it could not be, the last time */
	bool unsynced; /* it is, but a power cut would take it: at most for a second */
	uint64_t synced_ns;
	bool held; /* told to stop before the entry at hand was taken: it is not passed */
	const struct tell_target *target; /* NULL: the stack's own sink has it */
	struct tell_target shown;	  /* dry: the same, but it prints requests */
	struct tell_batch batch;
	size_t batch_done; /* of it, dealt with before it was told to stop */
	bool starved;	   /* memory was out */
	bool failed;	   /* the source could not be read on */
	struct tell_ship ship;
	struct tell_run run;
	struct tell_veil veil;
	struct tell_buf out, work;
	uint64_t entries, size, linger_ns, max_age_ns;
	uint64_t batch_since_ns, told_ns;
	uint64_t left_ns; /* when news.left was last asked for */
	bool fresh;	  /* all before the next entry is acknowledged */
	struct tell_pipe_news news;
	uint64_t in_flight; /* of the stack's own sink */
	int aside;	    /* the file of refused entries; -1: none yet */
	uint64_t aside_bytes;
	/* What journald knows of this process: its own entries are not sent. "": not known. */
	char own_comm[16], own_pids[2][16], own_boot[SD_ID128_STRING_MAX], own_unit[64];
	struct tell_pipe_counts counts;
};

/* 0; -ECANCELED: it was told to stop; or an errno, negative, with what is wrong in the report or in *why. */
int tell_pipe_open(struct tell_pipe *p, const struct tell_pipe_wish *wish,
	struct tell_report *report, struct tell_refusal *why);
void tell_pipe_close(struct tell_pipe *p);

/* Of a struct tell_pipe: was it told to stop? Signals are heard in waits; where there is none they
 * are here. */
bool tell_pipe_ends(void *arg);

/* Until it is told to stop, or has caught up. 0; -ENOMEM; -EIO, said: that cannot be, for the source cannot
 * be read on. */
int tell_pipe_run(struct tell_pipe *p);

/* Was the current entry said by this very process or the one that started it, or by one of its kind
 * in the unit that it is? By what journald knows alone: what an entry says of itself could hide
 * it; and a number is another process's in another boot, or outside of a container. */
bool tell_pipe_is_own(const struct tell_pipe *p);
