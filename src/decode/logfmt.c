#include "decode/logfmt.h"
#include <string.h>

#define KEY_MAX 256

static bool is_key_start(char c)
{
	return (unsigned)(c | 0x20) - 'a' < 26 || c == '_' || c == '@';
}

/* The bytes of the key at p, which an equals sign follows; 0 for none. */
static size_t key_at(const char *p, const char *end)
{
	size_t n = 0, left = (size_t)(end - p);
	if (!left || !is_key_start(*p))
		return 0;
	if (left > KEY_MAX)
		left = KEY_MAX;
	do
		n++;
	while (n < left &&
		(is_key_start(p[n]) || (unsigned)p[n] - '0' < 10 || p[n] == '.' ||
			p[n] == '-'));
	return n < left && p[n] == '=' ? n : 0;
}

bool tell_logfmt_next(const char **p, const char *end, struct tell_logfmt_pair *ret)
{
	size_t n = key_at(*p, end);
	if (!n)
		return false;
	const char *equals = *p + n;
	*ret = (struct tell_logfmt_pair){ .key = *p, .key_len = n };

	const char *s = equals + 1;
	ret->quoted = s < end && *s == '"';
	if (ret->quoted) {
		for (s++; s < end && *s != '"'; s++)
			s += *s == '\\' && s + 1 < end;
		if (s >= end)
			return false;
		ret->value = equals + 2;
		ret->value_len = (size_t)(s++ - ret->value);
	} else {
		ret->value = s;
		while (s < end && *s != ' ' && *s != '\t' && *s != '"')
			s++;
		ret->value_len = (size_t)(s - ret->value);
	}
	if (s < end && *s != ' ' && *s != '\t')
		return false;
	while (s < end && (*s == ' ' || *s == '\t'))
		s++;
	*p = s;
	return true;
}

const char *tell_logfmt_tail(const char *text, const char *end)
{
	const char *first = NULL;
	for (const char *p = text; p < end;) {
		struct tell_logfmt_pair pair;
		const char *before = p;
		if (tell_logfmt_next(&p, end, &pair)) {
			if (!first)
				first = before;
			continue;
		}
		first = NULL;
		p = before;
		while (p < end && *p != ' ' && *p != '\t')
			p++;
		while (p < end && (*p == ' ' || *p == '\t'))
			p++;
	}
	return first;
}

const char *tell_logfmt_unquote(
	struct tell_buf *text, const struct tell_logfmt_pair *pair, size_t *ret_len)
{
	if (pair->value_len > text->cap - text->len ||
		!memchr(pair->value, '\\', pair->value_len)) {
		*ret_len = pair->value_len;
		return pair->value;
	}
	char *out = text->data + text->len, *to = out;
	const char *end = pair->value + pair->value_len;
	for (const char *s = pair->value; s < end; s++) {
		static const char from[] = "\"\\ntr", is[] = "\"\\\n\t\r";
		const char *known = *s == '\\' && s + 1 < end && s[1] ? strchr(from, s[1])
								      : NULL;
		*to++ = known ? is[known - from] : *s;
		s += known != NULL;
	}
	*ret_len = (size_t)(to - out);
	text->len += *ret_len;
	return out;
}
