#include "base/sha256.h"
#include <string.h>

#define BLOCK 64

static const uint32_t constants[64] = { 0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5,
	0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01,
	0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
	0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138,
	0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624,
	0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5,
	0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f,
	0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2 };

static uint32_t turn(uint32_t v, unsigned by)
{
	return v >> by | v << (32 - by);
}

static void spread(uint32_t w[64], const uint8_t *block)
{
	for (size_t i = 0; i < 16; i++)
		w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
			(uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
	for (size_t i = 16; i < 64; i++) {
		uint32_t a = w[i - 15], b = w[i - 2];
		w[i] = w[i - 16] + w[i - 7] + (turn(a, 7) ^ turn(a, 18) ^ a >> 3) +
			(turn(b, 17) ^ turn(b, 19) ^ b >> 10);
	}
}

static void mix(uint32_t state[8], const uint8_t *block)
{
	uint32_t w[64], v[8];
	spread(w, block);
	memcpy(v, state, sizeof(v));
	for (size_t i = 0; i < 64; i++) {
		uint32_t a = v[0], e = v[4];
		uint32_t one = v[7] + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) +
			((e & v[5]) ^ (~e & v[6])) + constants[i] + w[i];
		uint32_t two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) +
			((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
		memmove(v + 1, v, 7 * sizeof(v[0]));
		v[4] += one;
		v[0] = one + two;
	}
	for (size_t i = 0; i < 8; i++)
		state[i] += v[i];
}

void tell_sha256_init(struct tell_sha256 *h)
{
	static const uint32_t first[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
	memcpy(h->state, first, sizeof(first));
	h->n = 0;
}

void tell_sha256_put(struct tell_sha256 *h, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;
	while (n) {
		size_t have = h->n % BLOCK, take = BLOCK - have < n ? BLOCK - have : n;
		memcpy(h->block + have, p, take);
		h->n += take;
		p += take;
		n -= take;
		if (h->n % BLOCK == 0)
			mix(h->state, h->block);
	}
}

void tell_sha256_end(struct tell_sha256 *h, uint8_t ret[TELL_SHA256_LEN])
{
	uint64_t bits = h->n * 8;
	uint8_t one = 0x80, zero = 0, length[8];
	tell_sha256_put(h, &one, 1);
	while (h->n % BLOCK != BLOCK - 8)
		tell_sha256_put(h, &zero, 1);
	for (size_t i = 0; i < 8; i++)
		length[i] = (uint8_t)(bits >> (56 - 8 * i));
	tell_sha256_put(h, length, 8);
	for (size_t i = 0; i < TELL_SHA256_LEN; i++)
		ret[i] = (uint8_t)(h->state[i / 4] >> (24 - 8 * (i % 4)));
}

void tell_hmac_init(struct tell_hmac *h, const void *key, size_t len)
{
	uint8_t block[BLOCK] = { 0 };
	if (len > BLOCK) {
		struct tell_sha256 long_key;
		tell_sha256_init(&long_key);
		tell_sha256_put(&long_key, key, len);
		tell_sha256_end(&long_key, block);
	} else {
		memcpy(block, key, len);
	}
	for (size_t i = 0; i < BLOCK; i++)
		block[i] ^= 0x36;
	tell_sha256_init(&h->inner);
	tell_sha256_put(&h->inner, block, BLOCK);
	for (size_t i = 0; i < BLOCK; i++)
		block[i] ^= 0x36 ^ 0x5c;
	tell_sha256_init(&h->outer);
	tell_sha256_put(&h->outer, block, BLOCK);
	explicit_bzero(block, sizeof(block));
}

void tell_hmac_of(const struct tell_hmac *h, const void *bytes, size_t n,
	uint8_t ret[TELL_SHA256_LEN])
{
	struct tell_sha256 inner = h->inner, outer = h->outer;
	tell_sha256_put(&inner, bytes, n);
	tell_sha256_end(&inner, ret);
	tell_sha256_put(&outer, ret, TELL_SHA256_LEN);
	tell_sha256_end(&outer, ret);
}
