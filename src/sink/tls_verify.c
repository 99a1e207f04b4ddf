#include <gnutls/x509.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "sink/tls.h"

#define WHY(x, ...)                                                                      \
	(void)snprintf((x)->why, sizeof((x)->why), __VA_ARGS__) /* cut is fine */

/* The server's certificate as it is judged. */
struct seen {
	gnutls_x509_crt_t certificate;
	const gnutls_datum_t *bytes;
	time_t begins, ends;
};

static const char *day(time_t t, char text[static 32])
{
	struct tm tm;
	if (t == (time_t)-1 || !gmtime_r(&t, &tm) ||
		!strftime(text, 32, "%Y-%m-%d %H:%M:%S UTC", &tm))
		return "an unknown day";
	return text;
}

static const char *issuer(const struct seen *seen, char text[static 100])
{
	size_t n = 100;
	if (gnutls_x509_crt_get_issuer_dn(seen->certificate, text, &n) < 0)
		return "someone";
	return text;
}

/* The first names it has, as many as fit. */
static const char *names(const struct seen *seen, char text[static 100])
{
	size_t used = 0;
	text[0] = '\0';
	for (unsigned i = 0; i < 8; i++) {
		char name[80];
		size_t n = sizeof(name) - 1;
		int type = gnutls_x509_crt_get_subject_alt_name(
			seen->certificate, i, name, &n, NULL);
		if (type < 0)
			break;
		if (type != GNUTLS_SAN_DNSNAME || n >= sizeof(name))
			continue;
		name[n] = '\0';
		if (used + n + 3 > 100)
			break;
		used += (size_t)snprintf(
			text + used, 100 - used, "%s%s", used ? ", " : "", name);
	}
	return used ? text : "no name";
}

static void say_signer(struct tell_tls_session *x, const struct seen *seen)
{
	char who[100];
	if (gnutls_x509_crt_check_issuer(seen->certificate, seen->certificate))
		WHY(x,
			"the server's certificate is self-signed: no CA stands behind it; "
			"fingerprint= can pin it");
	else
		WHY(x, "the server's certificate is by %s, which is none of the CAs of %s",
			issuer(seen, who),
			tell_args_text(x->tls->args, "ca") ? "ca="
							   : "this system; see ca=");
}

static void say_times(struct tell_tls_session *x, const struct seen *seen, bool ended)
{
	char when[32];
	if (ended)
		WHY(x, "the server's certificate has expired, on %s",
			day(seen->ends, when));
	else
		WHY(x, "the server's certificate is not yet valid, before %s",
			day(seen->begins, when));
}

/* The worst first: what it is worth nothing to mend without the one before. */
static void say_status(
	struct tell_tls_session *x, const struct seen *seen, unsigned status)
{
	gnutls_datum_t text = { NULL, 0 };
	char some[100];

	if (status & GNUTLS_CERT_REVOKED)
		WHY(x, "the server's certificate is revoked, says crl=");
	else if (status & GNUTLS_CERT_SIGNER_NOT_FOUND)
		say_signer(x, seen);
	else if (status & (GNUTLS_CERT_EXPIRED | GNUTLS_CERT_NOT_ACTIVATED) &&
		!(status & GNUTLS_CERT_SIGNATURE_FAILURE))
		say_times(x, seen, status & GNUTLS_CERT_EXPIRED);
	else if (status & GNUTLS_CERT_PURPOSE_MISMATCH)
		WHY(x, "the server's certificate is not for servers: its key usage says so");
	else if (status & GNUTLS_CERT_UNEXPECTED_OWNER)
		WHY(x, "the server's certificate is for %s, not for %.80s; see servername=",
			names(seen, some), x->tls->name);
	else if (gnutls_certificate_verification_status_print(
			 status, GNUTLS_CRT_X509, &text, 0) == 0)
		WHY(x, "the server's certificate: %s", (const char *)text.data);
	else
		WHY(x, "the server's certificate cannot be trusted");
	gnutls_free(text.data);
}

/* The chain to a CA, the times, the purpose, and the name: RFC 5280, RFC 6125. */
static bool chain_holds(struct tell_tls_session *x, const struct seen *seen)
{
	struct tell_tls *tls = x->tls;
	unsigned status = GNUTLS_CERT_INVALID;
	gnutls_typed_vdata_st asked[2] = {
		{ .type = GNUTLS_DT_KEY_PURPOSE_OID,
			.data = (unsigned char *)(uintptr_t)GNUTLS_KP_TLS_WWW_SERVER },
		{ .type = GNUTLS_DT_DNS_HOSTNAME,
			.data = (unsigned char *)(uintptr_t)tls->name },
	};
	if (tls->address_len)
		asked[1] = (gnutls_typed_vdata_st){ .type = GNUTLS_DT_IP_ADDRESS,
			.data = tls->address,
			.size = (unsigned)tls->address_len };
	if (gnutls_certificate_verify_peers(x->gnutls, asked, 2, &status) < 0)
		status |= GNUTLS_CERT_INVALID;
	if (status)
		say_status(x, seen, status);
	return status == 0;
}

/* Without a chain: it is pinned, which says whose it is; it must be in force all the same. */
static bool alone_holds(struct tell_tls_session *x, const struct seen *seen)
{
	time_t now = time(NULL);
	if (now > seen->ends || now < seen->begins) {
		say_times(x, seen, now > seen->ends);
		return false;
	}
	if (!x->tls->name ||
		gnutls_x509_crt_check_hostname2(seen->certificate, x->tls->name, 0))
		return true;
	say_status(x, seen, GNUTLS_CERT_UNEXPECTED_OWNER);
	return false;
}

static bool is_pinned(struct tell_tls_session *x, const struct seen *seen)
{
	char text[3 * 32 + 1] = "";
	uint8_t hash[32];
	size_t n = sizeof(hash);

	if (x->tls->n_pins == 0 || tell_tls_pinned(x->tls, seen->bytes))
		return true;
	if (gnutls_fingerprint(GNUTLS_DIG_SHA256, seen->bytes, hash, &n) < 0)
		n = 0;
	for (size_t i = 0; i < n; i++)
		(void)snprintf(text + 3 * i, 4, "%02X%s", hash[i], i + 1 < n ? ":" : "");
	WHY(x, "the server's certificate is none of fingerprint=: it has sha-256:%s",
		text);
	return false;
}

int tell_tls_verify(gnutls_session_t gnutls)
{
	struct tell_tls_session *x = gnutls_session_get_ptr(gnutls);
	struct seen seen = { NULL, NULL, 0, 0 };
	unsigned n = 0;

	seen.bytes = gnutls_certificate_get_peers(gnutls, &n);
	if (!seen.bytes || n == 0 || gnutls_x509_crt_init(&seen.certificate) < 0 ||
		gnutls_x509_crt_import(
			seen.certificate, &seen.bytes[0], GNUTLS_X509_FMT_DER) < 0) {
		WHY(x, "the server showed no certificate that can be read");
		if (seen.certificate)
			gnutls_x509_crt_deinit(seen.certificate);
		return GNUTLS_E_CERTIFICATE_ERROR;
	}
	seen.begins = gnutls_x509_crt_get_activation_time(seen.certificate);
	seen.ends = gnutls_x509_crt_get_expiration_time(seen.certificate);
	bool holds = is_pinned(x, &seen) &&
		(x->tls->chain ? chain_holds(x, &seen) : alone_holds(x, &seen));
	if (holds)
		x->tls->peer_ends_s = seen.ends;
	gnutls_x509_crt_deinit(seen.certificate);
	return holds ? 0 : GNUTLS_E_CERTIFICATE_ERROR;
}
