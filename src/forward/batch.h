#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"

/* Records on their way out: each encoded once, as the receiver wants it, so that what is sent
 * again is the same to the byte.
 *
 * Shape:   the entries' bytes, one behind the other, each with its length and its stream (a
 *          text they have in common: of Loki, the labels); streams are numbered from 0. Those of
 *          one group may share a request: a group is the number of its first stream.
 * Limits:  TELL_BATCH_STREAMS streams; bytes and entries are the owner's to bound.
 * Threads: one owner. */
#define TELL_BATCH_STREAMS 1024

struct tell_batch_entry {
	uint32_t at, len, stream;
};

struct tell_batch {
	struct tell_buf bytes;
	size_t used; /* of them, entries' */
	struct tell_batch_entry *entries;
	size_t n, cap;
	struct tell_buf streams; /* their texts */
	struct tell_batch_stream {
		uint32_t at, len, hash;
		uint32_t group; /* the owner's to set; 0 is that of the first stream */
		bool lesser;	/* the owner's */
	} list[TELL_BATCH_STREAMS];
	uint16_t table[2 *
		TELL_BATCH_STREAMS]; /* by hash: one more than the number; 0: none */
	size_t n_streams;
};

void tell_batch_init(struct tell_batch *b);
void tell_batch_done(struct tell_batch *b);
void tell_batch_clear(struct tell_batch *b);

/* The number of the stream with this text, added when new. -ENOSPC: there are too many. */
int tell_batch_stream(struct tell_batch *b, const char *text, size_t len);

/* What was appended to b->bytes since the last entry is one. False, and it is taken out again:
 * memory is out. */
bool tell_batch_add(struct tell_batch *b, uint32_t stream);

/* Numbers of the entries from..to by group and stream, each stream's in their order: to - from of them in
 * *order, which grows. False: memory is out. */
bool tell_batch_order(const struct tell_batch *b, size_t from, size_t to,
	uint32_t **order, size_t *cap);

/* Put all entries in that order, once no more are added: a group's stand together, and in it a
 * stream's. Without memory they stay as they are. */
void tell_batch_gather(struct tell_batch *b);

/* Of the entries from..to put those first of which `first` says so, all else in its order. *ret is
 * where the others begin. False: memory is out. */
bool tell_batch_part(struct tell_batch *b, size_t from, size_t to,
	bool (*first)(void *state, const struct tell_batch *b, size_t i), void *state,
	size_t *ret);

/* Where the entries end that are of one group, or stream, with the one at from. */
size_t tell_batch_group_end(const struct tell_batch *b, size_t from);
size_t tell_batch_stream_end(const struct tell_batch *b, size_t from);

static inline const char *tell_batch_at(const struct tell_batch *b, size_t i)
{
	return b->bytes.data + b->entries[i].at;
}
