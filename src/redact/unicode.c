#include "redact/unicode.h"
#include <string.h>
#include "base/buf.h"
#include "redact/spans.h"
#include "redact/text.h"

#define SLASHES_MAX 64
#define ESCAPE_LEN  5 /* u0022 */

/* What the text is read by: some of it as it is, or one escape. */
struct piece {
	size_t from, to;
	size_t len;	/* of the plain text */
	size_t slashes; /* of those, in front of the character */
	char c;		/* 0: it is no escape */
};

static int hex(char c)
{
	if (tell_is_digit(c))
		return c - '0';
	char low = tell_char_lower(c);
	return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

bool tell_unicode_is(const char *s, size_t n, size_t at, char *ret)
{
	if (n - at < ESCAPE_LEN || memcmp(s + at, "u00", 3) != 0)
		return false;
	int high = hex(s[at + 3]), low = hex(s[at + 4]);
	if (high < 0 || high > 7 || low < 0)
		return false;
	char c = (char)(high << 4 | low);
	*ret = c;
	return (c >= ' ' && c != 0x7f) || c == '\n' || c == '\r' || c == '\t';
}

bool tell_unicode_has(const char *s, size_t n)
{
	size_t at = 0;
	char c;
	while ((at = tell_text_find(s, n, at, "\\u00")) < n) {
		if (tell_unicode_is(s, n, at + 1, &c))
			return true;
		at++;
	}
	return false;
}

/* The backslashes that the character has in JSON without \u. Of those in front of the
 * escape the lowest power of two tells its depth, the rest are the text's own. */
static size_t slashes_of(char c, size_t before)
{
	size_t unit = before & (~before + 1), own = before - unit;
	if (c == '\n' || c == '\r' || c == '\t')
		return own + unit;
	if (c == '"')
		return own + 2 * unit - 1;
	return own + (c == '\\' ? 2 * unit - 1 : 0);
}

static char letter_of(char c)
{
	return c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : c;
}

/* The piece that begins at `at`, which is before the end. */
static struct piece next_piece(const char *s, size_t n, size_t at)
{
	struct piece p = { .from = at };
	for (size_t i = at; i < n;) {
		const char *slash = memchr(s + i, '\\', n - i);
		if (!slash)
			break;
		size_t first = (size_t)(slash - s);
		for (i = first; i < n && s[i] == '\\';)
			i++;
		char c;
		if (i - first > SLASHES_MAX || !tell_unicode_is(s, n, i, &c))
			continue;
		if (first > at) {
			p.to = first;
			p.len = first - at;
			return p;
		}
		p.to = i + ESCAPE_LEN;
		p.slashes = slashes_of(c, i - first);
		p.len = p.slashes + 1;
		p.c = c;
		return p;
	}
	p.to = n;
	p.len = n - at;
	return p;
}

bool tell_unicode_plain(struct tell_buf *out, const char *s, size_t n)
{
	tell_buf_clear(out);
	for (size_t at = 0; at < n;) {
		struct piece p = next_piece(s, n, at);
		if (!p.c)
			tell_buf_put(out, s + p.from, p.len);
		for (size_t i = 0; p.c && i < p.slashes; i++)
			tell_buf_putc(out, '\\');
		if (p.c)
			tell_buf_putc(out, letter_of(p.c));
		at = p.to;
	}
	return !out->cut;
}

/* A walk along both texts. */
struct walk {
	const char *s;
	size_t n;
	struct piece piece;
	size_t plain; /* where the piece begins in the plain text */
};

/* The place in s of one in the plain text, not before the last one asked for. Inside an
 * escape it is one of its ends. */
static size_t place(struct walk *w, size_t plain, bool end)
{
	while (plain >= w->plain + w->piece.len && w->piece.to < w->n) {
		w->plain += w->piece.len;
		w->piece = next_piece(w->s, w->n, w->piece.to);
	}
	size_t inside = plain - w->plain;
	if (inside >= w->piece.len)
		return w->piece.to;
	if (!w->piece.c || inside == 0)
		return w->piece.from + inside;
	return end ? w->piece.to : w->piece.from;
}

void tell_unicode_place(struct tell_spans *spans, const char *s, size_t n)
{
	struct walk w = { .s = s, .n = n, .piece = next_piece(s, n, 0) };
	for (size_t i = 0; i < spans->n; i++) {
		spans->at[i].from = place(&w, spans->at[i].from, false);
		spans->at[i].to = place(&w, spans->at[i].to, true);
	}
	tell_spans_settle(spans); /* two ends in one escape overlap now */
}
