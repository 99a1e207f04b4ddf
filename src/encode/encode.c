#include "encode/encode.h"
#include <string.h>
#include <telltale/log.h>
#include "base/number.h"
#include "encode/parts.h"
#include "encode/room.h"

static const struct {
	const char *word;
	tell_encoder *encode;
} encoders[] = {
	{ "journal", tell_encode_journal },
	{ "json", tell_encode_json },
	{ "logfmt", tell_encode_logfmt },
	{ "text", tell_encode_text },
	{ "rfc5424", tell_encode_rfc5424 },
	{ "rfc3164", tell_encode_rfc3164 },
};

tell_encoder *tell_encoder_of(const char *format)
{
	for (size_t i = 0; i < sizeof(encoders) / sizeof(encoders[0]); i++)
		if (strcmp(encoders[i].word, format) == 0)
			return encoders[i].encode;
	return NULL;
}

const char *tell_kind_word(unsigned kind)
{
	static const char *const words[] = { "log", "span", "event", "metric", "health",
		"alert", "cost", "feedback", "loss" };
	return words[kind < sizeof(words) / sizeof(words[0]) ? kind : 0];
}

unsigned tell_pri_of(const struct tell_head *h, const struct tell_layout *l)
{
	enum { USER = 1, HIGHEST = 23 }; /* RFC 5424 table 1 */
	unsigned facility = l->who->facility <= HIGHEST ? l->who->facility : USER;
	return facility * 8 + (h->level & 7u);
}

/* A hex digit for each byte of v, all of them below 16, without a branch. */
static uint64_t hex_digits(uint64_t v)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t letters = (v + 6 * ones) >> 4 & ones; /* 1 where over 9 */
	return v + '0' * ones + letters * ('a' - '0' - 10);
}

/* Eight hex digits: the bytes of a word spread to nibbles, the first digit lowest. */
static char *put_hex8(char *p, uint32_t v)
{
	uint64_t x = v;
	x = (x & 0xffff0000) >> 16 | (x & 0x0000ffff) << 32;
	x = (x & UINT64_C(0x0000ff000000ff00)) >> 8 |
		(x & UINT64_C(0x000000ff000000ff)) << 16;
	x = (x & UINT64_C(0x00f000f000f000f0)) >> 4 |
		(x & UINT64_C(0x000f000f000f000f)) << 8;
	x = hex_digits(x);
	for (int i = 0; i < 8; i++) /* one store where the machine is little-endian */
		p[i] = (char)(x >> (8 * i));
	return p + 8;
}

char *tell_put_seq(char *p, const struct tell_head *h)
{
	p = put_hex8(p, h->run);
	*p++ = '.';
	p = tell_put_u64(p, h->lane);
	*p++ = '.';
	return tell_put_u64(p, h->seq);
}

void tell_encode_seq(struct tell_buf *out, const struct tell_head *h)
{
	char text[TELL_SEQ_MAX_CHARS];
	if (h->seq)
		tell_buf_put(out, text, (size_t)(tell_put_seq(text, h) - text));
}
