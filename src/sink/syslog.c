#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/number.h"
#include "sink/datagram.h"
#include "sink/module.h"
#include "sink/outage.h"
#include "sink/resolve.h"
#include "sink/shape.h"
#include "sink/stream.h"

/* A syslog server: the local one in the BSD form, which is what it parses; others by RFC
 * 5424, over UDP (RFC 5426) or TCP (RFC 6587). */
#define PATH_DEFAULT  "/dev/log"
#define PORT_DEFAULT  514
#define LIMIT_DEFAULT ((size_t)8192)
#define LIMIT_UDP     ((size_t)2048)
#define LIMIT_MOST    ((uint64_t)1 << 20)
#define COUNT_ROOM    8 /* "1048576 ": the count in front of a frame */
#define UDP_PAUSE_NS  TELL_NS_PER_SEC

enum proto { PROTO_UNIX, PROTO_UDP, PROTO_TCP };
enum framing { FRAMING_OCTET, FRAMING_LF };

struct syslog {
	struct tell_shape shape;
	struct tell_outage outage;
	enum proto proto;
	enum framing framing;
	uint16_t port;
	_Atomic bool streams; /* proto=unix: the socket there is a stream one */
	struct tell_datagram datagram;
	struct tell_stream stream;
	const char *host; /* the stack's */
	const char *why;  /* host could not be resolved */
	char what[300];
};

static const struct tell_option options[] = {
	{ "proto", TELL_OPTION_CHOICE, "unix", "unix udp tcp", "how to get there",
		false },
	{ "path", TELL_OPTION_TEXT, NULL, NULL, "proto=unix: the socket, /dev/log",
		false },
	{ "host", TELL_OPTION_TEXT, NULL, NULL, "proto=udp, tcp: name or address",
		false },
	{ "port", TELL_OPTION_PORT, "514", NULL, "proto=udp, tcp", false },
	{ "format", TELL_OPTION_CHOICE, NULL, "rfc5424 rfc3164",
		"rfc3164 for proto=unix, else rfc5424", false },
	{ "framing", TELL_OPTION_CHOICE, "octet", "octet lf",
		"proto=tcp: a count in front, or a line feed behind", false },
	{ "limit", TELL_OPTION_SIZE, NULL, NULL,
		"bytes a message: 8KiB; proto=udp 2KiB; at most 1MiB", false },
	{ "pen", TELL_OPTION_COUNT, "32473", NULL,
		"rfc5424: your private enterprise number", false },
	{ "bom", TELL_OPTION_BOOL, "no", NULL, "rfc5424: a BOM before the text", false },
	TELL_SHAPE_MIN,
	TELL_SHAPE_MESSAGE,
	TELL_SHAPE_FACILITY,
	{ NULL, TELL_OPTION_TEXT, NULL, NULL, NULL, false },
};

/* ---- sending ---- */

/* Encode behind room for what the framing puts in front; the frame is *ret_frame. False:
 * it did not fit. */
static bool make_frame(struct syslog *s, struct tell_run *run, bool streams,
	const char **ret_frame, size_t *ret_len)
{
	struct tell_buf *out = run->out;
	bool counted = s->proto == PROTO_TCP && s->framing == FRAMING_OCTET;
	char count[TELL_U64_MAX_CHARS];

	tell_buf_clear(out);
	if (counted)
		tell_buf_put(out, "        ", COUNT_ROOM);
	if (!tell_shape_encode(&s->shape, run))
		return false;
	if (streams && !counted) /* syslog(3) ends a record on a local stream with NUL */
		tell_buf_putc(out, s->proto == PROTO_UNIX ? '\0' : '\n');
	if (out->cut)
		return false;
	*ret_frame = out->data;
	*ret_len = out->len;
	if (!counted)
		return true;
	size_t n = (size_t)(tell_put_u64(count, out->len - COUNT_ROOM) - count);
	if (n + 1 > COUNT_ROOM)
		return false;
	memcpy(out->data + COUNT_ROOM - 1 - n, count, n);
	*ret_frame = out->data + COUNT_ROOM - 1 - n;
	*ret_len = out->len - COUNT_ROOM + 1 + n;
	return true;
}

static int send_frame(struct syslog *s, struct tell_run *run, bool streams)
{
	const char *frame;
	size_t len;

	if (!make_frame(s, run, streams, &frame, &len))
		return -ENOMEM;
	return streams ? tell_stream_send(&s->stream, &s->outage, run, frame, len)
		       : tell_datagram_send(&s->datagram, &s->outage, run, frame, len);
}

