/* SipHash-2-4: two rounds for each word of text, four at the end. */
#include <endian.h>
#include <string.h>

#include "base/hash.h"

struct state {
	uint64_t v0, v1, v2, v3;
};

static uint64_t rotate(uint64_t v, int by)
{
	return v << by | v >> (64 - by);
}

/* Figure 2.1 of the paper. */
static void sip_round(struct state *s)
{
	s->v0 += s->v1;
	s->v2 += s->v3;
	s->v1 = rotate(s->v1, 13) ^ s->v0;
	s->v3 = rotate(s->v3, 16) ^ s->v2;
	s->v0 = rotate(s->v0, 32) + s->v3;
	s->v2 += s->v1;
	s->v3 = rotate(s->v3, 21) ^ s->v0;
	s->v1 = rotate(s->v1, 17) ^ s->v2;
	s->v2 = rotate(s->v2, 32);
}

static void compress(struct state *s, uint64_t word)
{
	s->v3 ^= word;
	sip_round(s);
	sip_round(s);
	s->v0 ^= word;
}

static uint64_t load_word(const uint8_t *p)
{
	uint64_t v;
	memcpy(&v, p, sizeof(v));
	return le64toh(v);
}

/* Fewer than 8 bytes. */
static uint64_t load_little(const uint8_t *p, size_t n)
{
	uint64_t v = 0;
	for (size_t i = 0; i < n; i++)
		v |= (uint64_t)p[i] << (8 * i);
	return v;
}

uint64_t tell_siphash(const uint8_t key[16], const void *bytes, size_t n)
{
	const uint8_t *p = bytes;
	uint64_t k0 = load_word(key), k1 = load_word(key + 8);
	struct state s = {
		k0 ^ UINT64_C(0x736f6d6570736575), /* "somepseu" */
		k1 ^ UINT64_C(0x646f72616e646f6d), /* "dorandom" */
		k0 ^ UINT64_C(0x6c7967656e657261), /* "lygenera" */
		k1 ^ UINT64_C(0x7465646279746573), /* "tedbytes" */
	};
	size_t left = n;
	for (; left >= 8; left -= 8, p += 8)
		compress(&s, load_word(p));
	compress(&s, load_little(p, left) | (uint64_t)n << 56);
	s.v2 ^= 0xff;
	for (int i = 0; i < 4; i++)
		sip_round(&s);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
