#include "unit/redact/made.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "redact/mask.h"
#include "support/unit.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			       "0123456789+/";

static char any_of(const char *set, size_t n, uint64_t *seed)
{
	return set[tell_unit_random(seed) % n];
}

void made_token(char *ret, size_t n, uint64_t *seed)
{
	for (size_t i = 0; i < n; i++)
		ret[i] = any_of(alphabet, i ? 62 : 52, seed);
	if (n > 3) {
		ret[1] = any_of(alphabet + 52, 10, seed);
		ret[2] = any_of(alphabet, 26, seed);
		ret[3] = any_of(alphabet + 26, 26, seed);
	}
	ret[n] = '\0';
}

void made_base64(char *ret, const char *text, bool url)
{
	size_t n = strlen(text);
	uint32_t bits = 0;
	unsigned have = 0;
	for (size_t i = 0; i < n; i++) {
		bits = bits << 8 | (unsigned char)text[i];
		for (have += 8; have >= 6; have -= 6)
			*ret++ = alphabet[bits >> (have - 6) & 63];
	}
	if (have)
		*ret++ = alphabet[bits << (6 - have) & 63];
	for (; !url && have && have < 6; have += 2)
		*ret++ = '=';
	*ret = '\0';
}

void made_card(
	char *ret, const char *prefix, size_t n, char sign, bool valid, uint64_t *seed)
{
	char digits[32];
	size_t have = strlen(prefix);
	memcpy(digits, prefix, have);
	while (have < n - 1)
		digits[have++] = any_of("0123456789", 10, seed);
	int sum = 0;
	for (size_t i = 0; i < n - 1; i++) {
		int d = digits[n - 2 - i] - '0';
		sum += i % 2 ? d : d * 2 > 9 ? d * 2 - 9 : d * 2;
	}
	int check = (10 - sum % 10) % 10;
	digits[n - 1] = (char)('0' + (valid ? check : (check + 1) % 10));
	for (size_t i = 0; i < n; i++) {
		bool amex = n == 15 && (i == 4 || i == 10);
		if (sign && i && (n == 15 ? amex : i % 4 == 0))
			*ret++ = sign;
		*ret++ = digits[i];
	}
	*ret = '\0';
}

void made_jwt(char *ret, uint64_t *seed)
{
	char payload[128], random[64], part[3][256];
	(void)snprintf(payload, sizeof(payload), "{\"sub\":\"%u\",\"iat\":%u}",
		(unsigned)(tell_unit_random(seed) % 100000), 1700000000u);
	made_base64(part[0], "{\"alg\":\"HS256\",\"typ\":\"JWT\"}", true);
	made_base64(part[1], payload, true);
	made_token(random, 43, seed);
	(void)snprintf(ret, MADE_MAX, "%s.%s.%s", part[0], part[1], random);
}

void made_pem(char *ret, const char *label, bool escaped, bool cut, uint64_t *seed)
{
	const char *line_end = escaped ? "\\n" : "\n";
	char what[64];
	(void)snprintf(what, sizeof(what), "%s%s %s", label, "PRIVATE", "KEY");
	size_t n = (size_t)snprintf(
		ret, MADE_MAX, "-----%s %s-----%s", "BEGIN", what, line_end);
	for (int i = 0; i < 6; i++) {
		char body[65];
		made_token(body, 64, seed);
		n += (size_t)snprintf(ret + n, MADE_MAX - n, "%s%s", body, line_end);
	}
	if (cut)
		ret[n - strlen(line_end)] = '\0';
	else
		(void)snprintf(ret + n, MADE_MAX - n, "-----%s %s-----", "END", what);
}

void made_secret(struct made *ret, enum made_kind kind, uint64_t *seed)
{
	static const char *const kinds[] = { "bearer", "bearer", "jwt", "pem", "card",
		"url", "pair" };
	static const char *const names[] = { "password", "api_key", "client-secret",
		"accessToken", "DB_PASSWD", "refresh_token" };
	char token[64], text[128];
	made_token(token, 16 + tell_unit_random(seed) % 24, seed);
	ret->mask = kinds[kind];
	(void)snprintf(ret->secret, MADE_MAX, "%s", token);
	switch (kind) {
	case MADE_BEARER:
		(void)snprintf(ret->whole, MADE_MAX, "Bearer %s", token);
		return;
	case MADE_BASIC:
		(void)snprintf(text, sizeof(text), "ann:%s", token);
		made_base64(ret->secret, text, false);
		(void)snprintf(ret->whole, MADE_MAX, "basic %.256s", ret->secret);
		return;
	case MADE_JWT:
		made_jwt(ret->secret, seed);
		break;
	case MADE_PEM:
		made_pem(ret->secret, "RSA ", false, false, seed);
		break;
	case MADE_CARD:
		made_card(ret->secret, tell_unit_random(seed) % 2 ? "4" : "53", 16,
			"\0- "[tell_unit_random(seed) % 3], true, seed);
		break;
	case MADE_URL:
		(void)snprintf(ret->whole, MADE_MAX,
			"%s://%s:%s@db.example.org:5432/shop", "postgres", "svc", token);
		return;
	case MADE_PAIR:
		(void)snprintf(ret->whole, MADE_MAX, "%s=%s",
			names[tell_unit_random(seed) % 6], token);
		return;
	case MADE_KINDS:
		break;
	}
	(void)snprintf(ret->whole, MADE_MAX, "%s", ret->secret);
}

const char *masked_n(const char *text, size_t n, size_t *ret_len)
{
	static struct tell_buf bufs[4], work;
	static unsigned next;
	struct tell_buf *out = &bufs[next++ % 4];
	struct tell_mask m;
	bool whole;
	/* A copy of its own: a sanitizer sees any byte that is read too much. */
	char *copy = malloc(n ? n : 1);
	ck_assert_ptr_nonnull(copy);
	memcpy(copy, text, n);
	tell_mask_init(&m, out, &work);
	int found = tell_mask_text(&m, copy, n, &whole);
	ck_assert_int_ge(found, 0);
	if (!found) {
		tell_buf_clear(out);
		tell_buf_put(out, text, n);
	}
	tell_mask_done(&m);
	free(copy);
	*ret_len = out->len;
	return tell_buf_cstr(out);
}

const char *masked(const char *text)
{
	size_t len;
	return masked_n(text, strlen(text), &len);
}

void expect_masked(const char *before, const char *secret, const char *after)
{
	char text[2 * MADE_MAX], wanted[2 * MADE_MAX];
	const char *at = strstr(before, "%s");
	int head = at ? (int)(at - before) : (int)strlen(before);
	(void)snprintf(text, sizeof(text), "%.*s%s%s", head, before, at ? secret : "",
		at ? at + 2 : "");
	(void)snprintf(wanted, sizeof(wanted), "%s", after ? after : text);
	const char *got = masked(text);
	ck_assert_msg(strcmp(got, wanted) == 0, "%s\n became %s\n not    %s", text, got,
		wanted);
	ck_assert_msg(strcmp(masked(wanted), wanted) == 0, "%s\n became %s", wanted,
		masked(wanted));
}
