#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* A host's name as addresses. May take seconds when it is no number: only while a stack
 * is loaded or opened anew, and by the service thread (sink/name.h), never for a record.
 *
 * Limits:  TELL_PEERS_MAX addresses, the rest is not tried.
 * Threads: pure but for the system's resolver. */
#define TELL_PEERS_MAX 8

struct tell_peer {
	struct sockaddr_storage addr;
	socklen_t len;
};

/* The number of addresses, or -errno (-EHOSTUNREACH: the name is not known); then
 * *ret_why is a sentence. type: SOCK_STREAM or SOCK_DGRAM. */
int tell_resolve(struct tell_peer peers[TELL_PEERS_MAX], const char *host, uint16_t port,
	int type, const char **ret_why);
