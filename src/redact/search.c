#include "redact/search.h"
#include "base/simd.h"
#include "redact/stops.h"
#include "redact/text.h"
#include "redact/unicode.h"

#define ROW_MAX 32 /* digits of an account number */

static void find_unicode(struct tell_search *x, size_t at)
{
	char c;
	if (at > 1 && x->s[at - 2] == '\\' && tell_unicode_is(x->s, x->n, at - 1, &c))
		x->unicode = true;
}

static void at_colon(struct tell_search *x, size_t at)
{
	if (at + 1 < x->n)
		tell_find_url(x, at);
	tell_find_shaped(x, at);
	tell_find_crypt(x, at);
	tell_find_behind_colon(x, at);
	tell_find_pair(x, at);
}

static void at_dash(struct tell_search *x, size_t at)
{
	char before = at ? x->s[at - 1] : ' ';
	if (before == '-') {
		tell_find_pem(x, at);
		tell_find_option(x, at);
	} else if (at + 1 == x->n || !tell_char_is(x->s[at + 1], TELL_CHAR_B64URL)) {
		return;
	} else if (tell_char_is_word(before)) {
		tell_find_issued(x, at);
		tell_find_shaped(x, at);
	} else {
		tell_find_letter(x, at);
	}
}

void tell_search_at(struct tell_search *x, size_t at)
{
	switch (x->s[at]) {
	case ':':
		at_colon(x, at);
		return;
	case '=':
		tell_find_crypt(x, at);
		tell_find_pair(x, at);
		return;
	case '-':
		at_dash(x, at);
		return;
	case '.':
	case '~':
		tell_find_issued(x, at);
		tell_find_shaped(x, at);
		return;
	case '>':
		tell_find_element(x, at);
		return;
	case '0':
		find_unicode(x, at);
		return;
	case '2':
	case '3':
		tell_find_percent(x, at);
		return;
	case 'w':
	case 'W':
	case 'y':
	case 'Y':
		tell_find_phrase(x, at);
		return;
	case 'J':
		tell_find_jwt(x, at);
		tell_find_issued(x, at);
		return;
	case 'e':
	case 'E':
		if ((x->s[at - 1] | 0x20) == 'k') {
			tell_find_opaque(x, at);
			return;
		}
		tell_find_bearer(x, at);
		return;
	case 'a':
		tell_find_bearer(x, at);
		return;
	case 'A':
		tell_find_bearer(x, at);
		tell_find_issued(x, at);
		return;
	default:
		tell_find_issued(x, at);
		return;
	}
}

void tell_search_digits(struct tell_search *x, size_t at)
{
	size_t from = at;
	while (from > 0 && at - from < ROW_MAX && tell_is_digit(x->s[from - 1]))
		from--;
	if (from > 0 && x->s[from - 1] >= 'a' && x->s[from - 1] <= 'z' &&
		!tell_char_is_escape(x->s, from - 1))
		return; /* most rows in identifiers */
	if (from > 1 && tell_iban_goes_on(x->s[from - 2], x->s[from - 1]))
		tell_find_iban(x, from);
	tell_find_card(x, from);
}

void tell_search_run_plain(struct tell_search *x)
{
	static const struct tell_stops t = TELL_STOPS;
	size_t digits = 0;
	unsigned char before = 0;
	for (size_t i = 0; i < x->n; i++) {
		unsigned char c = (unsigned char)x->s[i];
		unsigned found = t.low[c & 15] & t.high[c >> 4] &
			t.low_before[before & 15] & t.high_before[before >> 4];
		digits = tell_is_digit(x->s[i]) ? digits + 1 : 0;
		if (digits == 4)
			tell_search_digits(x, i);
		if ((found & ~(unsigned)TELL_STOP_DIGITS) && tell_search_wants(x, i))
			tell_search_at(x, i);
		before = c;
	}
}

static void run_widest(struct tell_search *x)
{
	switch (tell_simd()) {
	case TELL_SIMD_AVX2:
		tell_search_run_avx2(x);
		return;
	case TELL_SIMD_SSSE3:
		tell_search_run_ssse3(x);
		return;
	case TELL_SIMD_NONE:
		break;
	}
	tell_search_run_plain(x);
}

void tell_search_run(struct tell_search *x)
{
	run_widest(x);
	if (__builtin_expect(x->pii, 0))
		tell_find_pii(x);
}
