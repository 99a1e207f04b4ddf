#pragma once
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <telltale/wire.h>

/* A stream's side of what wraps its connection (struct tell_wire: TLS), or of nothing: with wire
 * NULL the bytes go as they are, and nobody may call the functions below.
 *
 * Pending: a frame of which the session holds a part that is encrypted already. It must be given
 *          again, and first, as long as the connection lasts.
 * Threads: the stream's lock is held. */
struct tell_secure {
	const struct tell_wire *wire;
	void *state;
	void *session; /* NULL: no connection, or not that far */
	bool pending;
	bool unread; /* the connection that broke was refused: its peer has read nothing */
	bool news;   /* why is not told yet */
	_Atomic uint32_t shaken; /* handshakes so far; read without the lock */
	char why[TELL_WIRE_WHY]; /* the connection failed, or broke; "": nothing is known */
};

/* Wrap fd, a connected socket: 0 or -errno. */
int tell_secure_begin(struct tell_secure *s, int fd);

/* The handshake: 0 it is done; -EAGAIN: poll for *ret_events, until *ret_until_ns (0: as long as
 * it takes); another -errno, and why says it. */
int tell_secure_shake(struct tell_secure *s, short *ret_events, uint64_t *ret_until_ns);

/* The peer took too long about it. */
void tell_secure_late(struct tell_secure *s);

/* Bytes sent; -EAGAIN: poll for *ret_events and give the same again; -errno: broken. */
ssize_t tell_secure_send(
	struct tell_secure *s, const char *data, size_t len, short *ret_events);

/* Is the peer there? Throws away what it said: 0 or -errno. */
int tell_secure_listen(struct tell_secure *s);

/* Forget the session. */
void tell_secure_end(struct tell_secure *s);

/* Say that nothing follows, and wait a moment until the peer has read all and closes: what is
 * unread in our socket at close(2), a ticket, would make the kernel throw away what is on its
 * way. Ends the session. */
void tell_secure_goodbye(struct tell_secure *s, int fd);

/* In a forked child: the session is the parent's; whole: no thread was inside it. */
void tell_secure_child(struct tell_secure *s, bool whole);
