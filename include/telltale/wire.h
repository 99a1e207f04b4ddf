/* telltale/wire.h: what carries a sink's bytes instead of the bare socket, TLS for one.
 *
 * A wire wraps a connection that its sink makes, in an object of its own, tell_sink_NAME.so, which
 * has a `const struct tell_wire tell_wire_NAME` and is loaded as modules are (<telltale/module.h>).
 * No stack line names it: a sink asks for it (tell_wire_get) and opens it with its own line's
 * arguments.
 * Threads: open, check, reopen and close as a module's; a session is used by one thread at a time,
 *          sessions of one state by several. Nothing here waits. */
#ifndef TELLTALE_WIRE_H
#define TELLTALE_WIRE_H
#include <telltale/module.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

#define TELL_WIRE_WHY 240
struct tell_wire_step {
	short events;	   /* -EAGAIN: what to poll(2) for before the next try */
	uint64_t until_ns; /* and until when, CLOCK_MONOTONIC; 0: as long as it takes */
	bool unread;	   /* it failed, and the peer has read nothing of what was sent */
	char why[TELL_WIRE_WHY]; /* it failed: a sentence; or "" */
};
struct tell_wire {
	uint32_t abi;
	const char *name;
	int (*open)(void **ret, const struct tell_args *args, struct tell_refusal *why);
	int (*check)(const struct tell_args *args, struct tell_refusal *why);
	void (*close)(void *state);
	/* Read its files again; when that fails the old ones stay. 0 or -errno and *why. */
	int (*reopen)(void *state, struct tell_refusal *why);
	/* A session on a connected socket that does not block: 0, -ENOMEM. */
	int (*begin)(void *state, void **ret, int fd);
	/* The handshake's next step: 0 it is done, -EAGAIN, or another -errno: refused. */
	int (*shake)(void *session, struct tell_wire_step *step);
	/* Bytes taken; -EAGAIN: some of these very bytes are inside, and are to be given again;
	 * another -errno: the connection is over. */
	ssize_t (*send)(void *session, const void *bytes, size_t len,
		struct tell_wire_step *step);
	/* What the peer had to say, thrown away: 0, or -errno: the connection is over. */
	int (*listen)(void *session, struct tell_wire_step *step);
	/* What the peer had to say, of a protocol in which it answers: bytes; 0: it says no more;
	 * -EAGAIN: poll(2) for step->events; another -errno: the connection is over. */
	ssize_t (*receive)(
		void *session, void *bytes, size_t room, struct tell_wire_step *step);
	/* Say that nothing follows: 0 it is said, -EAGAIN, or another -errno. */
	int (*goodbye)(void *session, struct tell_wire_step *step);
	void (*end)(void *session);
	/* The i-th certificate of those in use, from 0: a word (own, peer), and when it ends,
	 * seconds since 1970. False: behind the last. */
	bool (*expires)(
		void *state, size_t i, const char **ret_whose, int64_t *ret_end_s);
};

/* The wire of this name; it stays until the process ends. NULL: there is none, or it may not
 * be loaded; *why says it. */
const struct tell_wire *tell_wire_get(const char *name, struct tell_refusal *why);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
