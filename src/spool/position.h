#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "base/held.h"

/* How far a spool is delivered, and whose it is: its file `position`, which is also its lock.
 *
 * Shape:   two slots, written in turn.
 * Lock:    fcntl()'s, gone when its process is; it also goes when the host closes our
 *          descriptor, and then the process that is named still runs.
 * Threads: one owner at a time. */
struct tell_position {
	struct tell_held file;
	uint64_t turn;
	uint32_t pid; /* ours */
	uint64_t pid_start, pid_space;
	uint64_t next; /* as it is in the file; 0: it has none */
};

/* Open it, make it where it is missing, and have it alone: 0; -EBUSY: another process has it;
 * or -errno. In a directory of ours. */
int tell_position_open(struct tell_position *p, int dir);

/* Write it; to the disk, too. 0 or -errno. */
int tell_position_write(struct tell_position *p, uint64_t next, bool sync);

/* Read it without a lock: the number, 0 when there is none. *ret_pid: whose it is, 0 when that
 * process is gone. */
uint64_t tell_position_peek(int dir, uint32_t *ret_pid);
