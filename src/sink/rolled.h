#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <telltale/module.h>

#include "base/held.h"
#include "sink/append.h"
#include "sink/commit.h"
#include "sink/rotation.h"

/* A file of lines that is rotated: by others, who rename it (we notice within a second, or at
 * once when told) or cut it off; or by us, when `rotation` is on, and by other processes that
 * write to it as we do.
 *
 * Directory: with rotation or sync it is held open, so that what is renamed, made and deleted is
 *            in the directory that was looked at, whatever is put at its path meanwhile.
 * Threads:   one at a time, but for the commit, which has its own lock. */
enum tell_sync {
	TELL_SYNC_NONE,
	TELL_SYNC_BATCH,
	TELL_SYNC_ALWAYS,
};

struct tell_rolled {
	char *path; /* the owner's, from / on */
	mode_t mode;
	enum tell_sync sync;
	struct tell_rotation rotation;
	const char *link; /* a symbolic link of this name points to it; or NULL */
	int link_error;	  /* it does not, which is still to be said; or 0 */
	struct tell_held held, dir;
	struct tell_append append;
	struct tell_commit commit;
	const char *why; /* it could not be opened, in words; or NULL */
	uint64_t look_ns;
	uint32_t halves_told;
};

/* No file yet; path, mode and what it shall do are set by the owner. */
void tell_rolled_init(struct tell_rolled *f);
void tell_rolled_done(struct tell_rolled *f);

/* The file at path becomes ours. 0 or -errno; the old one is closed on 0 only. */
int tell_rolled_open(struct tell_rolled *f);

/* Go on in what stands at path now; without a descriptor left in the old one. 0 or -errno. */
int tell_rolled_renew(struct tell_rolled *f);

/* Append whole lines, opening the file where it is not and rotating it where it is full: how
 * many bytes, and the errno for the rest. */
size_t tell_rolled_append(struct tell_rolled *f, const char *data, size_t len,
	struct tell_run *run, int *ret_error);

/* Until it is opened or appended to again. */
void tell_rolled_close(struct tell_rolled *f);

/* In a forked child: the open descriptions are the parent's. */
void tell_rolled_child(struct tell_rolled *f);
