#pragma once
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A service's control socket, served by its thread: who may asks a question a connection
 * (api/control_request.h), is answered and hung up on.
 *
 * Safety:  0600 in a directory of 0700, and the peer is asked for by the kernel: the same
 *          user or root. Never in set-user-ID programs.
 * Limits:  8 clients at a time, others are hung up on; a request of 4 KiB within 5 s, an
 *          answer of 16 MiB taken within as many.
 * Threads: the service thread's. NULL is allowed where it says so. */
#define TELL_CONTROL_FDS 9 /* the socket and the clients */

struct tell_control;
struct tell_service;

/* Make the service's socket: 0 or -errno, *ret as before. */
int tell_control_open(struct tell_control **ret, const struct tell_service *s);

/* Say that there is none. */
void tell_control_say_none(struct tell_service *s, int error);

/* Hang up, remove the socket. NULL is allowed. Returns NULL. */
struct tell_control *tell_control_close(struct tell_control *c);

/* Has the host closed or removed it? */
bool tell_control_lost(struct tell_control *c, uint64_t now_ns);

/* What to wait for: fills at most TELL_CONTROL_FDS; returns how many. NULL: none. */
size_t tell_control_poll(struct tell_control *c, struct pollfd *fds);

/* Do what can be done without waiting; returns when a client's time is over. NULL: never. */
uint64_t tell_control_serve(
	struct tell_control *c, struct tell_service *s, uint64_t now_ns);

/* In a forked child: close its copies; the socket is the parent's. Its memory is left alone,
 * as its thread may have been inside realloc(), but not lost: returns what is left in all, with
 * `left` from before. NULL is allowed. */
struct tell_control *tell_control_child(
	struct tell_control *c, struct tell_control *left);

/* ---- control_obey.c ---- */

/* Do what n bytes ask, and append the answer. */
struct tell_buf;
void tell_control_obey(struct tell_service *s, const char *request, size_t n,
	const char *by, struct tell_buf *answer);
