#pragma once
/* The wire tls: GnuTLS below a sink's stream (RFC 5425), in tell_sink_tls.so. It links nothing
 * of ours and is loaded only where a line says proto=tls.
 *
 * Always:  TLS 1.2 or 1.3; the server is who it should be, or nothing is sent: its certificate
 *          is in force, leads to ca= (else the system's CAs) and has the name servername=, or is
 *          one of fingerprint=. With both, both.
 * Files:   read when opened and at reopen; sessions keep what they began with.
 * Threads: see struct tell_wire. Source: RFC 5425, RFC 9662, RFC 6125, RFC 5280. */
#define TELL_MODULE_LOADED
#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stdint.h>
#include <telltale/wire.h>

#define TELL_TLS_PINS 8

struct tell_tls_pin {
	gnutls_digest_algorithm_t digest;
	size_t len;
	uint8_t hash[64];
};

/* What the files said. Counted: the wire has one, and each session the one it began with. */
struct tell_tls_set {
	unsigned users;
	gnutls_certificate_credentials_t credentials;
	bool has_own;
	int64_t own_ends_s;
};

struct tell_tls {
	const struct tell_args *args;
	gnutls_priority_t priority;
	struct tell_tls_set *set;
	size_t n_pins;
	struct tell_tls_pin pins[TELL_TLS_PINS];
	bool chain;	    /* the certificate must lead to a CA */
	const char *name;   /* the server's; NULL: whatever the pinned certificate says */
	size_t address_len; /* name is an address, and these are its bytes; 0: it is none */
	uint8_t address[16];
	int64_t peer_ends_s; /* of the good certificate seen last; 0: none yet */
};

struct tell_tls_session {
	struct tell_tls *tls;
	struct tell_tls_set *set;
	gnutls_session_t gnutls;
	int fd;
	bool done;	    /* the handshake */
	uint64_t settle_ns; /* a server that asked who we are may refuse until then */
	char why[TELL_WIRE_WHY];
};

/* tls_files.c: read what the line names. 0, or -errno and *why: -ENOENT, -EACCES, -ENXIO mean
 * this host, this user; the others are wrong everywhere. */
int tell_tls_set_new(
	struct tell_tls_set **ret, const struct tell_tls *tls, struct tell_refusal *why);
void tell_tls_set_unref(struct tell_tls_set *set);

/* tls_pin.c: fingerprint=, "sha-256:AB:CD…" (RFC 5425, 4.2.2), several with commas. */
int tell_tls_pins_read(struct tell_tls *tls, const char *text, struct tell_refusal *why);
bool tell_tls_pinned(const struct tell_tls *tls, const gnutls_datum_t *certificate);

/* tls_verify.c: GnuTLS asks in the handshake: 0, or it ends and the session's why says it. */
int tell_tls_verify(gnutls_session_t gnutls);

/* tls_words.c: what an error of the handshake, or later, means. Returns -errno. */
int tell_tls_failed(
	struct tell_tls_session *x, int error, char why[static TELL_WIRE_WHY]);
