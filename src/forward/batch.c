#include "forward/batch.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/hash.h"

void tell_batch_init(struct tell_batch *b)
{
	*b = (struct tell_batch){ 0 };
	tell_buf_init(&b->bytes, 0);
	tell_buf_init(&b->streams, 0);
}

void tell_batch_done(struct tell_batch *b)
{
	tell_buf_done(&b->bytes);
	tell_buf_done(&b->streams);
	free(b->entries);
	b->entries = NULL;
	b->n = b->cap = 0;
}

void tell_batch_clear(struct tell_batch *b)
{
	tell_buf_clear(&b->bytes);
	tell_buf_clear(&b->streams);
	memset(b->table, 0, sizeof(b->table));
	b->n = b->n_streams = b->used = 0;
}

int tell_batch_stream(struct tell_batch *b, const char *text, size_t len)
{
	const size_t mask = sizeof(b->table) / sizeof(b->table[0]) - 1;
	uint32_t hash = tell_hash_bytes(text, len);
	size_t i = hash & mask;
	for (; b->table[i]; i = (i + 1) & mask) {
		const struct tell_batch_stream *s = &b->list[b->table[i] - 1];
		if (s->hash == hash && s->len == len &&
			memcmp(b->streams.data + s->at, text, len) == 0)
			return b->table[i] - 1;
	}
	if (b->n_streams == TELL_BATCH_STREAMS || !tell_buf_reserve(&b->streams, len + 1))
		return -ENOSPC;
	b->list[b->n_streams++] = (struct tell_batch_stream){
		.at = (uint32_t)b->streams.len, .len = (uint32_t)len, .hash = hash
	};
	tell_buf_put(&b->streams, text, len);
	b->table[i] = (uint16_t)b->n_streams;
	return (int)b->n_streams - 1;
}

bool tell_batch_add(struct tell_batch *b, uint32_t stream)
{
	size_t at = b->used;
	if (b->n == b->cap) {
		size_t cap = b->cap ? 2 * b->cap : 1024;
		void *entries = reallocarray(b->entries, cap, sizeof(*b->entries));
		if (entries) {
			b->entries = entries;
			b->cap = cap;
		}
	}
	if (b->bytes.cut || b->n == b->cap) {
		b->bytes.len = at;
		b->bytes.cut = false;
		return false;
	}
	b->used = b->bytes.len;
	b->entries[b->n++] = (struct tell_batch_entry){
		.at = (uint32_t)at, .len = (uint32_t)(b->bytes.len - at), .stream = stream
	};
	return true;
}

/* The place of each stream among all. */
static void rank_streams(const struct tell_batch *b, uint32_t rank[TELL_BATCH_STREAMS])
{
	uint32_t begin[TELL_BATCH_STREAMS + 1] = { 0 };
	for (size_t i = 0; i < b->n_streams; i++)
		begin[b->list[i].group + 1]++;
	for (size_t i = 0; i < b->n_streams; i++)
		begin[i + 1] += begin[i];
	for (size_t i = 0; i < b->n_streams; i++)
		rank[i] = begin[b->list[i].group]++;
}

bool tell_batch_order(
	const struct tell_batch *b, size_t from, size_t to, uint32_t **order, size_t *cap)
{
	uint32_t begin[TELL_BATCH_STREAMS + 1] = { 0 };
	uint32_t rank[TELL_BATCH_STREAMS] = { 0 };
	if (to - from > *cap) {
		free(*order);
		*order = reallocarray(NULL, to - from, sizeof(**order));
		*cap = *order ? to - from : 0;
	}
	if (!*order)
		return false;
	rank_streams(b, rank);
	for (size_t i = from; i < to; i++)
		begin[rank[b->entries[i].stream] + 1]++;
	for (size_t i = 0; i < b->n_streams; i++)
		begin[i + 1] += begin[i];
	for (size_t i = from; i < to; i++)
		(*order)[begin[rank[b->entries[i].stream]]++] = (uint32_t)i;
	return true;
}

void tell_batch_gather(struct tell_batch *b)
{
	uint32_t *order = NULL;
	size_t cap = 0;
	if (b->n_streams < 2)
		return;
	struct tell_batch_entry *entries = reallocarray(NULL, b->cap, sizeof(*entries));
	if (entries && tell_batch_order(b, 0, b->n, &order, &cap)) {
		for (size_t i = 0; i < b->n; i++)
			entries[i] = b->entries[order[i]];
		free(b->entries);
		b->entries = entries;
		entries = NULL;
	}
	free(entries);
	free(order);
}

bool tell_batch_part(struct tell_batch *b, size_t from, size_t to,
	bool (*first)(void *state, const struct tell_batch *b, size_t i), void *state,
	size_t *ret)
{
	struct tell_batch_entry *others = reallocarray(NULL, to - from, sizeof(*others));
	if (!others)
		return false;
	size_t n = 0, at = from;
	for (size_t i = from; i < to; i++) {
		if (first(state, b, i))
			b->entries[at++] = b->entries[i];
		else
			others[n++] = b->entries[i];
	}
	memcpy(&b->entries[at], others, n * sizeof(*others));
	free(others);
	*ret = at;
	return true;
}

static uint32_t group_of(const struct tell_batch *b, size_t i)
{
	uint32_t stream = b->entries[i].stream;
	return stream < b->n_streams ? b->list[stream].group : 0;
}

size_t tell_batch_group_end(const struct tell_batch *b, size_t from)
{
	size_t i = from + 1;
	while (i < b->n && group_of(b, i) == group_of(b, from))
		i++;
	return i;
}

size_t tell_batch_stream_end(const struct tell_batch *b, size_t from)
{
	size_t i = from + 1;
	while (i < b->n && b->entries[i].stream == b->entries[from].stream)
		i++;
	return i;
}
