#pragma once
#include <stddef.h>

/* A request's body as gzip (RFC 1952), level 1, in one go: by libdeflate, or where that was missing by
 * zlib, which takes twice the instructions.
 *
 * Threads: one owner. */
struct tell_gzip;

/* NULL: out of memory. */
struct tell_gzip *tell_gzip_new(void);
struct tell_gzip *tell_gzip_free(struct tell_gzip *g);

/* What len bytes become at most. */
size_t tell_gzip_most(struct tell_gzip *g, size_t len);

/* How many bytes they are, packed; 0: they cannot be. most: as above, the room at out. */
size_t tell_gzip_pack(
	struct tell_gzip *g, const void *bytes, size_t len, void *out, size_t most);
