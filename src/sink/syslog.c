#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <telltale/log.h>

#include "base/clock.h"
#include "base/number.h"
#include "sink/certificate.h"
#include "sink/datagram.h"
#include "sink/module.h"
#include "sink/name.h"
#include "sink/outage.h"
#include "sink/resolve.h"
#include "sink/shape.h"
#include "sink/stream.h"
#include "sink/syslog.h"
#include "sink/wait.h"

/* A syslog server: the local one in the BSD form, which is what it parses; others by RFC
 * 5424, over UDP (RFC 5426), TCP (RFC 6587) or TLS (RFC 5425). */
#define LIMIT_DEFAULT ((size_t)8192)
#define LIMIT_UDP     ((size_t)2048)
#define COUNT_ROOM    8 /* "1048576 ": the count in front of a frame */
#define UDP_PAUSE_NS  TELL_NS_PER_SEC

struct syslog {
	struct tell_shape shape;
	struct tell_outage outage;
	uint64_t n_cut; /* messages cut to limit=; relaxed atomic */
	enum tell_syslog_proto proto;
	enum tell_syslog_framing framing;
	_Atomic bool streams; /* proto=unix: the socket there is a stream one */
	struct tell_datagram datagram;
	struct tell_stream stream;
	struct tell_certificates certificates; /* proto=tls */
	pthread_mutex_t looking; /* name; held while it is looked up, by no call */
	struct tell_name name;
	char what[300];
};

/* ---- sending ---- */

/* Is the network's a stream? */
static bool has_connection(const struct syslog *s)
{
	return s->proto == TELL_SYSLOG_TCP || s->proto == TELL_SYSLOG_TLS;
}

static bool is_counted(const struct syslog *s)
{
	return has_connection(s) && s->framing == TELL_SYSLOG_OCTET;
}

/* Encode behind room for what the framing puts in front; the frame is *ret_frame. False:
 * it did not fit. */
