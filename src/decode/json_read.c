#include "decode/json_read.h"
#include <string.h>
#include "base/ascii.h"
#include "base/scan.h"
#include "base/utf8.h"

struct scan {
	const char *p, *end;
};

static void skip_blanks(struct scan *s)
{
	while (s->p < s->end &&
		(*s->p == ' ' || *s->p == '\t' || *s->p == '\n' || *s->p == '\r'))
		s->p++;
}

static bool skip_char(struct scan *s, char c)
{
	if (s->p == s->end || *s->p != c)
		return false;
	s->p++;
	return true;
}

static bool skip_word(struct scan *s, const char *word, size_t n)
{
	if ((size_t)(s->end - s->p) < n || memcmp(s->p, word, n) != 0)
		return false;
	s->p += n;
	return true;
}

static int hex_digit(char c)
{
	if (tell_is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool skip_escape(struct scan *s)
{
	if (s->p == s->end)
		return false;
	char c = *s->p++;
	if (c != 'u')
		return c != '\0' && strchr("\"\\/bfnrt", c) != NULL;
	for (int i = 0; i < 4; i++)
		if (s->p == s->end || hex_digit(*s->p++) < 0)
			return false;
	return true;
}

static bool skip_string(struct scan *s)
{
	if (!skip_char(s, '"'))
		return false;
	for (;;) {
		s->p += tell_clean_prefix(s->p, (size_t)(s->end - s->p));
		if (s->p == s->end)
			return false;
		char c = *s->p++;
		if (c == '"')
			return true;
		if (c == '\\' ? !skip_escape(s) : (unsigned char)c < 0x20)
			return false;
	}
}

static bool skip_digits(struct scan *s)
{
	const char *from = s->p;
	while (s->p < s->end && tell_is_digit(*s->p))
		s->p++;
	return s->p > from;
}

/* RFC 8259 section 6: no leading zeros, digits on both sides of a point. */
static bool skip_number(struct scan *s)
{
	(void)skip_char(s, '-');
	if (!skip_char(s, '0') && !skip_digits(s))
		return false;
	if (skip_char(s, '.') && !skip_digits(s))
		return false;
	if (!skip_char(s, 'e') && !skip_char(s, 'E'))
		return true;
	if (!skip_char(s, '-'))
		(void)skip_char(s, '+');
	return skip_digits(s);
}

static bool skip_value(struct scan *s, int depth, enum tell_json_kind *ret);

static bool skip_members(struct scan *s, int depth, char close)
{
	enum tell_json_kind ignored;
	skip_blanks(s);
	if (skip_char(s, close))
		return true;
	do {
		skip_blanks(s);
		if (close == '}') {
			if (!skip_string(s))
				return false;
			skip_blanks(s);
			if (!skip_char(s, ':'))
				return false;
			skip_blanks(s);
		}
		if (!skip_value(s, depth, &ignored))
			return false;
		skip_blanks(s);
	} while (skip_char(s, ','));
	return skip_char(s, close);
}

/* Recursion as deep as the text, up to TELL_JSON_DEPTH_MAX. */
static bool skip_value(struct scan *s, int depth, enum tell_json_kind *ret)
{
	if (s->p == s->end || depth == TELL_JSON_DEPTH_MAX)
		return false;
	switch (*s->p) {
	case '{':
		s->p++;
		*ret = TELL_JSON_OBJECT;
		return skip_members(s, depth + 1, '}');
	case '[':
		s->p++;
		*ret = TELL_JSON_ARRAY;
		return skip_members(s, depth + 1, ']');
	case '"':
		*ret = TELL_JSON_STRING;
		return skip_string(s);
	case 't':
		*ret = TELL_JSON_TRUE;
		return skip_word(s, "true", 4);
	case 'f':
		*ret = TELL_JSON_FALSE;
		return skip_word(s, "false", 5);
	case 'n':
		*ret = TELL_JSON_NULL;
		return skip_word(s, "null", 4);
	default:
		*ret = TELL_JSON_NUMBER;
		return skip_number(s);
	}
}

bool tell_json_check(const char *text, size_t len, struct tell_json_span *ret)
{
	struct scan s = { text, text + len };
	enum tell_json_kind kind;
	skip_blanks(&s);
	const char *from = s.p;
	if (!skip_value(&s, 0, &kind))
		return false;
	*ret = (struct tell_json_span){ kind, from, (size_t)(s.p - from) };
	skip_blanks(&s);
	return s.p == s.end;
}

bool tell_json_next(const struct tell_json_span *in, size_t *pos,
	struct tell_json_span *key, struct tell_json_span *value)
{
	struct scan s = { in->text + (*pos ? *pos : 1), in->text + in->len };
	skip_blanks(&s);
	(void)skip_char(&s, ',');
	skip_blanks(&s);
	*key = (struct tell_json_span){ TELL_JSON_STRING, s.p, 0 };
	if (in->kind == TELL_JSON_OBJECT && skip_string(&s)) {
		key->len = (size_t)(s.p - key->text);
		skip_blanks(&s);
		(void)skip_char(&s, ':');
		skip_blanks(&s);
	}
	value->text = s.p;
	if (s.p == s.end || *s.p == '}' || *s.p == ']' ||
		!skip_value(&s, 0, &value->kind))
		return false;
	value->len = (size_t)(s.p - value->text);
	*pos = (size_t)(s.p - in->text);
	return true;
}

static uint32_t hex4(const char *p)
{
	uint32_t v = 0;
	for (int i = 0; i < 4; i++)
		v = v << 4 | (uint32_t)hex_digit(p[i]);
	return v;
}

/* "uXXXX" at p, perhaps with its other half behind it; the bytes read. */
static size_t decode_unicode(struct tell_buf *out, const char *p, const char *end)
{
	char bytes[TELL_UTF8_MAX_BYTES];
	uint32_t cp = hex4(p + 1);
	size_t used = 5;
	if (cp >= 0xd800 && cp < 0xdc00 && end - p >= 11 && p[5] == '\\' && p[6] == 'u') {
		uint32_t low = hex4(p + 7);
		if (low >= 0xdc00 && low < 0xe000) {
			cp = 0x10000 + ((cp - 0xd800) << 10) + (low - 0xdc00);
			used = 11;
		}
	}
	tell_buf_put(out, bytes, tell_utf8_put(bytes, cp)); /* half a pair: U+FFFD */
	return used;
}

void tell_json_decode(struct tell_buf *out, const struct tell_json_span *string)
{
	if (string->len < 2)
		return;
	const char *p = string->text + 1, *end = string->text + string->len - 1;
	while (p < end) {
		const char *escape = memchr(p, '\\', (size_t)(end - p));
		tell_buf_put(out, p, (size_t)((escape ? escape : end) - p));
		if (!escape)
			return;
		p = escape + 1;
		static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
		const char *known = strchr(from, *p);
		if (*p == 'u') {
			p += decode_unicode(out, p, end);
			continue;
		}
		tell_buf_putc(out, known ? to[known - from] : *p);
		p++;
	}
}

bool tell_json_key_is(const struct tell_json_span *key, const char *w)
{
	size_t n = strlen(w);
	return key->len == n + 2 && memcmp(key->text + 1, w, n) == 0;
}

bool tell_json_get(
	const struct tell_json_span *object, const char *key, struct tell_json_span *ret)
{
	struct tell_json_span name, value;
	if (object->kind != TELL_JSON_OBJECT)
		return false;
	for (size_t pos = 0; tell_json_next(object, &pos, &name, &value);) {
		if (!tell_json_key_is(&name, key))
			continue;
		*ret = value;
		return true;
	}
	return false;
}
