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

struct tell_author tell_author_named(
	const struct tell_record *r, const struct tell_layout *l)
{
	struct tell_author s = { l->who->service, 0 };
	if (!tell_record_named(r, &s.name, &s.len))
		s.len = strlen(s.name);
	return s;
}

unsigned tell_pri_of(const struct tell_head *h, const struct tell_layout *l)
{
	enum { USER = 1 };
	unsigned facility = l->who->facility;
	if (h->facility && !l->facility_given)
		facility = h->facility - 1u;
	if (facility >= TELL_FACILITIES)
		facility = USER;
	return facility * 8 + (h->level & 7u);
}

#define HEX_ROW(h)                                                                       \
	h "0" h "1" h "2" h "3" h "4" h "5" h "6" h "7" h "8" h "9" h "a" h "b" h "c" h  \
	  "d" h "e" h "f"

/* "000102...ff" */
static const char hex_pairs[513] = HEX_ROW("0") HEX_ROW("1") HEX_ROW("2") HEX_ROW("3")
	HEX_ROW("4") HEX_ROW("5") HEX_ROW("6") HEX_ROW("7") HEX_ROW("8") HEX_ROW("9")
		HEX_ROW("a") HEX_ROW("b") HEX_ROW("c") HEX_ROW("d") HEX_ROW("e")
			HEX_ROW("f");

static char *put_hex8(char *p, uint32_t v)
{
	memcpy(p, hex_pairs + 2 * (size_t)(v >> 24), 2);
	memcpy(p + 2, hex_pairs + 2 * (size_t)(v >> 16 & 255), 2);
	memcpy(p + 4, hex_pairs + 2 * (size_t)(v >> 8 & 255), 2);
	memcpy(p + 6, hex_pairs + 2 * (size_t)(v & 255), 2);
	return p + 8;
}

char *tell_put_seq(char *p, const struct tell_head *h)
{
	p = put_hex8(p, h->run);
	*p++ = '.';
	if (h->lane < 10) /* one a thread, the synchronous one is 0 */
		*p++ = (char)('0' + h->lane);
	else
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