static enum tell_verdict run_syslog(void *state, struct tell_run *run)
{
	struct syslog *s = state;
	bool streams = atomic_load_explicit(&s->streams, memory_order_relaxed);

	int r = send_frame(s, run, streams);
	if (r == -EPROTOTYPE && s->proto == PROTO_UNIX) {
		/* The daemon at path listens with the other kind of socket. */
		atomic_store_explicit(&s->streams, !streams, memory_order_relaxed);
		r = send_frame(s, run, !streams);
	}
	if (r < 0)
		return tell_outage_lost(&s->outage, run, -r, s->why);
	(void)tell_outage_taken(&s->outage, run);
	return r > 0 ? TELL_SPOOLED : TELL_SUCCESS; /* > 0: its end follows */
}

static int flush_syslog(void *state, struct tell_run *run)
{
	struct syslog *s = state;

	/* Whoever flushes asks for patience. */
	atomic_store_explicit(&s->outage.in_vain, 0, memory_order_relaxed);
	return tell_stream_flush(&s->stream, &s->outage, run);
}

static uint64_t drop_syslog(void *state, struct tell_run *run)
{
	struct syslog *s = state;
	uint64_t n = tell_stream_give_up(&s->stream);

	tell_outage_dropped(&s->outage, run, n);
	return n;
}

/* ---- opening ---- */

static void resolve(struct syslog *s)
{
	struct tell_peer peers[TELL_PEERS_MAX];
	int type = s->proto == PROTO_TCP ? SOCK_STREAM : SOCK_DGRAM;
	int n = tell_resolve(peers, s->host, s->port, type, &s->why);

	/* A name that is not known (now) leaves the addresses we had, if any. */
	if (n <= 0)
		return;
	if (s->proto == PROTO_UDP) {
		tell_datagram_peer(&s->datagram, &peers[0].addr, peers[0].len);
		return;
	}
	(void)pthread_mutex_lock(&s->stream.lock);
	memcpy(s->stream.peers, peers, (size_t)n * sizeof(peers[0]));
	s->stream.n_peers = (size_t)n;
	(void)pthread_mutex_unlock(&s->stream.lock);
}

static int refuse_path(struct tell_refusal *why)
{
	return tell_refuse(why, -ENAMETOOLONG, "path",
		"use a shorter path, at most 107 bytes",
		"the socket's path is empty or too long");
}

static int open_local(struct syslog *s, const char *path, struct tell_refusal *why)
{
	if (tell_datagram_local(&s->datagram, path) < 0)
		return refuse_path(why);
	s->stream.peers[0].addr = s->datagram.peer;
	s->stream.peers[0].len = s->datagram.peer_len;
	s->stream.n_peers = 1;
	(void)snprintf(s->what, sizeof(s->what), "syslog at %s", path);
	if (tell_datagram_connect(&s->datagram) == -EPROTOTYPE)
		atomic_store(&s->streams, true);
	return 0;
}

static void open_remote(struct syslog *s)
{
	(void)snprintf(s->what, sizeof(s->what), "syslog server %.200s port %u (%s)",
		s->host, s->port, s->proto == PROTO_TCP ? "tcp" : "udp");
	s->datagram.hold_off_ns = UDP_PAUSE_NS;
	atomic_store(&s->streams, s->proto == PROTO_TCP);
	resolve(s);
	if (s->proto == PROTO_TCP)
		tell_stream_start(&s->stream);
	else
		(void)tell_datagram_connect(&s->datagram); /* else at the first record */
}

/* Arguments that say something about another proto= are a mistake worth a word. */
static int check_arguments(const struct tell_args *args, struct tell_refusal *why)
{
	static const char *const of_network[] = { "host", "port" };
	enum proto proto = (enum proto)tell_args_choice(args, "proto");

	for (size_t i = 0; proto == PROTO_UNIX && i < 2; i++)
		if (tell_args_given(args, of_network[i]))
			return tell_refuse(why, -EINVAL, of_network[i],
				"add proto=tcp or proto=udp",
				"%s= says nothing for proto=unix", of_network[i]);
	if (proto != PROTO_UNIX && !tell_args_text(args, "host"))
		return tell_refuse(why, -EINVAL, "proto", "add host=NAME",
			"a server on the network needs host=");
	if (proto != PROTO_UNIX && tell_args_given(args, "path"))
		return tell_refuse(why, -EINVAL, "path", "remove it, or use proto=unix",
			"path= says nothing for a server on the network");
	if (proto != PROTO_TCP && tell_args_given(args, "framing"))
		return tell_refuse(why, -EINVAL, "framing", "remove it, or use proto=tcp",
			"framing= is for proto=tcp; a datagram needs none");
	if (tell_args_u64(args, "limit") > LIMIT_MOST)
		return tell_refuse(why, -EINVAL, "limit", "use 1MiB or less",
			"the limit is larger than any receiver takes");
	return 0;
}

