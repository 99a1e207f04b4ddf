#pragma once
#include <stddef.h>
#include <stdint.h>
#include "source/unpack.h"

/* The rotated files of one log, compressed.
 *
 * A file is replaced only when no process has it open any more (sink/rotate.h): compressed
 * beside itself under a name with .tmp, synced, renamed, the directory synced, and only then
 * removed. Killed at any point it is begun again by the next run.
 *
 * Threads: one. */
struct tell_compressed {
	uint32_t files, busy;	/* done; in use by a process: another time */
	uint64_t before, after; /* bytes */
	int error;		/* the first errno, of `name`; 0: none */
	char name[256];
};

/* Those of the log at path (absolute). Adds to *sum. */
void tell_compress_log(
	const char *path, enum tell_packed form, struct tell_compressed *sum);
