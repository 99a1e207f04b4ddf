/* A build without zlib. */
#include "forward/packer.h"

struct tell_packer *tell_packer_new(void)
{
	return NULL;
}

struct tell_packer *tell_packer_free(struct tell_packer *p)
{
	(void)p;
	return NULL;
}

bool tell_packer_put(
	struct tell_packer *p, const void *bytes, size_t len, struct tell_buf *out)
{
	(void)p;
	(void)bytes;
	(void)len;
	(void)out;
	return false;
}
