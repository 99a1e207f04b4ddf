#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"

/* Bytes packed as zlib does (RFC 1950), level 1. A build without zlib has none.
 *
 * Threads: one owner. */
struct tell_packer;

/* NULL: there is no zlib, or no memory. */
struct tell_packer *tell_packer_new(void);
struct tell_packer *tell_packer_free(struct tell_packer *p);

/* Append them. False: they cannot be, out is as before. */
bool tell_packer_put(
	struct tell_packer *p, const void *bytes, size_t len, struct tell_buf *out);
