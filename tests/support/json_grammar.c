#include "support/json_grammar.h"
#include <string.h>

/* What is left; each reader is false when the grammar does not hold, `at` anywhere. */
struct text {
	const char *at, *end;
};

static bool reads(struct text *t, char c)
{
	if (t->at == t->end || *t->at != c)
		return false;
	t->at++;
	return true;
}

static bool reads_one_of(struct text *t, const char *set)
{
	if (t->at == t->end || !*t->at || !strchr(set, *t->at))
		return false;
	t->at++;
	return true;
}

static bool reads_word(struct text *t, const char *word)
{
	size_t n = strlen(word);
	if ((size_t)(t->end - t->at) < n || memcmp(t->at, word, n) != 0)
		return false;
	t->at += n;
	return true;
}

static void skip_blanks(struct text *t)
{
	while (reads_one_of(t, " \t\n\r"))
		;
}

static bool reads_digits(struct text *t)
{
	if (!reads_one_of(t, "0123456789"))
		return false;
	while (reads_one_of(t, "0123456789"))
		;
	return true;
}

/* Section 6. */
static bool reads_number(struct text *t)
{
	(void)reads(t, '-'); /* may be there */
	if (!reads(t, '0') && !reads_digits(t))
		return false;
	if (reads(t, '.') && !reads_digits(t))
		return false;
	if (!reads_one_of(t, "eE"))
		return true;
	(void)reads_one_of(t, "+-"); /* likewise */
	return reads_digits(t);
}

/* RFC 3629 section 4: one character of more than one byte. */
static bool reads_wide(struct text *t)
{
	static const struct {
		unsigned char first, last, low,
			high; /* bounds of first and second byte */
		int more;     /* bytes behind those two */
	} forms[] = { { 0xc2, 0xdf, 0x80, 0xbf, 0 }, { 0xe0, 0xe0, 0xa0, 0xbf, 1 },
		{ 0xe1, 0xec, 0x80, 0xbf, 1 }, { 0xed, 0xed, 0x80, 0x9f, 1 },
		{ 0xee, 0xef, 0x80, 0xbf, 1 }, { 0xf0, 0xf0, 0x90, 0xbf, 2 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 2 }, { 0xf4, 0xf4, 0x80, 0x8f, 2 } };
	const unsigned char *p = (const unsigned char *)t->at;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (*p < forms[i].first || *p > forms[i].last)
			continue;
		if (t->end - t->at < 2 + forms[i].more || p[1] < forms[i].low ||
			p[1] > forms[i].high)
			return false;
		for (int k = 0; k < forms[i].more; k++)
			if ((p[2 + k] & 0xc0) != 0x80)
				return false;
		t->at += 2 + forms[i].more;
		return true;
	}
	return false;
}

/* Section 7. */
static bool reads_string(struct text *t)
{
	if (!reads(t, '"'))
		return false;
	while (t->at < t->end && *t->at != '"') {
		unsigned char c = (unsigned char)*t->at;
		if (c < 0x20)
			return false;
		if (c >= 0x80) {
			if (!reads_wide(t))
				return false;
			continue;
		}
		t->at++;
		if (c != '\\')
			continue;
		if (reads(t, 'u')) {
			for (int i = 0; i < 4; i++)
				if (!reads_one_of(t, "0123456789abcdefABCDEF"))
					return false;
		} else if (!reads_one_of(t, "\"\\/bfnrt")) {
			return false;
		}
	}
	return reads(t, '"');
}

static bool reads_value(struct text *t, int depth)
{
	skip_blanks(t);
	char first = t->at < t->end ? *t->at : '\0';
	bool object = first == '{';
	if (first == '"')
		return reads_string(t);
	if (!object && first != '[')
		return reads_word(t, "true") || reads_word(t, "false") ||
			reads_word(t, "null") || reads_number(t);
	if (depth == JSON_GRAMMAR_DEPTH)
		return false;
	char closing = object ? '}' : ']';
	t->at++;
	skip_blanks(t);
	if (reads(t, closing))
		return true;
	do {
		skip_blanks(t);
		if (object && !reads_string(t))
			return false;
		skip_blanks(t);
		if (object && !reads(t, ':'))
			return false;
		if (!reads_value(t, depth + 1))
			return false;
		skip_blanks(t);
	} while (reads(t, ','));
	return reads(t, closing);
}

bool json_grammar_holds(const char *s, size_t n)
{
	struct text t = { s, s + n };
	if (!reads_value(&t, 0))
		return false;
	skip_blanks(&t);
	return t.at == t.end;
}
