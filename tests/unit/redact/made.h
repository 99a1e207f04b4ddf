#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Secrets made up at run time, so that no file of ours holds anything shaped like one.
 * Every maker draws from *seed (tell_unit_random()) and writes a C string to ret. */
#define MADE_MAX 1200

enum made_kind {
	MADE_BEARER, /* Bearer <token> */
	MADE_BASIC,  /* Basic <base64> */
	MADE_JWT,
	MADE_PEM, /* several lines */
	MADE_CARD,
	MADE_URL,  /* scheme://user:password@host */
	MADE_PAIR, /* password=... */
	MADE_KINDS
};

/* whole: the text as it is logged; secret: the part that must be gone. */
struct made {
	char whole[MADE_MAX], secret[MADE_MAX];
	const char *mask; /* what stands there afterwards: "jwt" */
};

void made_secret(struct made *ret, enum made_kind kind, uint64_t *seed);

/* n characters of letters and digits, the first a letter and some of both in it. */
void made_token(char *ret, size_t n, uint64_t *seed);

/* A card number: prefix, then random digits up to n, the last one the check digit; with
 * sign between groups of four when it is not 0. valid: false makes the check digit wrong. */
void made_card(
	char *ret, const char *prefix, size_t n, char sign, bool valid, uint64_t *seed);

void made_jwt(char *ret, uint64_t *seed);

/* label "RSA ", "" ...; with "\n" written out when escaped; without END when cut. */
void made_pem(char *ret, const char *label, bool escaped, bool cut, uint64_t *seed);

/* text in base64; RFC 4648 section 4, or 5 (no padding) when url. */
void made_base64(char *ret, const char *text, bool url);

/* The text with every span that the detectors find replaced; in one of four buffers. */
const char *masked(const char *text);
const char *masked_n(const char *text, size_t n, size_t *ret_len);

/* The text, its secret filled in for %s, must become `after` with it as %s; a NULL after:
 * it must stay. */
void expect_masked(const char *before, const char *secret, const char *after);
