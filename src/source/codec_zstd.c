#include <errno.h>
#include <stdlib.h>
#include <zstd.h>
#include "source/codec.h"

struct state {
	ZSTD_CCtx *pack; /* one of the two */
	ZSTD_DCtx *unpack;
};

static void end(void *state)
{
	struct state *s = state;
	ZSTD_freeCCtx(s->pack);
	ZSTD_freeDCtx(s->unpack);
	free(s);
}

static void *begin(bool pack)
{
	struct state *s = calloc(1, sizeof(*s));
	if (!s)
		return NULL;
	if (pack)
		s->pack = ZSTD_createCCtx();
	else
		s->unpack = ZSTD_createDCtx();
	if (!s->pack && !s->unpack) {
		end(s);
		return NULL;
	}
	if (pack) /* so that damage is noticed when it is read */
		(void)ZSTD_CCtx_setParameter(s->pack, ZSTD_c_checksumFlag, 1);
	return s;
}

static int step(void *state, struct tell_codec_io *io, bool *ret_done)
{
	struct state *s = state;
	ZSTD_inBuffer in = { io->in, io->in_len, 0 };
	ZSTD_outBuffer out = { io->out, io->out_len, 0 };
	bool nothing = !s->pack && io->in_len == 0;
	size_t left = s->pack ? ZSTD_compressStream2(s->pack, &out, &in,
					io->end ? ZSTD_e_end : ZSTD_e_continue)
			      : ZSTD_decompressStream(s->unpack, &out, &in);

	if (ZSTD_isError(left))
		return -EBADMSG;
	io->in += in.pos;
	io->in_len -= in.pos;
	io->out += out.pos;
	io->out_len -= out.pos;
	io->more = s->pack && io->end && left > 0;
	/* Behind the last frame a call without input asks for the next one's head. */
	if (!(nothing && out.pos == 0))
		*ret_done = left == 0;
	return 0;
}

const struct tell_codec tell_codec_zstd = { begin, step, end };
