/* The places that programs write in front of a line, and the words for levels. */
#include <string.h>
#include <strings.h>
#include <telltale/log.h>
#include "base/ascii.h"
#include "decode/preamble.h"

#define PATH_BYTES_MAX	255
#define LINE_DIGITS_MAX 9

static bool is_path(char c)
{
	return tell_is_letter(c) || tell_is_digit(c) || c == '.' || c == '_' ||
		c == '/' || c == '-' || c == '+' || c == '@';
}

static bool is_name(char c)
{
	return tell_is_letter(c) || tell_is_digit(c) || c == '_';
}

static bool is_one_of(const char *text, size_t n, const char *const *words)
{
	for (; *words; words++)
		if (strlen(*words) == n && memcmp(*words, text, n) == 0)
			return true;
	return false;
}

/* Does the path end as source files do? "db.example.rs:80" is a host, and may be one in the
 * first word of a line; no host's name ends in .c. */
static bool is_source(const char *path, size_t n, bool known)
{
	static const char *const sure[] = { "c", "h", "cpp", "cxx", "hpp", "hxx", "hh",
		"inc", "C", "go", "java", "js", "ts", "rb", "kt", "scala", "swift", "php",
		NULL };
	static const char *const domains[] = { "cc", "rs", "py", "m", "mm", "ml", NULL };
	const char *dot = memrchr(path, '.', n);
	if (!dot || dot == path || dot[-1] == '/')
		return false;
	size_t ending = n - (size_t)(dot + 1 - path);
	return is_one_of(dot + 1, ending, sure) ||
		(known && is_one_of(dot + 1, ending, domains));
}

static size_t number(const char *p, const char *end, uint32_t *ret)
{
	size_t n = 0;
	uint32_t v = 0;
	for (; p + n < end && tell_is_digit(p[n]) && n <= LINE_DIGITS_MAX; n++)
		v = v * 10 + (uint32_t)(p[n] - '0');
	*ret = v;
	return n > 0 && n <= LINE_DIGITS_MAX && *p != '0' ? n : 0;
}

/* ":add_item", ":Cart::add" or ":add_item()" behind the line number, and before a colon or
 * the end of brackets. */
static size_t function_behind(const char *p, const char *end, struct tell_piece *ret)
{
	const char *s = p + 1;
	if (end - p < 2 || *p != ':' || !(tell_is_letter(*s) || *s == '_'))
		return 0;
	for (;;) {
		while (s < end && is_name(*s))
			s++;
		if (end - s < 3 || s[0] != ':' || s[1] != ':' || !is_name(s[2]))
			break;
		s += 2;
	}
	size_t n = (size_t)(s - (p + 1));
	if (end - s >= 2 && s[0] == '(' && s[1] == ')')
		s += 2;
	if (s < end && *s != ':')
		return 0;
	*ret = (struct tell_piece){ p + 1, n };
	return (size_t)(s - p);
}

size_t tell_preamble_place(
	struct tell_preamble *h, const char *p, const char *end, bool known)
{
	const char *s = p;
	while (s < end && s - p <= PATH_BYTES_MAX && is_path(*s))
		s++;
	size_t n = (size_t)(s - p), used;
	uint32_t line, column;
	if (s == end || n > PATH_BYTES_MAX || (*s != ':' && *s != '(') ||
		!is_source(p, n, known))
		return 0;
	bool round = *s++ == '(';
	used = number(s, end, &line);
	s += used;
	if (!used || (round && (s == end || *s++ != ')')))
		return 0;
	h->file = (struct tell_piece){ p, n };
	h->line = line;
	if (s < end && *s == ':' && (used = number(s + 1, end, &column)) > 0) {
		h->column = (struct tell_piece){ s + 1, used };
		s += 1 + used;
	} else {
		s += function_behind(s, end, &h->func);
	}
	return (size_t)(s - p);
}

int tell_preamble_severity(const char *word, size_t n, unsigned *ret_flags)
{
	static const struct {
		char word[12];
		int8_t level;
		uint8_t shy;
	} words[] = { { "error", TELL_ERROR, 0 }, { "err", TELL_ERROR, 0 },
		{ "warning", TELL_WARNING, 0 }, { "warn", TELL_WARNING, 0 },
		{ "info", TELL_INFO, 0 }, { "debug", TELL_DEBUG, 0 },
		{ "notice", TELL_NOTICE, 0 }, { "fatal", TELL_CRIT, 0 },
		{ "critical", TELL_CRIT, 0 }, { "crit", TELL_CRIT, 0 },
		{ "trace", TELL_DEBUG, 0 }, { "severe", TELL_ERROR, 0 },
		{ "verbose", TELL_DEBUG, 0 }, { "information", TELL_INFO, 0 },
		{ "alert", TELL_ALERT, 1 }, { "emerg", TELL_EMERG, 1 },
		{ "emergency", TELL_EMERG, 1 }, { "panic", TELL_CRIT, 1 },
		{ "log", TELL_INFO, 1 }, { "debug1", TELL_DEBUG, 1 },
		{ "debug2", TELL_DEBUG, 1 }, { "debug3", TELL_DEBUG, 1 },
		{ "debug4", TELL_DEBUG, 1 }, { "debug5", TELL_DEBUG, 1 } };
	if (n < 3 || n > 11 || !tell_is_letter(*word))
		return -1;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if ((*word | 0x20) != words[i].word[0] || strlen(words[i].word) != n ||
			strncasecmp(word, words[i].word, n) != 0)
			continue;
		bool upper = true;
		for (size_t k = 0; k < n; k++)
			upper &= !(word[k] >= 'a' && word[k] <= 'z');
		*ret_flags = (upper ? TELL_PREAMBLE_UPPER : 0) |
			(words[i].shy ? TELL_PREAMBLE_SHY : 0);
		return words[i].level;
	}
	return -1;
}
