#include "encode/room.h"

char *tell_room_grow(struct tell_buf *out, char *p, size_t n)
{
	if (!p)
		return NULL;
	out->len = (size_t)(p - out->data);
	return tell_buf_reserve(out, n) ? out->data + out->len : NULL;
}
