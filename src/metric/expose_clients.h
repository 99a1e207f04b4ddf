#pragma once
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* Who is connected to a server of metrics, so that none stays for long and none takes all places.
 *
 *	struct tell_client *c = tell_clients_add(&clients, fd, addr, now_ns);
 *	n = tell_clients_expire(&clients, now_ns - timeout_ns);
 *	tell_client_gone(c);
 *
 * Shape:   a place each. One over a limit is let in, and the oldest in its place is shut down: of
 *          the same address, or of all; those that have not asked yet before those that wait for
 *          an answer. So whoever only holds connections open makes room for who asks.
 * Limits:  TELL_CLIENTS; TELL_CLIENTS_EACH an address. TELL_CLIENTS_ROOM places, as those that
 *          were shut down take a moment to go.
 * Clock:   the caller passes the time.
 * Threads: the server's. The numbers of descriptors are atomic: a forked child closes them. */
#define TELL_CLIENTS	  64
#define TELL_CLIENTS_EACH 16
#define TELL_CLIENTS_ROOM 96

struct tell_client {
	int fd;			 /* atomic; -1: the place is free */
	bool began, asked, shut; /* the head of a request, all of it; the server's end */
	uint64_t since_ns;
	sa_family_t family; /* AF_UNSPEC: no address, as of a local peer */
	struct in6_addr address;
	size_t held; /* bytes of its answer; the server's */
};

struct tell_clients {
	struct tell_client list[TELL_CLIENTS_ROOM];
	size_t n;	/* that are not shut down */
	size_t crowded; /* how many were shut down for a limit; the owner resets it */
};

void tell_clients_init(struct tell_clients *all);

/* NULL: there is no place at all. */
struct tell_client *tell_clients_add(
	struct tell_clients *all, int fd, const struct sockaddr *addr, uint64_t now_ns);

/* Its descriptor is about to be closed. NULL is allowed. */
void tell_clients_gone(struct tell_clients *all, struct tell_client *c);

/* Shut those down that came before; how many. */
size_t tell_clients_expire(struct tell_clients *all, uint64_t before_ns);

/* When the oldest came; UINT64_MAX: there is none. */
uint64_t tell_clients_oldest(const struct tell_clients *all);

/* In a forked child: close its copies. Async-signal-safe. */
void tell_clients_child(struct tell_clients *all);
