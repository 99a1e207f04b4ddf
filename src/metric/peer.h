#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <telltale/module.h>

/* Who takes datagrams of metrics: a UDP server, by name or address, or a local socket.
 *
 * Shape:   one socket, connected, non-blocking. Made when it is first needed and again after an
 *          error, when a name is looked up once more.
 * Waiting: a look-up takes what the resolver takes; a local socket without room is waited for
 *          until the deadline, the network never.
 * Threads: one owner at a time: the helper thread, which may wait. */
#define TELL_PEER_UDP_BYTES                                                              \
	1432 /* an Ethernet frame of 1,500 less IPv6's and UDP's heads, */
#define TELL_PEER_LOCAL_BYTES 8192 /* what DogStatsD's own clients send at most */

struct tell_metric_peer {
	const char *host, *path; /* borrowed; path: a local socket, or NULL */
	uint16_t port;
	int fd; /* -1: none */
};

/* Bytes a datagram to it may have. */
size_t tell_metric_peer_bytes(const struct tell_metric_peer *p);

/* Send one by deadline_ns (CLOCK_MONOTONIC). 0 or -errno: not taken; *ret_why says it, unless
 * it is what strerror(3) says. */
int tell_metric_peer_send(struct tell_metric_peer *p, const void *bytes, size_t len,
	uint64_t deadline_ns, const char **ret_why);

void tell_metric_peer_close(struct tell_metric_peer *p);
