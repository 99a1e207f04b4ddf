#pragma once
#include <stdbool.h>
#include <stddef.h>

/* A form of compression, as a stream. Where its library was missing when this was built, all
 * functions are NULL (codec_zstd_none.c, codec_gzip_none.c).
 *
 * Threads: one a state. */
struct tell_codec_io {
	const char *in; /* moves on with what is taken and given */
	size_t in_len;
	char *out;
	size_t out_len;
	bool end;  /* nothing comes behind the input */
	bool more; /* call again: something is still inside */
};

struct tell_codec {
	void *(*begin)(bool pack); /* NULL: out of memory */
	/* 0, or -EBADMSG. *ret_done: what was taken so far ends a whole frame. */
	int (*step)(void *state, struct tell_codec_io *io, bool *ret_done);
	void (*end)(void *state);
};

extern const struct tell_codec tell_codec_zstd, tell_codec_gzip;
