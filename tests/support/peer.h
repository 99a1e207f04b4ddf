#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Receivers of records as a test wants them: there, gone, deaf.
 *
 * A failing call fails the test. Names of local sockets are paths.
 * Threads: one. */

/* A bound datagram socket at path; it replaces what is there. */
int tell_peer_datagram(const char *path);

/* A listening local stream socket. */
int tell_peer_stream(const char *path);

/* 127.0.0.1, port *port or, when 0, any free one, which becomes *port. */
int tell_peer_udp(uint16_t *port);
int tell_peer_tcp(uint16_t *port);

/* The next connection, within 10 s. */
int tell_peer_accept(int listener);

/* The next datagram, within wait_ms; what a sealed memfd holds that came in its place
 * (*ret_memfd, may be NULL). The length, or -1: none came. The text is NUL-terminated. */
long tell_peer_receive(
	int fd, char *text, size_t size, unsigned wait_ms, bool *ret_memfd);

/* All bytes of a stream until there are `len`, or the peer closes, or 10 s are over. */
size_t tell_peer_read(int fd, char *bytes, size_t len);

/* The next frame with a count in front (RFC 6587), NUL behind it; false: the connection ended
 * before it, or within it. */
bool tell_peer_frame(int fd, char *frame, size_t size);
