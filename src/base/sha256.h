#pragma once
#include <stddef.h>
#include <stdint.h>

/* SHA-256 and the keyed hash made of it.
 *
 * Shape:   108 bytes; a message of any length in any number of pieces.
 * Threads: one owner at a time.
 * Source:  FIPS 180-4 section 6.2; HMAC: RFC 2104, FIPS 198-1. */
#define TELL_SHA256_LEN 32

struct tell_sha256 {
	uint32_t state[8];
	uint8_t block[64];
	uint64_t n; /* bytes so far */
};

void tell_sha256_init(struct tell_sha256 *h);
void tell_sha256_put(struct tell_sha256 *h, const void *bytes, size_t n);
void tell_sha256_end(struct tell_sha256 *h, uint8_t ret[TELL_SHA256_LEN]);

/* HMAC-SHA-256 with the key already taken in: two hashes that are copied for each use. */
struct tell_hmac {
	struct tell_sha256 inner, outer;
};

void tell_hmac_init(struct tell_hmac *h, const void *key, size_t len);
void tell_hmac_of(const struct tell_hmac *h, const void *bytes, size_t n,
	uint8_t ret[TELL_SHA256_LEN]);
