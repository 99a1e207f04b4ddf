#include "base/utf8.h"

/* What may follow a lead byte: how many bytes, and the limits of the first of them, which
 * shut out overlong forms, surrogates and what is over U+10FFFF (RFC 3629 section 4). */
struct lead {
	unsigned char more, low, high;
	unsigned char bits; /* of the lead that count */
};

static struct lead lead_of(unsigned char c)
{
	if (c < 0xc2 || c > 0xf4)
		return (struct lead){ 0, 0, 0, 0 };
	if (c < 0xe0)
		return (struct lead){ 1, 0x80, 0xbf, 0x1f };
	if (c < 0xf0)
		return (struct lead){ 2, c == 0xe0 ? 0xa0 : 0x80, c == 0xed ? 0x9f : 0xbf,
			0x0f };
	return (struct lead){ 3, c == 0xf0 ? 0x90 : 0x80, c == 0xf4 ? 0x8f : 0xbf, 0x07 };
}

/* Read the sequence at s whose first byte is above 0x7f: true when it is a character.
 * *ret_len: its bytes, or those of the maximal subpart (1 at least). */
static bool decode(const unsigned char *s, size_t n, size_t *ret_len, uint32_t *ret_cp)
{
	struct lead lead = lead_of(s[0]);
	uint32_t cp = s[0] & lead.bits;
	*ret_len = 1;
	if (lead.more == 0)
		return false;
	for (size_t i = 1; i <= lead.more; i++) {
		*ret_len = i;
		if (i >= n || s[i] < lead.low || s[i] > lead.high)
			return false;
		cp = cp << 6 | (s[i] & 0x3f);
		lead.low = 0x80;
		lead.high = 0xbf;
	}
	*ret_len = lead.more + (size_t)1;
	*ret_cp = cp;
	return true;
}

size_t tell_utf8_valid(const char *s, size_t n)
{
	const unsigned char *u = (const unsigned char *)s;
	uint32_t cp;
	size_t at = 0, len;
	while ((at += tell_ascii_prefix(s + at, n - at)) < n) {
		do {
			if (!decode(u + at, n - at, &len, &cp))
				return at;
			at += len;
		} while (at < n && u[at] >= 0x80);
	}
	return n;
}

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

size_t tell_utf8_whole(const char *s, size_t n)
{
	size_t at = n;
	while (at > 0 && n - at < TELL_UTF8_MAX_BYTES - 1 && is_continuation(s[at - 1]))
		at--;
	if (at == 0)
		return n;
	unsigned char lead = (unsigned char)s[at - 1];
	size_t need = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
	return at - 1 + need > n ? at - 1 : n;
}

size_t tell_utf8_cut(const char *s, size_t n, size_t max)
{
	uint32_t cp;
	size_t len, at = max;
	if (max >= n)
		return n;
	while (at > 0 && max - at < TELL_UTF8_MAX_BYTES - 1 && is_continuation(s[at]))
		at--;
	if ((unsigned char)s[at] < 0x80)
		return max;
	bool splits = decode((const unsigned char *)s + at, n - at, &len, &cp) &&
		at + len > max;
	return splits ? at : max;
}

int tell_utf8_next(const char *s, size_t n, uint32_t *ret_cp)
{
	const unsigned char *u = (const unsigned char *)s;
	size_t len;
	if (u[0] < 0x80) {
		*ret_cp = u[0];
		return 1;
	}
	if (!decode(u, n, &len, ret_cp))
		*ret_cp = TELL_CP_REPLACEMENT;
	return (int)len;
}

size_t tell_utf8_put(char *p, uint32_t cp)
{
	if (cp < 0x80) {
		p[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		p[0] = (char)(0xc0 | cp >> 6);
		p[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
		cp = TELL_CP_REPLACEMENT;
	if (cp < 0x10000) {
		p[0] = (char)(0xe0 | cp >> 12);
		p[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		p[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	p[0] = (char)(0xf0 | cp >> 18);
	p[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	p[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	p[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}
