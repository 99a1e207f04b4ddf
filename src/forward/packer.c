#include "forward/packer.h"
#include <stdlib.h>
#include <zlib.h>

struct tell_packer {
	z_stream z;
};

struct tell_packer *tell_packer_new(void)
{
	struct tell_packer *p = calloc(1, sizeof(*p));
	if (!p || deflateInit(&p->z, 1) == Z_OK)
		return p;
	free(p);
	return NULL;
}

struct tell_packer *tell_packer_free(struct tell_packer *p)
{
	if (p)
		(void)deflateEnd(&p->z); /* mid-stream or not, it is freed */
	free(p);
	return NULL;
}

bool tell_packer_put(
	struct tell_packer *p, const void *bytes, size_t len, struct tell_buf *out)
{
	size_t most = deflateBound(&p->z, len);
	bool cut = out->cut;
	if (deflateReset(&p->z) != Z_OK || !tell_buf_reserve(out, most)) {
		out->cut = cut;
		return false;
	}
	p->z.next_in = (z_const Bytef *)bytes;
	p->z.avail_in = (uInt)len;
	p->z.next_out = (Bytef *)out->data + out->len;
	p->z.avail_out = (uInt)most;
	if (deflate(&p->z, Z_FINISH) != Z_STREAM_END)
		return false;
	out->len += p->z.total_out;
	return true;
}
