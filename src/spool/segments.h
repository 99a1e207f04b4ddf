#pragma once
#include <stddef.h>
#include <stdint.h>
#include "spool/format.h"

/* The segments of a spool's directory, by their names and no others, in order.
 *
 * Threads: one owner at a time. */
#define TELL_SEGMENTS_MAX 4096

struct tell_segment {
	uint64_t first; /* number of its first record */
	uint64_t bytes;
	uint32_t salt;
};

struct tell_segments {
	struct tell_segment *list;
	size_t n, cap;
	uint64_t bytes; /* of all */
};

void tell_segment_name(
	char name[TELL_SPOOL_NAME_CHARS + 1], const struct tell_segment *s);

/* What is there: 0 or -errno; the caller ends it. */
int tell_segments_list(struct tell_segments *ret, int dir);
void tell_segments_done(struct tell_segments *s);

/* Open one: the descriptor or -errno. */
int tell_segment_open(int dir, const struct tell_segment *s);

/* Whose it says it is: 0; -EBADMSG: its head is none; or -errno. */
int tell_segment_service(
	int dir, const struct tell_segment *s, char *service, size_t size);

/* Make the one that begins with this record, the last of the list: a descriptor to write to,
 * its head written; or -errno and nothing of it left. */
int tell_segments_make(
	struct tell_segments *s, int dir, uint64_t first, const char *service);

/* Remove the first one: 0 or -errno. */
int tell_segments_drop(struct tell_segments *s, int dir);
