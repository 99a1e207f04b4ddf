#include "redact/search.h"
#include "redact/text.h"
#include "redact/unicode.h"

static void find_unicode(struct tell_search *x, size_t at)
{
	char c;
	if (at > 1 && x->s[at - 2] == '\\' && tell_unicode_is(x->s, x->n, at - 1, &c))
		x->unicode = true;
}

void tell_search_at(struct tell_search *x, size_t at)
{
	switch (x->s[at]) {
	case ':':
		if (at + 1 < x->n && (x->s[at + 1] == '/' || x->s[at + 1] == '\\'))
			tell_find_url(x, at);
		tell_find_pair(x, at);
		return;
	case '=':
		tell_find_pair(x, at);
		return;
	case 'J':
		tell_find_jwt(x, at);
		return;
	case '-':
		tell_find_pem(x, at);
		tell_find_option(x, at);
		return;
	case '0':
		find_unicode(x, at);
		return;
	default:
		tell_find_bearer(x, at);
		return;
	}
}

static bool stops(char c, char before)
{
	if (c == ':' || c == '=' || c == 'J')
		return true;
	if (c == '-')
		return before == '-';
	if (c == '0')
		return before == 'u';
	return (before & ~0x20) == 'B' && (c & ~0x24) == 'A';
}

void tell_search_run_plain(struct tell_search *x)
{
	size_t digits = 0;
	for (size_t i = 0; i < x->n; i++) {
		char c = x->s[i];
		if (tell_is_digit(c)) {
			if (++digits == 4)
				tell_find_card(x, i);
		} else {
			digits = 0;
		}
		if (stops(c, i ? x->s[i - 1] : '\0'))
			tell_search_at(x, i);
	}
}
