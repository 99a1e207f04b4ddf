#include "preload/line.h"
#include <string.h>
#include <syslog.h>
#include "base/number.h"

#define PRI_MAX 191 /* local7.debug: RFC 3164 section 4.1.1 */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip(struct tell_line *l, size_t n)
{
	l->text += n;
	l->len -= n;
}

/* "<30>" */
static void take_pri(struct tell_line *l)
{
	const char *end = l->len > 2 && l->text[0] == '<'
		? memchr(l->text, '>', l->len < 5 ? l->len : 5)
		: NULL;
	uint64_t pri;
	if (!end || !tell_parse_u64(l->text + 1, (size_t)(end - l->text) - 1, &pri) ||
		pri > PRI_MAX)
		return;
	l->pri = (int)pri;
	skip(l, (size_t)(end - l->text) + 1);
}

/* "Nov 21 02:06:07 ": A a letter, 0 a digit, _ a digit or a blank. */
static void skip_time(struct tell_line *l)
{
	static const char form[] = "AAA _0 00:00:00 ";
	const size_t n = sizeof(form) - 1;
	if (l->len < n)
		return;
	for (size_t i = 0; i < n; i++) {
		char c = l->text[i];
		bool digit = c >= '0' && c <= '9';
		bool letter = (c | 32) >= 'a' && (c | 32) <= 'z';
		bool fits = form[i] == 'A' ? letter
			: form[i] == '0'   ? digit
			: form[i] == '_'   ? digit || c == ' '
					   : c == form[i];
		if (!fits)
			return;
	}
	skip(l, n);
}

/* "dnsmasq[4711]: " or "dnsmasq: " */
static void take_ident(struct tell_line *l)
{
	size_t blanks = 0, n, end;
	while (blanks < l->len && is_blank(l->text[blanks]))
		blanks++;
	const char *ident = l->text + blanks;
	for (n = 0; blanks + n < l->len && !is_blank(ident[n]);)
		n++;
	end = n;
	if (n < 2 || ident[--n] != ':')
		return;
	if (ident[n - 1] == ']') {
		const char *open = memrchr(ident, '[', n - 1);
		uint64_t pid;
		if (open && open > ident &&
			tell_parse_u64(open + 1, (size_t)(ident + n - 2 - open), &pid) &&
			pid > 0 && pid <= INT32_MAX) {
			l->pid = (uint32_t)pid;
			n = (size_t)(open - ident);
		}
	}
	l->ident = ident;
	l->ident_len = n;
	skip(l, blanks + end);
	if (l->len && is_blank(*l->text))
		skip(l, 1);
}

void tell_line_read(struct tell_line *ret, const char *bytes, size_t n)
{
	while (n && (is_blank(bytes[n - 1]) || bytes[n - 1] == '\0'))
		n--;
	*ret = (struct tell_line){ .pri = LOG_USER | LOG_INFO, .text = bytes, .len = n };
	take_pri(ret);
	skip_time(ret);
	take_ident(ret);
}
