#pragma once
#include <stdint.h>

/* What a look into one directory came to. */
struct tell_recovered {
	uint64_t records; /* delivered */
	uint64_t stay;	  /* no sink took them: they stay for the next time */
	uint64_t files;	  /* done with */
	uint64_t bad;	  /* set aside */
	uint32_t error;	  /* errno, when the directory could not be read */
};

/* Deliver what dead processes of this service (NULL: of all) left in the directory, which
 * must be the caller's own, each through its own service's stack. verbose: a line a file. */
void tell_recover_dir(
	const char *dir, const char *service, int verbose, struct tell_recovered *ret);
