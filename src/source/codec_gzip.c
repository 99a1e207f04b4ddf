#include <errno.h>
#include <stdlib.h>
#include <zlib.h>
#include "source/codec.h"

#define GZIP_BITS (15 + 16) /* zlib.h: with gzip's head, not zlib's */

struct state {
	z_stream z;
	bool pack;
	bool between; /* a member has ended: the next one may begin */
};

static void end(void *state)
{
	struct state *s = state;
	(void)(s->pack ? deflateEnd(&s->z)
		       : inflateEnd(&s->z)); /* frees, whatever it says */
	free(s);
}

static void *begin(bool pack)
{
	struct state *s = calloc(1, sizeof(*s));
	if (!s)
		return NULL;
	s->pack = pack;
	int r = pack ? deflateInit2(&s->z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_BITS,
			       8, Z_DEFAULT_STRATEGY)
		     : inflateInit2(&s->z, GZIP_BITS);
	if (r == Z_OK)
		return s;
	free(s);
	return NULL;
}

static int one_step(struct state *s, bool end_of_input)
{
	if (s->pack)
		return deflate(&s->z, end_of_input ? Z_FINISH : Z_NO_FLUSH);
	if (s->between && s->z.avail_in > 0) {
		(void)inflateReset(&s->z); /* cannot fail: it was begun */
		s->between = false;
	}
	return s->between ? Z_STREAM_END : inflate(&s->z, Z_NO_FLUSH);
}

static int step(void *state, struct tell_codec_io *io, bool *ret_done)
{
	struct state *s = state;
	s->z.next_in = (z_const Bytef *)(z_const void *)io->in;
	s->z.avail_in = (uInt)io->in_len; /* a chunk */
	s->z.next_out = (Bytef *)(void *)io->out;
	s->z.avail_out = (uInt)io->out_len;
	int r = one_step(s, io->end);
	if (r != Z_OK && r != Z_STREAM_END && r != Z_BUF_ERROR)
		return -EBADMSG;
	s->between = r == Z_STREAM_END && !s->pack;
	io->in += io->in_len - s->z.avail_in;
	io->in_len = s->z.avail_in;
	io->out += io->out_len - s->z.avail_out;
	io->out_len = s->z.avail_out;
	io->more = s->pack && io->end && r != Z_STREAM_END;
	*ret_done = r == Z_STREAM_END;
	return 0;
}

const struct tell_codec tell_codec_gzip = { begin, step, end };
