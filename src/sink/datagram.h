#pragma once
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <telltale/module.h>
#include "base/held.h"
#include "sink/outage.h"

/* A peer that takes datagrams: journald, /dev/log, a UDP receiver.
 *
 * Shape:   one non-blocking socket, connected, so that poll() knows whether the peer's
 *          queue has room. A peer that comes back is met by connecting the same socket
 *          again, which needs no lock (connect(2): datagram sockets may change their peer).
 * Threads: send and pass by any number; the rest by one at a time. */
struct tell_datagram {
	struct sockaddr_storage peer;
	socklen_t peer_len; /* 0: not known (a name that did not resolve) */
	int send_buffer;    /* bytes for SO_SNDBUF; 0: the system's */
	/* After a refusal, how long to leave the peer alone: UDP learns of it only from the
	 * answer to a lost datagram, so every try costs one. */
	uint64_t hold_off_ns;
	_Atomic uint64_t refused_until_ns;
	struct tell_held held;
	pthread_mutex_t lock; /* making the socket; peer */
};

void tell_datagram_init(struct tell_datagram *d);
void tell_datagram_done(struct tell_datagram *d);

#define TELL_SOCKET_PATH_SIZE 108 /* with its NUL: sun_path of unix(7) */

/* A local socket: a path, or a name after '@' (unix(7), abstract). -ENAMETOOLONG. */
int tell_datagram_local(struct tell_datagram *d, const char *path);

/* What a local socket's name would meet as this user, without a word to it: 0, or 1 and *why
 * says it, about the argument arg (a literal). */
int tell_datagram_look(const char *path, const char *arg, struct tell_refusal *why);

/* The peer, for the next connect; send may be under way. Is it another? */
bool tell_datagram_peer(
	struct tell_datagram *d, const struct sockaddr_storage *addr, socklen_t len);

/* Try to reach the peer now: 0 or -errno. */
int tell_datagram_connect(struct tell_datagram *d);

/* Forget the socket, as in a forked child: close, no lock taken. */
void tell_datagram_child(struct tell_datagram *d);

/* Send len bytes as one datagram by the outage's deadline. 0, -EMSGSIZE, -ETIMEDOUT, or
 * another -errno: not taken. */
int tell_datagram_send(struct tell_datagram *d, struct tell_outage *o,
	struct tell_run *run, const void *bytes, size_t len);

/* The same with an empty datagram and a descriptor (unix(7), SCM_RIGHTS). */
int tell_datagram_pass(
	struct tell_datagram *d, struct tell_outage *o, struct tell_run *run, int fd);
