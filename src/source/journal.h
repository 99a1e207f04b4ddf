#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <telltale/module.h>
#include "source/entry.h"
#include "source/bookmark.h"

/* source journal: the entries of a journal, one after the other, from a place on.
 *
 * Reads:   all fields of each entry, once; none is looked up by its name.
 * Fails:   what is damaged is skipped and counted.
 * Idle:    asleep until journald wakes it.
 * Threads: one owner.
 * Source:  sd_journal_open(3), sd_journal_seek_head(3), sd_journal_get_fd(3). */
extern const struct tell_module tell_source_journal;

struct sd_journal;
struct tell_journal {
	struct sd_journal *sd;
	struct tell_entry *entry; /* the current one */
	const char *directory;	  /* of its line; NULL: this machine's */
	bool at_hand;		  /* the next one is the current one */
	bool narrowed;		  /* entries are left out by the index */
	uint64_t damaged;
	unsigned damaged_in_a_row;
};

/* A line's arguments; no line: this machine's. 0, or a negative errno and *why. */
int tell_journal_open(
	struct tell_journal *j, const struct tell_args *args, struct tell_refusal *why);
void tell_journal_done(struct tell_journal *j);

/* The next entry will be the first from then on. 0 or -errno. */
int tell_journal_since(struct tell_journal *j, uint64_t realtime_us);

/* The next entry will be the one behind the position. 1: that one is gone, and it is the first
 * that is left behind it; 0; or -errno. */
int tell_journal_resume(struct tell_journal *j, const struct tell_bookmark *p);

/* Load it: 1; 0: there is none now; or -errno: it cannot be read on. */
int tell_journal_next(struct tell_journal *j);

/* Where it is: into p->cursor and p->realtime_us. */
void tell_journal_tell(const struct tell_journal *j, struct tell_bookmark *p);

/* Sleep until there may be more, ms have passed (-1: no end), or a signal outside the mask
 * came. 0 or -errno. */
int tell_journal_wait(struct tell_journal *j, int ms, const void *sigmask);
