#include <errno.h>
#include <gnutls/x509.h>
#include <string.h>
#include <strings.h>

#include "sink/tls.h"

#define FIX                                                                              \
	"write sha-256:HEX, as `openssl x509 -noout -fingerprint -sha256 -in FILE` shows it"

/* The names of RFC 5425 are those of the IANA's "Hash Function Textual Names"; people write
 * them without the dash. */
static const struct {
	const char *name;
	gnutls_digest_algorithm_t digest;
	size_t len;
} digests[] = {
	{ "sha-256", GNUTLS_DIG_SHA256, 32 },
	{ "sha256", GNUTLS_DIG_SHA256, 32 },
	{ "sha-512", GNUTLS_DIG_SHA512, 64 },
	{ "sha512", GNUTLS_DIG_SHA512, 64 },
	{ "sha-1", GNUTLS_DIG_SHA1, 20 }, /* which RFC 5425 wants all to know */
	{ "sha1", GNUTLS_DIG_SHA1, 20 },
};
#define N_DIGESTS (sizeof(digests) / sizeof(digests[0]))

static int digit(char c)
{
	const char *all = "0123456789abcdefABCDEF";
	const char *at = c ? strchr(all, c) : NULL;
	int n = at ? (int)(at - all) : -1;
	return n < 16 ? n : n - 6;
}

/* Pairs of hexadecimal digits, a colon between them or none: exactly the hash. */
static bool read_hash(struct tell_tls_pin *pin, const char *s, size_t n)
{
	size_t have = 0;
	for (size_t at = 0; at + 1 < n && have < pin->len; at += 2) {
		if (have && s[at] == ':')
			at++;
		int high = digit(s[at]), low = at + 1 < n ? digit(s[at + 1]) : -1;
		if (high < 0 || low < 0)
			return false;
		pin->hash[have++] = (uint8_t)(high << 4 | low);
		if (have == pin->len)
			return at + 2 == n;
	}
	return false;
}

static bool read_pin(struct tell_tls_pin *pin, const char *s, size_t n)
{
	for (size_t i = 0; i < N_DIGESTS; i++) {
		size_t len = strlen(digests[i].name);
		if (n <= len || s[len] != ':' ||
			strncasecmp(s, digests[i].name, len) != 0)
			continue;
		pin->digest = digests[i].digest;
		pin->len = digests[i].len;
		return read_hash(pin, s + len + 1, n - len - 1);
	}
	return false;
}

int tell_tls_pins_read(struct tell_tls *tls, const char *text, struct tell_refusal *why)
{
	for (const char *s = text; *s; s += *s == ',') {
		size_t n = strcspn(s, ",");
		if (tls->n_pins == TELL_TLS_PINS)
			return tell_refuse(why, -E2BIG, "fingerprint",
				"name those in use and the next ones",
				"more than %d fingerprints", TELL_TLS_PINS);
		if (!read_pin(&tls->pins[tls->n_pins], s, n))
			return tell_refuse(why, -EINVAL, "fingerprint", FIX,
				"'%.*s' is no fingerprint", (int)(n < 120 ? n : 120), s);
		tls->n_pins++;
		s += n;
	}
	if (tls->n_pins == 0)
		return tell_refuse(why, -EINVAL, "fingerprint", FIX, "it is empty");
	return 0;
}

bool tell_tls_pinned(const struct tell_tls *tls, const gnutls_datum_t *certificate)
{
	for (size_t i = 0; i < tls->n_pins; i++) {
		const struct tell_tls_pin *pin = &tls->pins[i];
		uint8_t hash[sizeof(pin->hash)];
		size_t len = sizeof(hash);
		if (gnutls_fingerprint(pin->digest, certificate, hash, &len) == 0 &&
			len == pin->len && memcmp(hash, pin->hash, len) == 0)
			return true;
	}
	return false;
}
