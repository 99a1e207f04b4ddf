#include "base/scan.h"
#include "base/utf8.h"
#include "encode/parts.h"
#include "encode/room.h"

static const char hex[] = "0123456789abcdef";

static char *put_hex_escape(char *p, unsigned char c)
{
	*p++ = '\\';
	*p++ = 'x';
	*p++ = hex[c >> 4];
	*p++ = hex[c & 15];
	return p;
}

static char *put_escape(char *p, uint32_t cp)
{
	switch (cp) {
	case '\n':
		return TELL_PUT(p, "\\n");
	case '\t':
		return TELL_PUT(p, "\\t");
	case '\r':
		return TELL_PUT(p, "\\r");
	default:
		break;
	}
	if (cp < 0x100)
		return put_hex_escape(p, (unsigned char)cp);
	p = TELL_PUT(p, "\\u");
	for (int shift = 12; shift >= 0; shift -= 4)
		*p++ = hex[cp >> shift & 15];
	return p;
}

/* One character at s, shown or as it is; *ret_len: the bytes it takes. */
static char *put_character(
	char *p, const char *s, size_t n, bool keep_lf, size_t *ret_len)
{
	uint32_t cp;
	size_t len = (size_t)tell_utf8_next(s, n, &cp);
	bool broken = cp == TELL_CP_REPLACEMENT &&
		(len != 3 || memcmp(s, "\xef\xbf\xbd", 3) != 0); /* not one that came */
	*ret_len = len;
	if (broken) {
		for (size_t i = 0; i < len; i++)
			p = put_hex_escape(p, (unsigned char)s[i]);
		return p;
	}
	if (!tell_cp_unsafe(cp) || (keep_lf && cp == '\n'))
		return tell_put_bytes(p, s, len);
	return put_escape(p, cp);
}

void tell_text_escape(struct tell_buf *out, const char *s, size_t n, bool keep_lf)
{
	size_t start = out->len;
	char *p = tell_room_begin(out, n + TELL_SLACK);
	while (p && n) {
		size_t len = tell_plain_prefix(s, n);
		p = tell_room(out, p, n + TELL_SLACK);
		if (!p)
			break;
		p = tell_put_bytes(p, s, len);
		if (len == 0)
			p = put_character(p, s, n, keep_lf, &len);
		s += len;
		n -= len;
	}
	tell_room_end(out, p, start);
}
