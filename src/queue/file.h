#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include "base/held.h"
#include "queue/format.h"

/* A ring's file as its owner has it: made, grown chunk by chunk, removed.
 *
 * Memory:  a chunk's blocks are allocated before it is mapped: in a file system that is
 *          full, a store into a hole would end the host with SIGBUS.
 * Lock:    fcntl()'s, which a forked child does not have and the end of the process
 *          releases. It also goes when the host closes our descriptor; then the process
 *          still runs, which is the other half of what makes an orphan.
 * Threads: one at a time. */
#define TELL_RING_PATH_MAX 1200

struct tell_ring_file {
	struct tell_held fd;
	struct tell_ring_head *head; /* NULL: no file */
	struct {
		void *at;
		size_t bytes;
	} mapped[TELL_RING_CHUNKS]; /* our word of it, not the file's */
	uint32_t n_mapped;
	char path[TELL_RING_PATH_MAX];
};

/* Make dir/<service>-<pid>-<8 hex>.ring. 0 or -errno with nothing left behind. */
int tell_ring_file_make(struct tell_ring_file *f, const char *dir, const char *service,
	uint32_t lane_bytes);

/* Is it this very file, by whatever name? */
bool tell_ring_file_is(const struct tell_ring_file *f, dev_t dev, ino_t ino);

/* One more chunk, zeroed, of n bytes (rounded up to pages): where it is mapped. NULL:
 * no room, no memory, or TELL_RING_CHUNKS of them. */
void *tell_ring_file_grow(
	struct tell_ring_file *f, enum tell_chunk_kind kind, uint32_t number, size_t n);

/* Unmap and remove it; all of it was delivered. */
void tell_ring_file_remove(struct tell_ring_file *f);

/* Unmap it and leave the file to its owner: in a forked child. */
void tell_ring_file_leave(struct tell_ring_file *f);
