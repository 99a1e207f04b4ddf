#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <telltale/module.h>
#include "source/bookmark.h"
#include "source/entry.h"

/* What is read, entry by entry from a place on, as a `source` line of the forwarder names it: a
 * journal or files. The place is a bookmark, whose cursor only the kind that wrote it reads.
 *
 * Threads: one owner. */
struct tell_inlet {
	const struct tell_inlet_kind *kind;
	void *state;
	struct tell_entry *entry; /* the current one */
	uint64_t gaps;		  /* places where what was not yet read is gone */
	uint64_t damaged;	  /* entries that could not be read */
	uint64_t missing; /* entries that should be there, those among them, at most */
	/* The owner's wishes. */
	bool once; /* it ends with what is there now */
	void (*say)(void *arg, const char *text);
	void *arg;
	bool (*ends)(void *owner); /* asked now and then in long work: it is to end */
	void *owner;
};

struct tell_inlet_kind {
	const struct tell_module *module; /* its line */
	/* A line's arguments; NULL: there is no line. 0, or a negative errno and *why. */
	int (*open)(struct tell_inlet *in, const struct tell_args *args,
		struct tell_refusal *why);
	void (*done)(struct tell_inlet *in);
	/* The next entry will be the one behind the position; where that is gone, which is said
	 * and counted, the first there is of those behind it. Of one without a cursor: the first
	 * from its time on; 1: and tell() knows where that is. 0 or -errno; -ECANCELED: it was
	 * to end meanwhile. */
	int (*resume)(struct tell_inlet *in, const struct tell_bookmark *p);
	/* Load it: 1; 0: there is none now; or -errno: it cannot be read on. */
	int (*next)(struct tell_inlet *in);
	/* Where it is: into p->cursor and p->realtime_us. 0 or -errno. */
	int (*tell)(struct tell_inlet *in, struct tell_bookmark *p);
	/* Bytes behind the current entry, or the time where there is none yet; of a journal an
	 * estimate. */
	uint64_t (*left)(struct tell_inlet *in, uint64_t from_us);
	/* Sleep until there may be more, ms have passed (-1: no end), or a signal outside the
	 * mask came. 0 or -errno. */
	int (*wait)(struct tell_inlet *in, int ms, const void *sigmask);
};

/* By the module that a stack's line has; NULL: the one that needs no line. */
const struct tell_inlet_kind *tell_inlet_kind_of(const struct tell_module *module);

/* What their modules do with a record: nothing. The line says where; the forwarder reads there. */
enum tell_verdict tell_inlet_run(void *state, struct tell_run *run);

/* The memory of in->entry, for those who open one. 0 or -ENOMEM; done() gives it back. */
int tell_inlet_entry_init(struct tell_inlet *in);
void tell_inlet_entry_done(struct tell_inlet *in);
