#include <libdeflate.h>
#include "forward/gzip.h"

#define LEVEL 1

static struct libdeflate_compressor *of(struct tell_gzip *g)
{
	return (struct libdeflate_compressor *)(void *)g;
}

struct tell_gzip *tell_gzip_new(void)
{
	return (struct tell_gzip *)(void *)libdeflate_alloc_compressor(LEVEL);
}

struct tell_gzip *tell_gzip_free(struct tell_gzip *g)
{
	libdeflate_free_compressor(of(g)); /* NULL is allowed */
	return NULL;
}

size_t tell_gzip_most(struct tell_gzip *g, size_t len)
{
	return libdeflate_gzip_compress_bound(of(g), len);
}

size_t tell_gzip_pack(
	struct tell_gzip *g, const void *bytes, size_t len, void *out, size_t most)
{
	return libdeflate_gzip_compress(of(g), bytes, len, out, most);
}
