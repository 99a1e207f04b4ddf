#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What a look into one directory came to. */
struct tell_recovered {
	uint64_t records; /* delivered */
	uint64_t stay;	  /* no sink took them: they stay for the next time */
	uint64_t files;	  /* done with */
	uint64_t bad;	  /* set aside */
	uint32_t error;	  /* errno, when the directory could not be read */
};

/* Whose: a service's (NULL: all), a process's (0: all). verbose: a line a file. spools: what
 * lies there are spools, not rings. */
struct tell_recover_wish {
	const char *service;
	uint32_t pid;
	bool verbose, spools;
};

/* Rings are memory, and nobody else's to read. A spool is closed itself: a directory that others
 * may read, but not write to, holds it well, as it does for the service. */
bool tell_recover_closed(mode_t mode, const struct tell_recover_wish *wish);

/* Deliver what dead processes left in the directory, which must be the caller's own, each
 * through its own service's stack. */
void tell_recover_dir(const char *dir, const struct tell_recover_wish *wish,
	struct tell_recovered *ret);

/* The same of one process in all directories that the caller may look into. Failures are
 * said. */
void tell_recover_pid(uint32_t pid);
