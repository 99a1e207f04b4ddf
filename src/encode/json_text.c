#include "encode/json.h"
#include "base/copy.h"
#include "base/utf8.h"
#include "encode/room.h"

/* The letter of a two-character escape, or 0. RFC 8259 section 7. */
static char short_escape(uint32_t cp)
{
	switch (cp) {
	case '"':
		return '"';
	case '\\':
		return '\\';
	case '\n':
		return 'n';
	case '\t':
		return 't';
	case '\r':
		return 'r';
	case '\b':
		return 'b';
	case '\f':
		return 'f';
	default:
		return 0;
	}
}

char *tell_json_escape(char *p, uint32_t cp)
{
	static const char hex[] = "0123456789abcdef";
	*p++ = '\\';
	char letter = short_escape(cp);
	if (letter) {
		*p++ = letter;
		return p;
	}
	*p++ = 'u';
	for (int shift = 12; shift >= 0; shift -= 4)
		*p++ = hex[cp >> shift & 15];
	return p;
}

/* Text whose first byte is not clean. A character takes at most six bytes, and an
 * ill-formed one three, so one block of slack lasts for many: room is asked for again only
 * when it was used up, which keeps the whole at about twice the text's length. */
char *tell_json_text_rest(struct tell_buf *out, char *p, const char *s, size_t n)
{
	while (n) {
		p = tell_room(out, p, n + TELL_SLACK + 8);
		if (!p)
			return NULL;
		uint32_t cp;
		size_t len = (size_t)tell_utf8_next(s, n, &cp);
		if (cp == '"' || cp == '\\' || tell_cp_unsafe(cp))
			p = tell_json_escape(p, cp); /* all of them are below U+10000 */
		else
			p += tell_utf8_put(p, cp);
		s += len;
		n -= len;
		if (n && (unsigned char)*s >= 0x80)
			continue;
		size_t clean = tell_copy_clean(p, s, n);
		p += clean;
		s += clean;
		n -= clean;
	}
	return tell_room(out, p, TELL_SLACK);
}

char *tell_json_text(struct tell_buf *out, char *p, const char *s, size_t n)
{
	return tell_json_text_inline(out, p, s, n);
}
