#include "redact/search.h"
#include "redact/text.h"

/* International bank account numbers: a country, two check digits and so many letters and
 * digits as the country has, in one piece or in groups of four.
 *
 * Source: ISO 13616-1, the registry of SWIFT (release 99); ISO 7064 MOD 97-10. */
#define LEN_MIN 15
#define LEN_MAX 34
#define BACK	(LEN_MAX + LEN_MAX / 4)

static const struct {
	char country[2];
	uint8_t len;
} registry[] = { { "AD", 24 }, { "AE", 23 }, { "AL", 28 }, { "AT", 20 }, { "AZ", 28 },
	{ "BA", 20 }, { "BE", 16 }, { "BG", 22 }, { "BH", 22 }, { "BI", 27 },
	{ "BR", 29 }, { "BY", 28 }, { "CH", 21 }, { "CR", 22 }, { "CY", 28 },
	{ "CZ", 24 }, { "DE", 22 }, { "DJ", 27 }, { "DK", 18 }, { "DO", 28 },
	{ "EE", 20 }, { "EG", 29 }, { "ES", 24 }, { "FI", 18 }, { "FK", 18 },
	{ "FO", 18 }, { "FR", 27 }, { "GB", 22 }, { "GE", 22 }, { "GI", 23 },
	{ "GL", 18 }, { "GR", 27 }, { "GT", 28 }, { "HN", 28 }, { "HR", 21 },
	{ "HU", 28 }, { "IE", 22 }, { "IL", 23 }, { "IQ", 23 }, { "IS", 26 },
	{ "IT", 27 }, { "JO", 30 }, { "KW", 30 }, { "KZ", 20 }, { "LB", 28 },
	{ "LC", 32 }, { "LI", 21 }, { "LT", 20 }, { "LU", 20 }, { "LV", 21 },
	{ "LY", 25 }, { "MC", 27 }, { "MD", 24 }, { "ME", 22 }, { "MK", 19 },
	{ "MN", 20 }, { "MR", 27 }, { "MT", 31 }, { "MU", 30 }, { "NI", 28 },
	{ "NL", 18 }, { "NO", 15 }, { "OM", 23 }, { "PK", 24 }, { "PL", 28 },
	{ "PS", 29 }, { "PT", 25 }, { "QA", 29 }, { "RO", 24 }, { "RS", 22 },
	{ "RU", 33 }, { "SA", 24 }, { "SC", 31 }, { "SD", 18 }, { "SE", 24 },
	{ "SI", 19 }, { "SK", 24 }, { "SM", 27 }, { "SO", 23 }, { "ST", 25 },
	{ "SV", 28 }, { "TL", 23 }, { "TN", 24 }, { "TR", 26 }, { "UA", 29 },
	{ "VA", 22 }, { "VG", 24 }, { "XK", 20 }, { "YE", 30 } };

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_part(char c)
{
	return is_upper(c) || tell_is_digit(c);
}

static bool is_gap(char c)
{
	return c == ' ' || c == '-';
}

static size_t length_of(const char *country)
{
	for (size_t i = 0; i < sizeof(registry) / sizeof(registry[0]); i++)
		if (memcmp(registry[i].country, country, 2) == 0)
			return registry[i].len;
	return 0;
}

static bool checks(const char *iban, size_t n)
{
	unsigned rest = 0;
	for (size_t i = 0; i < n; i++) {
		char c = iban[(i + 4) % n];
		unsigned digit = tell_is_digit(c) ? (unsigned)(c - '0')
						  : (unsigned)(c - 'A') + 10;
		rest = (rest * (digit > 9 ? 100 : 10) + digit) % 97;
	}
	return rest == 1;
}

/* The end of the number that begins at `from`; 0: it is none. */
static size_t number_end(const struct tell_search *x, size_t from)
{
	const char *s = x->s;
	if (x->n - from < LEN_MIN || !is_upper(s[from]) || !is_upper(s[from + 1]) ||
		!tell_is_digit(s[from + 2]) || !tell_is_digit(s[from + 3]) ||
		!tell_text_begins_word(s, from))
		return 0;
	size_t len = length_of(s + from), n = 0, i = from;
	char iban[LEN_MAX];
	while (n < len && i < x->n) {
		if (n && n % 4 == 0 && is_gap(s[i]))
			i++;
		if (i >= x->n || !is_part(s[i]))
			return 0;
		iban[n++] = s[i++];
	}
	bool alone = i == x->n || !tell_char_is_word(s[i]);
	return len && n == len && alone && checks(iban, n) ? i : 0;
}

void tell_find_iban(struct tell_search *x, size_t at)
{
	if (at < x->iban_done)
		return;
	/* Any place to the left may be where it begins, as far as one goes. */
	for (size_t i = at, stop = at > BACK ? at - BACK : 0; i > stop; i--) {
		char c = x->s[i - 1];
		if (!is_part(c) && !is_gap(c))
			return;
		size_t to = is_upper(c) ? number_end(x, i - 1) : 0;
		if (to <= at)
			continue;
		x->iban_done = to;
		tell_search_add(x, TELL_SPAN_IBAN, i - 1, to);
		return;
	}
}
