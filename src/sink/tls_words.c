#include <errno.h>
#include <stdio.h>

#include "sink/tls.h"

#define SAY(...) (void)snprintf(why, TELL_WIRE_WHY, __VA_ARGS__) /* cut is fine */

static void say_ours(
	struct tell_tls_session *x, const char *name, char why[static TELL_WIRE_WHY])
{
	SAY(x->set->has_own ? "the server refuses our certificate, cert=: %s"
			    : "the server wants a certificate of ours, cert=: %s",
		name ? name : "no reason given");
}

/* The peer said why it ends: RFC 8446, 6.2. */
static void say_alert(struct tell_tls_session *x, char why[static TELL_WIRE_WHY])
{
	gnutls_alert_description_t alert = gnutls_alert_get(x->gnutls);
	const char *name = gnutls_alert_get_name(alert);
	switch ((int)alert) {
	case GNUTLS_A_PROTOCOL_VERSION:
		SAY("the server speaks no TLS 1.2 or later");
		return;
	case GNUTLS_A_BAD_CERTIFICATE:
	case GNUTLS_A_UNSUPPORTED_CERTIFICATE:
	case GNUTLS_A_CERTIFICATE_REVOKED:
	case GNUTLS_A_CERTIFICATE_EXPIRED:
	case GNUTLS_A_CERTIFICATE_UNKNOWN:
	case GNUTLS_A_UNKNOWN_CA:
	case GNUTLS_A_ACCESS_DENIED:
	case GNUTLS_A_CERTIFICATE_REQUIRED:
		say_ours(x, name, why);
		return;
	case GNUTLS_A_HANDSHAKE_FAILURE:
		/* What TLS 1.2 says for want of a certificate as well as of a cipher. */
		if (gnutls_certificate_client_get_request_status(x->gnutls) == 1)
			say_ours(x, name, why);
		else
			SAY("the server ended the handshake: %s",
				name ? name : "no reason given");
		return;
	default:
		SAY("the server ended it: %s",
			name ? name : "an alert that is not known");
	}
}

int tell_tls_failed(struct tell_tls_session *x, int error, char why[static TELL_WIRE_WHY])
{
	switch (error) {
	case GNUTLS_E_FATAL_ALERT_RECEIVED:
		say_alert(x, why);
		return -EPROTO;
	case GNUTLS_E_CERTIFICATE_ERROR:
	case GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR:
		SAY("%s",
			*x->why ? x->why : "the server's certificate cannot be trusted");
		return -EPROTO;
	case GNUTLS_E_KEY_USAGE_VIOLATION:
		SAY("the server's certificate is not for servers: its key usage says so");
		return -EPROTO;
	case GNUTLS_E_UNSUPPORTED_VERSION_PACKET:
		SAY(x->done ? "the server broke TLS: %s"
			    : "the server speaks no TLS 1.2 or later",
			gnutls_strerror(error));
		return -EPROTO;
	case GNUTLS_E_UNEXPECTED_PACKET:
	case GNUTLS_E_UNEXPECTED_PACKET_LENGTH:
	case GNUTLS_E_RECORD_OVERFLOW:
	case GNUTLS_E_DECRYPTION_FAILED:
		SAY(x->done ? "the server broke TLS: %s"
			    : "what answers at this port is not TLS: %s",
			gnutls_strerror(error));
		return -EPROTO;
	case GNUTLS_E_PREMATURE_TERMINATION:
	case GNUTLS_E_PUSH_ERROR:
	case GNUTLS_E_PULL_ERROR:
		if (!x->done)
			SAY("the server closed the connection in the handshake");
		return -EPIPE;
	default:
		SAY("%s: %s", x->done ? "TLS broke" : "the handshake failed",
			gnutls_strerror(error));
		return -EPROTO;
	}
}