static bool make_frame(struct syslog *s, struct tell_run *run, bool streams,
	const char **ret_frame, size_t *ret_len)
{
	struct tell_buf *out = run->out;
	bool counted = is_counted(s);
	char count[TELL_U64_MAX_CHARS];

	tell_buf_clear(out);
	if (counted)
		tell_buf_put(out, "        ", COUNT_ROOM);
	if (!tell_shape_encode(&s->shape, run))
		return false;
	if (streams && !counted) /* syslog(3) ends a record on a local stream with NUL */
		tell_buf_putc(out, s->proto == TELL_SYSLOG_UNIX ? '\0' : '\n');
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

/* Not taken: says why, and what a handshake failed for also when an outage began before it. */
static enum tell_verdict lost(struct syslog *s, struct tell_run *run, int error)
{
	char why[TELL_WIRE_WHY] = "";
	bool began = atomic_load_explicit(&s->outage.lost, memory_order_relaxed) == 0;

	if (s->proto == TELL_SYSLOG_TLS && tell_wait_lock(&s->stream.lock, run) == 0) {
		if (began || s->stream.secure.news)
			memcpy(why, s->stream.secure.why, sizeof(why));
		s->stream.secure.news = false;
		(void)pthread_mutex_unlock(&s->stream.lock);
	}
	if (*why && !began)
		tell_note(run, TELL_WARNING, "syslog-refused",
			"%s does not take records: %s", s->what, why);
	/* In a pause between attempts: what the first of them failed for. */
	if (!*why && error == ENOTCONN && has_connection(s)) {
		int cause = tell_stream_cause(&s->stream, run);
		error = cause ? cause : error;
		if (error == ETIMEDOUT) { /* this record has not waited */
			(void)snprintf(why, sizeof(why), "it does not answer");
			error = ENOTCONN;
		}
	}
	const char *unknown = s->name.why;
	return tell_outage_lost(&s->outage, run, error, *why ? why : unknown);
}

static enum tell_verdict run_syslog(void *state, struct tell_run *run)
{
	struct syslog *s = state;
	bool streams = atomic_load_explicit(&s->streams, memory_order_relaxed);

	int r = send_frame(s, run, streams);
	if (r == -EPROTOTYPE && s->proto == TELL_SYSLOG_UNIX) {
		/* The daemon at path listens with the other kind of socket. */
		atomic_store_explicit(&s->streams, !streams, memory_order_relaxed);
		r = send_frame(s, run, !streams);
	}
	if (s->proto == TELL_SYSLOG_TLS)
		tell_certificates_look(&s->certificates, &s->stream, run);
	if (r < 0)
		return lost(s, run, -r);
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

static bool counted_syslog(
	const void *state, size_t i, const char **ret_word, uint64_t *ret_n)
{
	const struct syslog *s = state;

	*ret_word = TELL_SINK_CUT;
	*ret_n = __atomic_load_n(&s->n_cut, __ATOMIC_RELAXED);
	return i == 0;
}

static uint64_t drop_syslog(void *state, struct tell_run *run)
{
	struct syslog *s = state;
	uint64_t n = tell_stream_give_up(&s->stream);

	if (!s->outage.kept)
		tell_outage_dropped(&s->outage, run, n);
	return n;
}

static bool progress_of_syslog(void *state, struct tell_progress *progress)
{
	struct syslog *s = state;

	return atomic_load_explicit(&s->streams, memory_order_relaxed) &&
		tell_stream_progress(&s->stream, progress);
}

/* ---- opening ---- */

/* A name that is not known (now) leaves the addresses we had, if any; its lock is held. */
static void look_up(struct syslog *s)
{
	struct tell_peer peers[TELL_PEERS_MAX];
	int n = tell_name_look(&s->name, peers);

	if (n <= 0)
		return;
	if (has_connection(s)) {
		tell_stream_meet(&s->stream, peers, (size_t)n);
		return;
	}
	/* The socket is of one family: an address of that, if there is one. */
	const struct tell_peer *p = &peers[0];
	for (int i = n - 1; s->datagram.peer_len && i >= 0; i--)
		if (peers[i].addr.ss_family == s->datagram.peer.ss_family)
			p = &peers[i];
	if (tell_datagram_peer(&s->datagram, &p->addr, p->len))
		(void)tell_datagram_connect(&s->datagram); /* else at the next record */
}

static void resolve(struct syslog *s)
{
	(void)pthread_mutex_lock(&s->looking);
	look_up(s);
	(void)pthread_mutex_unlock(&s->looking);
}

/* The service thread asks. A connection that stands needs no address; UDP would never learn
 * that its server has moved. */
static void tend_syslog(void *state, uint64_t now_ns)
{
	struct syslog *s = state;

	if (s->proto == TELL_SYSLOG_UNIX || pthread_mutex_trylock(&s->looking) != 0)
		return;
	bool wanted = !has_connection(s) || !tell_stream_stands(&s->stream);
	if (wanted && tell_name_due(&s->name, now_ns))
		look_up(s);
	(void)pthread_mutex_unlock(&s->looking);
}

static int open_local(struct syslog *s, const char *path, struct tell_refusal *why)
{
	if (tell_datagram_local(&s->datagram, path) < 0)
		return tell_syslog_refuse_path(why);
	s->stream.peers[0].addr = s->datagram.peer;
	s->stream.peers[0].len = s->datagram.peer_len;
	s->stream.n_peers = 1;
	(void)snprintf(s->what, sizeof(s->what), "syslog at %s", path);
	if (tell_datagram_connect(&s->datagram) == -EPROTOTYPE)
		atomic_store(&s->streams, true);
	return 0;
}

/* TLS or nothing: a line that cannot have it is refused, and no byte goes without. */
static int open_wire(
	struct syslog *s, const struct tell_args *args, struct tell_refusal *why)
{
	struct tell_secure *secure = &s->stream.secure;

	secure->wire = tell_wire_get("tls", why);
	if (!secure->wire)
		return -ENOENT;
	int r = secure->wire->open(&secure->state, args, why);
	if (r == 0)
		tell_certificates_init(&s->certificates, s->name.host, s->name.port,
			tell_args_u64(args, "expiry_warning"), &s->stream);
	return r;
}

static void open_remote(struct syslog *s)
{
	static const char *const words[] = { "unix", "udp", "tcp", "tls" };

	(void)snprintf(s->what, sizeof(s->what), "syslog server %.200s port %u (%s)",
		s->name.host, s->name.port, words[s->proto]);
	s->datagram.hold_off_ns = UDP_PAUSE_NS;
	atomic_store(&s->streams, has_connection(s));
	resolve(s);
	if (has_connection(s))
		tell_stream_start(&s->stream);
	else
		(void)tell_datagram_connect(&s->datagram); /* else at the first record */
}

static void shape(struct syslog *s, const struct tell_args *args)
{
	bool modern = s->proto != TELL_SYSLOG_UNIX;
	uint64_t limit = tell_args_u64(args, "limit");

	if (tell_args_given(args, "format"))
		modern = tell_args_choice(args, "format") == 0;
	tell_shape_init(&s->shape, args,
		modern ? tell_encode_rfc5424 : tell_encode_rfc3164, !modern, true);
	s->shape.layout.pen = (uint32_t)tell_args_u64(args, "pen");
	s->shape.layout.bom = tell_args_bool(args, "bom");
	s->shape.layout.limit = limit	      ? (size_t)limit
		: s->proto == TELL_SYSLOG_UDP ? LIMIT_UDP
					      : LIMIT_DEFAULT;
	s->shape.layout.n_cut = &s->n_cut;
	s->shape.layout.raw_newlines = is_counted(s);
}

static void close_syslog(void *state)
{
	struct syslog *s = state;

	tell_datagram_done(&s->datagram);
	tell_stream_done(&s->stream);
	if (s->stream.secure.state)
		s->stream.secure.wire->close(s->stream.secure.state);
	(void)pthread_mutex_destroy(&s->looking);
	free(s);
}

static int open_syslog(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	int r = tell_syslog_check_args(args, why);
	if (r < 0)
		return r;
	struct syslog *s = calloc(1, sizeof(*s));
	if (!s)
		return -ENOMEM;
	tell_datagram_init(&s->datagram);
	tell_stream_init(&s->stream);
	(void)pthread_mutex_init(&s->looking, NULL); /* cannot fail without attributes */
	s->stream.kept = tell_args_given(args, "spool");
	tell_outage_init(&s->outage, "syslog-down", "syslog-back", s->what);
	s->outage.kept = tell_args_given(args, "spool");
	s->proto = (enum tell_syslog_proto)tell_args_choice(args, "proto");
	s->framing = (enum tell_syslog_framing)tell_args_choice(args, "framing");
	s->name = (struct tell_name){ .host = tell_args_text(args, "host"),
		.port = tell_syslog_port(args),
		.type = has_connection(s) ? SOCK_STREAM : SOCK_DGRAM };
	shape(s, args);
	if (s->proto == TELL_SYSLOG_UNIX) {
		const char *path = tell_args_text(args, "path");
		r = open_local(s, path ? path : TELL_SYSLOG_PATH, why);
	} else {
		r = s->proto == TELL_SYSLOG_TLS ? open_wire(s, args, why) : 0;
		if (r == 0)
			open_remote(s);
	}
	if (r < 0) {
		close_syslog(s);
		return r;
	}
	*ret = s;
	return 0;
}

/* The certificates may be new ones. */
static int reread(struct syslog *s)
{
	struct tell_refusal why;
	struct tell_secure *secure = &s->stream.secure;

	(void)pthread_mutex_lock(&s->stream.lock);
	int r = secure->wire->reopen(secure->state, &why);
	(void)pthread_mutex_unlock(&s->stream.lock);
	atomic_store(&s->certificates.next_ns, 0);
	return r;
}

static int reopen_syslog(void *state)
{
	struct syslog *s = state;
	int r = 0;

	if (s->proto != TELL_SYSLOG_UNIX)
		resolve(s);
	tell_stream_drop(&s->stream);
	if (s->proto == TELL_SYSLOG_TLS)
		r = reread(s);
	if (atomic_load(&s->streams)) {
		tell_stream_start(&s->stream);
		return r;
	}
	return tell_datagram_connect(&s->datagram);
}

static void child_syslog(void *state)
{
	struct syslog *s = state;

	tell_outage_child(&s->outage);
	__atomic_store_n(&s->n_cut, 0, __ATOMIC_RELAXED);
	tell_datagram_child(&s->datagram);
	tell_stream_child(&s->stream);
	(void)pthread_mutex_init(
		&s->looking, NULL); /* a thread we do not have may hold it */
}

const struct tell_module tell_sink_syslog = {
	TELL_MODULE_ABI,
	"sink",
	"syslog",
	"sends records to a syslog server",
	.options = tell_syslog_options,
	.open = open_syslog,
	.check = tell_syslog_check,
	.run = run_syslog,
	.close = close_syslog,
	.flush = flush_syslog,
	.reopen = reopen_syslog,
	.child = child_syslog,
	.drop = drop_syslog,
	.counted = counted_syslog,
	.tend = tend_syslog,
	.progress = progress_of_syslog,
	.peer = true,
};
