#include "base/pool.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PIECE_BYTES ((size_t)4096)

struct tell_pool_piece {
	struct tell_pool_piece *next;
	size_t used, size; /* of data */
	alignas(max_align_t) unsigned char data[];
};

void *tell_pool_get(struct tell_pool *p, size_t n)
{
	if (n > SIZE_MAX / 2)
		return NULL;
	n = (n + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	struct tell_pool_piece *piece = p->pieces;
	if (!piece || n > piece->size - piece->used) {
		size_t size = n > PIECE_BYTES ? n : PIECE_BYTES;
		piece = calloc(1, sizeof(*piece) + size);
		if (!piece)
			return NULL;
		piece->size = size;
		piece->next = p->pieces;
		p->pieces = piece;
	}
	void *got = piece->data + piece->used;
	piece->used += n;
	return got;
}

char *tell_pool_text(struct tell_pool *p, const char *s, size_t n)
{
	char *text = n < SIZE_MAX ? tell_pool_get(p, n + 1) : NULL;
	if (text && n)
		memcpy(text, s, n);
	return text;
}

void tell_pool_done(struct tell_pool *p)
{
	while (p->pieces) {
		struct tell_pool_piece *next = p->pieces->next;
		free(p->pieces);
		p->pieces = next;
	}
}