static void shape(struct syslog *s, const struct tell_args *args)
{
	bool modern = s->proto != PROTO_UNIX;
	uint64_t limit = tell_args_u64(args, "limit");

	if (tell_args_given(args, "format"))
		modern = tell_args_choice(args, "format") == 0;
	tell_shape_init(&s->shape, args,
		modern ? tell_encode_rfc5424 : tell_encode_rfc3164, !modern, true);
	s->shape.layout.pen = (uint32_t)tell_args_u64(args, "pen");
	s->shape.layout.bom = tell_args_bool(args, "bom");
	s->shape.layout.limit = limit	? (size_t)limit
		: s->proto == PROTO_UDP ? LIMIT_UDP
					: LIMIT_DEFAULT;
	s->shape.layout.raw_newlines = s->proto == PROTO_TCP &&
		s->framing == FRAMING_OCTET;
}

static void close_syslog(void *state)
{
	struct syslog *s = state;

	tell_datagram_done(&s->datagram);
	tell_stream_done(&s->stream);
	free(s);
}

static int check_local(const struct tell_args *args, struct tell_refusal *why)
{
	const char *path = tell_args_text(args, "path");
	struct tell_datagram d = { 0 };

	path = path ? path : PATH_DEFAULT;
	if (tell_datagram_local(&d, path) < 0)
		return refuse_path(why);
	return tell_datagram_look(path, "path", why);
}

static int check_syslog(const struct tell_args *args, struct tell_refusal *why)
{
	struct tell_peer peers[TELL_PEERS_MAX];
	const char *words, *host = tell_args_text(args, "host");
	enum proto proto = (enum proto)tell_args_choice(args, "proto");

	int r = check_arguments(args, why);
	if (r < 0)
		return r;
	if (proto == PROTO_UNIX)
		return check_local(args, why);
	r = tell_resolve(peers, host, (uint16_t)tell_args_u64(args, "port"),
		proto == PROTO_TCP ? SOCK_STREAM : SOCK_DGRAM, &words);
	if (r < 0)
		(void)tell_refuse(why, r, "host",
			"see the name, and this host's resolver", "%s has no address: %s",
			host, words);
	return r < 0;
}

static int open_syslog(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	int r = check_arguments(args, why);
	if (r < 0)
		return r;
	struct syslog *s = calloc(1, sizeof(*s));
	if (!s)
		return -ENOMEM;
	tell_datagram_init(&s->datagram);
	tell_stream_init(&s->stream);
	tell_outage_init(&s->outage, "syslog-down", "syslog-back", s->what);
	s->proto = (enum proto)tell_args_choice(args, "proto");
	s->framing = (enum framing)tell_args_choice(args, "framing");
	s->port = (uint16_t)tell_args_u64(args, "port");
	s->host = tell_args_text(args, "host");
	shape(s, args);
	if (s->proto == PROTO_UNIX) {
		const char *path = tell_args_text(args, "path");
		r = open_local(s, path ? path : PATH_DEFAULT, why);
	} else {
		open_remote(s);
	}
	if (r < 0) {
		close_syslog(s);
		return r;
	}
	*ret = s;
	return 0;
}

static int reopen_syslog(void *state)
{
	struct syslog *s = state;

	if (s->proto != PROTO_UNIX)
		resolve(s);
	tell_stream_drop(&s->stream);
	if (atomic_load(&s->streams)) {
		tell_stream_start(&s->stream);
		return 0;
	}
	return tell_datagram_connect(&s->datagram);
}

static void child_syslog(void *state)
{
	struct syslog *s = state;

	tell_outage_child(&s->outage);
	tell_datagram_child(&s->datagram);
	tell_stream_child(&s->stream);
}

const struct tell_module tell_sink_syslog = {
	TELL_MODULE_ABI,
	"sink",
	"syslog",
	"sends records to a syslog server",
	.options = options,
	.open = open_syslog,
	.check = check_syslog,
	.run = run_syslog,
	.close = close_syslog,
	.flush = flush_syslog,
	.reopen = reopen_syslog,
	.child = child_syslog,
	.drop = drop_syslog,
};
