#pragma once
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/held.h"

/* Who is connected to a control socket: one packet in, packets out, the end.
 *
 * Limits:  TELL_CLIENTS_MAX at a time; who comes beyond, or may not ask, is hung up on.
 * Threads: the service thread's. */
#define TELL_CLIENTS_MAX 8
#define TELL_ANSWER_MAX	 ((size_t)16 << 20)

struct tell_client {
	struct tell_held fd; /* none: a free place */
	uint64_t until_ns;   /* CLOCK_MONOTONIC: then its time is over */
	char by[64];	     /* who it is, for our records */
	struct tell_buf out; /* the answer */
	size_t sent;
	bool answered;
};

struct tell_clients {
	struct tell_client list[TELL_CLIENTS_MAX];
};

struct tell_service;

void tell_clients_init(struct tell_clients *c);

/* Hang up on all. */
void tell_clients_done(struct tell_clients *c);

/* In a forked child: close its copies. */
void tell_clients_child(struct tell_clients *c);

/* What to wait for: fills at most TELL_CLIENTS_MAX; returns how many. */
size_t tell_clients_poll(struct tell_clients *c, struct pollfd *fds);

/* Take those that have connected. False: there is no descriptor for them: not to be asked
 * again at once. */
bool tell_clients_accept(struct tell_clients *c, int listener, uint64_t now_ns);

/* Read, do and answer what can be without waiting; returns when the next one's time is
 * over; UINT64_MAX: there is none. */
uint64_t tell_clients_serve(
	struct tell_clients *c, struct tell_service *s, uint64_t now_ns);
