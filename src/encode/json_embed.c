#include <string.h>
#include "base/copy.h"
#include "base/utf8.h"
#include "encode/json.h"
#include "encode/room.h"

/* A reader that copies what it has understood. Each step is false when the text is not
 * JSON; p is NULL when out is full. */
struct reader {
	struct tell_buf *out;
	char *p;
	const char *s, *end;
	unsigned depth;
	bool lone; /* surrogates may be */
};

static bool read_value(struct reader *r);

static size_t left(const struct reader *r)
{
	return (size_t)(r->end - r->s);
}

/* Room for all that is left and what escapes add until the next call. */
static bool make_room(struct reader *r)
{
	r->p = tell_room(r->out, r->p, left(r) + TELL_SLACK);
	return r->p != NULL;
}

/* The byte that comes next, or 0, which no token of JSON begins with. */
static char peek(const struct reader *r)
{
	return r->s < r->end ? *r->s : '\0';
}

static void take(struct reader *r, size_t n)
{
	r->p = tell_put_bytes(r->p, r->s, n);
	r->s += n;
}

static bool take_if(struct reader *r, char c)
{
	if (peek(r) != c)
		return false;
	take(r, 1);
	return true;
}

static void skip_blanks(struct reader *r)
{
	char c;
	while ((c = peek(r)) == ' ' || c == '\t' || c == '\n' || c == '\r')
		r->s++;
}

static bool read_word(struct reader *r, const char *word, size_t n)
{
	if (left(r) < n || memcmp(r->s, word, n) != 0)
		return false;
	take(r, n);
	return true;
}

static bool read_digits(struct reader *r)
{
	const char *first = r->s;
	while (peek(r) >= '0' && peek(r) <= '9')
		take(r, 1);
	return r->s > first;
}

/* RFC 8259 section 6. */
static bool read_number(struct reader *r)
{
	(void)take_if(r, '-'); /* may be there */
	if (!take_if(r, '0') && !read_digits(r))
		return false;
	if (take_if(r, '.') && !read_digits(r))
		return false;
	if (!take_if(r, 'e') && !take_if(r, 'E'))
		return true;
	if (!take_if(r, '+'))
		(void)take_if(r, '-'); /* likewise */
	return read_digits(r);
}

/* Four hex digits at s. */
static bool hex4(const char *s, uint32_t *ret)
{
	uint32_t v = 0;
	for (int i = 0; i < 4; i++) {
		char c = s[i];
		bool letter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
		if (!letter && !(c >= '0' && c <= '9'))
			return false;
		v = v << 4 | (uint32_t)(letter ? (c & 7) + 9 : c - '0');
	}
	*ret = v;
	return true;
}

static bool is_low_surrogate(const char *s)
{
	uint32_t low;
	return s[0] == '\\' && s[1] == 'u' && hex4(s + 2, &low) && low >= 0xdc00 &&
		low <= 0xdfff;
}

/* At a backslash. A lone surrogate is no character (RFC 7493 section 2.1). */
static bool read_escape(struct reader *r)
{
	uint32_t unit;
	if (left(r) < 2)
		return false;
	if (r->s[1] != 'u') {
		if (!r->s[1] || !strchr("\"\\/bfnrt", r->s[1]))
			return false;
		take(r, 2);
		return true;
	}
	if (left(r) < 6 || !hex4(r->s + 2, &unit))
		return false;
	if (unit >= 0xd800 && unit <= 0xdbff && left(r) >= 12 &&
		is_low_surrogate(r->s + 6)) {
		take(r, 12);
		return true;
	}
	if (unit >= 0xd800 && unit <= 0xdfff && !r->lone)
		return false;
	take(r, 6);
	return true;
}

/* A character as it is, or as an escape when our exit shows none such. */
static bool read_character(struct reader *r)
{
	uint32_t cp;
	if ((unsigned char)*r->s < 0x20)
		return false;
	size_t n = (size_t)tell_utf8_next(r->s, left(r), &cp);
	if (cp == TELL_CP_REPLACEMENT && (n != 3 || memcmp(r->s, "\xef\xbf\xbd", 3) != 0))
		return false; /* ill-formed, not a U+FFFD that came */
	if (!tell_cp_unsafe(cp)) {
		take(r, n);
		return true;
	}
	r->p = tell_json_escape(r->p, cp);
	r->s += n;
	return true;
}

/* At the opening quote. */
static bool read_string(struct reader *r)
{
	if (!take_if(r, '"'))
		return false;
	while (make_room(r)) {
		size_t clean = tell_copy_clean(r->p, r->s, left(r));
		r->p += clean;
		r->s += clean;
		if (take_if(r, '"'))
			return true;
		if (r->s == r->end)
			return false;
		if (!(*r->s == '\\' ? read_escape(r) : read_character(r)))
			return false;
	}
	return false;
}

static bool read_member(struct reader *r)
{
	if (!read_string(r))
		return false;
	skip_blanks(r);
	return take_if(r, ':') && read_value(r);
}

/* At the bracket; items up to the one that closes. */
static bool read_items(struct reader *r, char closing, bool (*read_item)(struct reader *))
{
	if (++r->depth > TELL_JSON_DEPTH_MAX)
		return false;
	take(r, 1);
	skip_blanks(r);
	if (!take_if(r, closing)) {
		do {
			skip_blanks(r);
			if (!read_item(r))
				return false;
		} while (take_if(r, ','));
		if (!take_if(r, closing))
			return false;
	}
	r->depth--;
	return true;
}

/* A value and the blanks around it. Recursion ends at TELL_JSON_DEPTH_MAX. */
static bool read_value(struct reader *r)
{
	bool good;
	skip_blanks(r);
	if (!make_room(r))
		return false;
	switch (peek(r)) {
	case '{':
		good = read_items(r, '}', read_member);
		break;
	case '[':
		good = read_items(r, ']', read_value);
		break;
	case '"':
		good = read_string(r);
		break;
	case 't':
		good = read_word(r, "true", 4);
		break;
	case 'f':
		good = read_word(r, "false", 5);
		break;
	case 'n':
		good = read_word(r, "null", 4);
		break;
	default:
		good = read_number(r);
	}
	if (good)
		skip_blanks(r);
	return good;
}

static bool embed(struct tell_buf *out, const char *s, size_t n, bool lone)
{
	size_t start = out->len;
	struct reader r = { .out = out, .s = s, .end = s + n, .lone = lone };
	r.p = tell_room_begin(out, n + TELL_SLACK);
	bool good = r.p && read_value(&r) && r.s == r.end;
	out->len = start;
	if (!good)
		return false;
	out->len = (size_t)(r.p - out->data);
	return true;
}

bool tell_json_embed(struct tell_buf *out, const char *s, size_t n)
{
	return embed(out, s, n, false);
}

bool tell_json_holds(struct tell_buf *scratch, const char *s, size_t n)
{
	tell_buf_clear(scratch);
	return embed(scratch, s, n, true);
}
