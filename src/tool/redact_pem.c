#include "tool/redact_pem.h"
#include <string.h>

#define MARK	  5  /* dashes */
#define SHORTEST  27 /* "-----BEGIN PRIVATE KEY-----" */
#define LABEL_MAX 48
#define LONG_LINE 16 /* of base64; no word of a sentence */

static const char begin_mark[] = "-----BEGIN ";
static const char end_mark[] = "-----END";

static const char *find(const char *s, size_t n, const char *what)
{
	return memmem(s, n, what, strlen(what));
}

/* Five dashes in a row? One of them is at a fifth place: nearly all lines are done with a
 * look at every fifth byte. */
static bool has_mark(const char *s, size_t n)
{
	for (size_t i = MARK - 1; i < n; i += MARK) {
		if (s[i] != '-')
			continue;
		size_t from = i, to = i + 1;
		while (from > 0 && s[from - 1] == '-')
			from--;
		while (to < n && s[to] == '-')
			to++;
		if (to - from >= MARK)
			return true;
	}
	return false;
}

bool tell_pem_opens(const char *s, size_t n)
{
	if (n < SHORTEST || !has_mark(s, n))
		return false;
	const char *end = s + n, *begin = NULL;
	for (const char *p = s; (p = find(p, (size_t)(end - p), begin_mark)); p++)
		begin = p;
	if (!begin)
		return false;
	size_t left = (size_t)(end - begin), label = sizeof(begin_mark) + LABEL_MAX;
	return find(begin, left < label ? left : label, "PRIVATE KEY") &&
		!find(begin, left, end_mark);
}

bool tell_pem_ends(const char *s, size_t n)
{
	return find(s, n, end_mark) != NULL;
}

static bool is_base64(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9') || c == '+' || c == '/' || c == '=';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_header(const char *s, size_t n)
{
	static const char *const names[] = {
		"Proc-Type:", "DEK-Info:", "Version:", "Comment:"
	};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (find(s, n, names[i]))
			return true;
	return false;
}

bool tell_pem_goes_on(const char *s, size_t n)
{
	if (tell_pem_ends(s, n) || is_header(s, n))
		return true;
	while (n && is_blank(s[n - 1]))
		n--;
	size_t word = n;
	while (word && is_base64(s[word - 1]))
		word--;
	size_t len = n - word;
	bool alone = true;
	for (size_t i = 0; i < word; i++)
		alone &= is_blank(s[i]);
	if (alone) /* a long line, its last groups of four, or nothing at all */
		return len >= LONG_LINE || len % 4 == 0;
	return len >= LONG_LINE && is_blank(s[word - 1]);
}
