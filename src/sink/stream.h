#pragma once
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/held.h"
#include "sink/outage.h"
#include "sink/owed.h"
#include "sink/recent.h"
#include "sink/resolve.h"
#include "sink/secure.h"

/* A connection that carries whole frames, one a record, and comes back when it breaks.
 *
 * Shape:   a non-blocking stream socket (TCP, or AF_UNIX), bare or with a wire in it (TLS: then
 *          nothing goes before the handshake is done); the frames it took last; and
 *          what is owed: usually nothing, or a frame the kernel took only the beginning of
 *          before its record's deadline. Its rest goes first; on a new connection it goes
 *          whole, behind the frames that were not acknowledged on the old one.
 * Batch:   where a flush follows soon (run->batch) frames are owed on purpose, up to 64 KiB,
 *          and go in one send (of a wire: in records of its own size).
 * Breaks:  noticed before a send (the peer closed or reset), by the send, or for a peer
 *          that vanished by TCP_USER_TIMEOUT within 30 s. The first attempt to come back
 *          is made at once, the next ones 0.1 s to 30 s apart, doubled and jittered, also
 *          when each finds a receiver that accepts and closes; a connection that held for a
 *          second ends the row. In between a record is refused at once, without waiting.
 * Loss:    plain TCP tells nobody what the peer's program read: what was in the peer's
 *          kernel when the peer died is lost, and counts as delivered. A frame whose
 *          acknowledgement was lost arrives twice, with the same TELL_SEQ.
 * Threads: send by any number, one at a time inside; the rest by one at a time.
 * Source:  RFC 6587 (framing is the caller's); RFC 5482 (user timeout). */
struct tell_stream {
	struct tell_peer peers[TELL_PEERS_MAX];
	size_t n_peers;

	pthread_mutex_t lock; /* all below */
	struct tell_held held;
	struct tell_secure
		secure;	    /* wire and state are the owner's, set before the first use */
	short awaits;	    /* connecting: what to poll for */
	uint64_t awaits_ns; /* and until when; 0: as long as it takes */
	int error;	    /* the first cause of there being none; 0: none yet */
	size_t peer;	    /* the one connected to, or to be tried next */
	bool connecting;
	bool waited;	     /* connecting: a record waited for it already */
	uint64_t give_up_ns; /* connecting: the end of it */
	uint64_t since_ns;   /* connected since */
	uint64_t retry_ns;   /* no attempt before */
	unsigned
		failures; /* in a row: rounds over all peers, connections that broke soon */
	uint64_t random;
	struct tell_recent recent;
	struct tell_owed owed;
	bool stalled; /* what is owed met a peer that takes nothing now */
	bool kept;    /* by a spool: what broke with a connection is not sent again from here */
	uint64_t connections, pushed; /* broken ones; bytes this one took */
};

/* done sends nothing more but a wire's goodbye: flush first. */
void tell_stream_init(struct tell_stream *s);
void tell_stream_done(struct tell_stream *s);

/* Begin to connect, without waiting. */
void tell_stream_start(struct tell_stream *s);

/* The peers by their name, which may be others now: a connection stays. At least one. */
void tell_stream_meet(struct tell_stream *s, const struct tell_peer *peers, size_t n);

/* Is there a connection? */
bool tell_stream_stands(struct tell_stream *s);

/* Why there is no connection: an errno; 0: it is not known, or there is one. */
int tell_stream_cause(struct tell_stream *s, struct tell_run *run);

/* Close; the next record connects anew, at once. */
void tell_stream_drop(struct tell_stream *s);

/* In a forked child: forget the connection and what is owed, both the parent's. */
void tell_stream_child(struct tell_stream *s);

/* Send a frame by the outage's deadline: 0; 1 when it, or the rest of it, is owed; or -errno when
 * it was not taken. */
int tell_stream_send(struct tell_stream *s, struct tell_outage *o, struct tell_run *run,
	const char *frame, size_t len);

/* Nobody waits for what is owed any longer: forget it, how many frames. The connection in
 * whose middle one stands is closed. */
size_t tell_stream_give_up(struct tell_stream *s);

/* With kept: how far the peer is; see <telltale/module.h>. */
bool tell_stream_progress(struct tell_stream *s, struct tell_progress *progress);

/* Send what is owed: 0 or -errno. */
int tell_stream_flush(struct tell_stream *s, struct tell_outage *o, struct tell_run *run);
