#pragma once
#include "sink/stream.h"

/* How a stream comes to its connection: peer after peer, then a pause that grows. Of
 * stream.c; its lock is held.
 *
 * Pauses:  0.1 s, doubled with each failure in a row, at most 30 s; each is cut by up to half
 *          at random, so that not all services of a host come back in the same moment.
 * Source:  a connect(2) that does not block, SO_ERROR; RFC 5482 (user timeout). */

/* One step towards a connection, without waiting: 0 it is there, -EINPROGRESS, or -errno. */
int tell_dial_step(struct tell_stream *s);

/* A connection, made when there is none: 0 or -errno. One record waits for an attempt by the
 * outage's deadline; those behind it only look whether it is there. */
int tell_dial(struct tell_stream *s, struct tell_outage *o, struct tell_run *run);

/* The pause that is due after a failure, ns; counting the failure is the caller's. */
uint64_t tell_dial_gap_ns(struct tell_stream *s);
