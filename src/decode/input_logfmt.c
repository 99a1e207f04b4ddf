#include <string.h>
#include "decode/field_arg.h"
#include "decode/input.h"

#define KEY_MAX 256

/* A pair of the tail, found from the line's end backwards. */
struct pair {
	const char *key, *value;
	size_t key_len, value_len;
	bool quoted;
};

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

/* One pair at *p, which moves behind it and its blanks. */
static bool read_pair(const char **p, const char *end, struct pair *ret)
{
	size_t n = key_at(*p, end);
	if (!n)
		return false;
	const char *equals = *p + n;
	*ret = (struct pair){ .key = *p, .key_len = n };

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

/* Where the pairs begin: from there to the end there are only pairs. NULL: nowhere. */
static const char *tail_of(const char *text, const char *end)
{
	const char *first = NULL;
	for (const char *p = text; p < end;) {
		struct pair pair;
		const char *before = p;
		if (read_pair(&p, end, &pair)) {
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

/* A quoted value without its escapes: \" \\ \n \t \r; others stay as they are. */
static const char *unquote(struct tell_input *l, const struct pair *pair, size_t *ret_len)
{
	char *out = tell_input_keep(l, pair->value_len);
	if (!out || !memchr(pair->value, '\\', pair->value_len)) {
		*ret_len = pair->value_len;
		return pair->value;
	}
	char *to = out;
	const char *end = pair->value + pair->value_len;
	for (const char *s = pair->value; s < end; s++) {
		static const char from[] = "\"\\ntr", is[] = "\"\\\n\t\r";
		const char *known = *s == '\\' && s + 1 < end && s[1] ? strchr(from, s[1])
								      : NULL;
		*to++ = known ? is[known - from] : *s;
		s += known != NULL;
	}
	*ret_len = (size_t)(to - out);
	l->text.len += *ret_len;
	return out;
}

static void take_pair(struct tell_input *l, const struct pair *pair, bool *has_message)
{
	size_t len;
	const char *text = pair->quoted ? unquote(l, pair, &len) : pair->value;
	if (!pair->quoted)
		len = pair->value_len;
	switch (tell_input_role(pair->key, pair->key_len)) {
	case TELL_INPUT_ROLE_MESSAGE:
		if (*has_message)
			break;
		l->message = text;
		l->message_len = len;
		*has_message = true;
		return;
	case TELL_INPUT_ROLE_LEVEL:
		if (tell_input_level(l, text, len))
			return;
		break;
	case TELL_INPUT_ROLE_TIME:
		if (tell_input_time(l, text, len))
			return;
		break;
	case TELL_INPUT_ROLE_FIELD:
		break;
	}
	tell_input_add(l, pair->key, pair->key_len,
		pair->quoted ? tell_strn("", text, len)
			     : tell_field_typed("", text, len));
}

bool tell_input_logfmt(struct tell_input *l, const char *text, size_t len)
{
	const char *end = text + len;
	while (end > text && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	const char *p = memchr(text, '=', len) ? tail_of(text, end) : NULL;
	if (!p)
		return false;

	size_t words = (size_t)(p - text);
	while (words > 0 && (text[words - 1] == ' ' || text[words - 1] == '\t'))
		words--;
	l->message = text;
	l->message_len = words;
	bool has_message = words > 0;
	for (struct pair pair; p < end && read_pair(&p, end, &pair);)
		take_pair(l, &pair, &has_message);
	/* Pairs alone say nothing that a reader would call a message: then the line does,
	 * unless the caller knows that it is logfmt. */
	return has_message || l->parse == TELL_INPUT_LOGFMT;
}
