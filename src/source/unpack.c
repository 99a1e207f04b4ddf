#include "source/unpack.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "base/cleanup.h"
#include "source/codec.h"

#define CHUNK ((size_t)256 << 10)

enum tell_packed tell_packed_of(int fd)
{
	unsigned char b[4] = { 0 };

	if (pread(fd, b, sizeof(b), 0) != sizeof(b))
		return TELL_PACKED_NOT;
	if (memcmp(b, "\x28\xb5\x2f\xfd", 4) == 0)
		return TELL_PACKED_ZSTD;
	if (memcmp(b, "\x1f\x8b", 2) == 0)
		return TELL_PACKED_GZIP;
	return memcmp(b, "\xfd\x37\x7a\x58", 4) == 0 ? TELL_PACKED_OTHER
						     : TELL_PACKED_NOT;
}

static const struct tell_codec *codec_of(enum tell_packed form)
{
	switch (form) {
	case TELL_PACKED_ZSTD:
		return &tell_codec_zstd;
	case TELL_PACKED_GZIP:
		return &tell_codec_gzip;
	case TELL_PACKED_NOT:
	case TELL_PACKED_OTHER:
		break;
	}
	return NULL;
}

bool tell_packed_known(enum tell_packed form)
{
	const struct tell_codec *codec = codec_of(form);
	return codec && codec->step;
}

/* ---- files ---- */

static int nameless(void)
{
	const char *dirs[] = { secure_getenv("TMPDIR"), "/var/tmp" };
	int fd = -1;

	for (size_t i = 0; i < 2 && fd < 0; i++)
		if (dirs[i] && dirs[i][0] == '/')
			fd = open(dirs[i], O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	return fd < 0 ? memfd_create("unpacked", MFD_CLOEXEC) : fd;
}

static int write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

/* ---- the work ---- */

struct work {
	const struct tell_codec *codec;
	void *state;
	int from, to;
	char *in, *out; /* CHUNK each */
};

/* A chunk of input through the codec; at the end all that is still inside it. */
static int push(struct work *w, size_t len, bool end, bool *ret_done)
{
	struct tell_codec_io io = { .in = w->in, .in_len = len, .end = end };

	do {
		io.out = w->out;
		io.out_len = CHUNK;
		int r = w->codec->step(w->state, &io, ret_done);
		if (r < 0)
			return r;
		r = write_all(w->to, w->out, CHUNK - io.out_len);
		if (r < 0)
			return r;
		/* A full output may have more behind it. */
	} while (io.in_len > 0 || io.out_len == 0 || (end && !*ret_done && io.more));
	return 0;
}

static int run(struct work *w)
{
	bool done = false;

	for (off_t at = 0;;) {
		ssize_t n = pread(w->from, w->in, CHUNK, at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		int r = push(w, (size_t)n, n == 0, &done);
		if (r < 0)
			return r;
		if (n == 0)
			return done ? 0 : -EBADMSG;
		at += n;
	}
}

static int convert(int from, int to, enum tell_packed form, bool pack)
{
	struct work w = { .codec = codec_of(form), .from = from, .to = to };

	if (!tell_packed_known(form))
		return -ENOSYS;
	TELL_CLEANUP(tell_freep) char *both = malloc(2 * CHUNK);
	w.state = both ? w.codec->begin(pack) : NULL;
	if (!w.state)
		return -ENOMEM;
	w.in = both;
	w.out = both + CHUNK;
	int r = run(&w);
	w.codec->end(w.state);
	return r;
}

int tell_unpack(int fd, enum tell_packed form)
{
	TELL_CLEANUP(tell_closep) int to = nameless();

	if (to < 0)
		return -errno;
	int r = convert(fd, to, form, false);
	return r < 0 ? r : tell_fd_take(&to);
}

int tell_pack(int from, int to, enum tell_packed form)
{
	return convert(from, to, form, true);
}
