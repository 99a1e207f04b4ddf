/* A build without libdeflate. */
#include <stdlib.h>
#include <zlib.h>
#include "forward/gzip.h"

#define LEVEL	  1
#define GZIP_BITS (15 + 16) /* zlib.h: with gzip's head, not zlib's */

struct tell_gzip {
	z_stream z;
};

struct tell_gzip *tell_gzip_new(void)
{
	struct tell_gzip *g = calloc(1, sizeof(*g));
	if (!g ||
		deflateInit2(&g->z, LEVEL, Z_DEFLATED, GZIP_BITS, 8,
			Z_DEFAULT_STRATEGY) == Z_OK)
		return g;
	free(g);
	return NULL;
}

struct tell_gzip *tell_gzip_free(struct tell_gzip *g)
{
	if (g)
		(void)deflateEnd(&g->z); /* mid-stream or not, it is freed */
	free(g);
	return NULL;
}

size_t tell_gzip_most(struct tell_gzip *g, size_t len)
{
	return deflateBound(&g->z, len);
}

size_t tell_gzip_pack(
	struct tell_gzip *g, const void *bytes, size_t len, void *out, size_t most)
{
	if (deflateReset(&g->z) != Z_OK)
		return 0;
	g->z.next_in = (z_const Bytef *)bytes;
	g->z.avail_in = (uInt)len;
	g->z.next_out = out;
	g->z.avail_out = (uInt)most;
	return deflate(&g->z, Z_FINISH) == Z_STREAM_END ? g->z.total_out : 0;
}
