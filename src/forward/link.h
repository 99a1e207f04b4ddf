#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <telltale/wire.h>

/* A connection to a receiver that is not spoken to over HTTP: TCP, or TLS on it. Made when it
 * is wanted; whatever is amiss ends it, and `why` says what that was.
 *
 * Wait:    at most the line's timeout for a connection, a write, a read.
 * TLS:     the wire of sink syslog: the peer is who it should be, or nothing is sent.
 * Threads: one owner. */
#define TELL_LINK_WHY 300

/* Options of a line that sends by one. ports: what its help says of the port. */
#define TELL_LINK_OPTIONS(ports)                                                         \
	{ "host", TELL_OPTION_TEXT, NULL, NULL, "its name or address", true },           \
		{ "port", TELL_OPTION_PORT, NULL, NULL, ports, false },                  \
		{ "tls", TELL_OPTION_BOOL, "no", NULL,                                   \
			"encrypted, and its name verified", false },                     \
		{ "ca", TELL_OPTION_TEXT, NULL, NULL,                                    \
			"trust these authorities instead of the system's", false },      \
		{ "crl", TELL_OPTION_TEXT, NULL, NULL,                                   \
			"their lists of revoked certificates", false },                  \
		{ "fingerprint", TELL_OPTION_TEXT, NULL, NULL,                           \
			"its certificate, sha-256:HEX; several with commas", false },    \
		{ "servername", TELL_OPTION_TEXT, NULL, NULL,                            \
			"the name in its certificate, if it is not host=", false },      \
		{ "cert", TELL_OPTION_TEXT, NULL, NULL, "our certificate, PEM", false }, \
		{ "key", TELL_OPTION_TEXT, NULL, NULL,                                   \
			"its key, if it is not in cert='s file", false },                \
	{                                                                                \
		"timeout", TELL_OPTION_DURATION, "30s", NULL,                            \
			"for a connection, a request, an answer", false                  \
	}

struct tell_link {
	const char *host;
	uint16_t port;
	uint64_t timeout_ns, deadline_ns;
	const struct tell_wire *wire; /* NULL: plain */
	void *wire_state, *session;
	int fd;	       /* -1: no connection */
	uint64_t sent; /* bytes written so far, on all connections */
	void (*alive)(
		void *arg); /* called each second of a wait, and when the peer speaks */
	void *alive_arg;
	char why[TELL_LINK_WHY];
};

/* What can be said of the line without a connection; port: where it names none, 0: it must. */
int tell_link_check(
	const struct tell_args *args, uint16_t port, struct tell_refusal *why);

/* 0 or a negative errno and *why. */
int tell_link_open(struct tell_link *l, const struct tell_args *args, uint16_t port,
	struct tell_refusal *why);
void tell_link_close(struct tell_link *l);

/* A connection: the one there is, unless its peer has ended it, or a new one. */
bool tell_link_connect(struct tell_link *l);
bool tell_link_write(struct tell_link *l, const void *bytes, size_t len);

/* Bytes; 0: there are none, the connection is over. */
size_t tell_link_read(struct tell_link *l, void *bytes, size_t room);

/* Wait until the peer's kernel has all that was written, or the connection is over.
 * *ret_left: bytes that it is not known to have. */
bool tell_link_settle(struct tell_link *l, size_t *ret_left);

/* It is over, and why. */
void tell_link_fail(struct tell_link *l, const char *why);
