#include "redact/search.h"
#include "redact/text.h"

/* International bank account numbers: a country, two check digits and so many letters and
 * digits as the country has, in one piece or in groups of four.
 *
 * Source: ISO 13616-1, the registry of SWIFT (release 99); ISO 7064 MOD 97-10. */
#define LEN_MIN 15
#define LEN_MAX 34
#define BACK	(LEN_MAX + LEN_MAX / 4)

/* Of the country AB the length, 0: there is none. */
#define AT(a, b) ((a) - 'A') * 26 + (b) - 'A'
/* clang-format off */
static const uint8_t lengths[26 * 26] = {
	[AT('A', 'D')] = 24, [AT('A', 'E')] = 23, [AT('A', 'L')] = 28, [AT('A', 'T')] = 20,
	[AT('A', 'Z')] = 28, [AT('B', 'A')] = 20, [AT('B', 'E')] = 16, [AT('B', 'G')] = 22,
	[AT('B', 'H')] = 22, [AT('B', 'I')] = 27, [AT('B', 'R')] = 29, [AT('B', 'Y')] = 28,
	[AT('C', 'H')] = 21, [AT('C', 'R')] = 22, [AT('C', 'Y')] = 28, [AT('C', 'Z')] = 24,
	[AT('D', 'E')] = 22, [AT('D', 'J')] = 27, [AT('D', 'K')] = 18, [AT('D', 'O')] = 28,
	[AT('E', 'E')] = 20, [AT('E', 'G')] = 29, [AT('E', 'S')] = 24, [AT('F', 'I')] = 18,
	[AT('F', 'K')] = 18, [AT('F', 'O')] = 18, [AT('F', 'R')] = 27, [AT('G', 'B')] = 22,
	[AT('G', 'E')] = 22, [AT('G', 'I')] = 23, [AT('G', 'L')] = 18, [AT('G', 'R')] = 27,
	[AT('G', 'T')] = 28, [AT('H', 'N')] = 28, [AT('H', 'R')] = 21, [AT('H', 'U')] = 28,
	[AT('I', 'E')] = 22, [AT('I', 'L')] = 23, [AT('I', 'Q')] = 23, [AT('I', 'S')] = 26,
	[AT('I', 'T')] = 27, [AT('J', 'O')] = 30, [AT('K', 'W')] = 30, [AT('K', 'Z')] = 20,
	[AT('L', 'B')] = 28, [AT('L', 'C')] = 32, [AT('L', 'I')] = 21, [AT('L', 'T')] = 20,
	[AT('L', 'U')] = 20, [AT('L', 'V')] = 21, [AT('L', 'Y')] = 25, [AT('M', 'C')] = 27,
	[AT('M', 'D')] = 24, [AT('M', 'E')] = 22, [AT('M', 'K')] = 19, [AT('M', 'N')] = 20,
	[AT('M', 'R')] = 27, [AT('M', 'T')] = 31, [AT('M', 'U')] = 30, [AT('N', 'I')] = 28,
	[AT('N', 'L')] = 18, [AT('N', 'O')] = 15, [AT('O', 'M')] = 23, [AT('P', 'K')] = 24,
	[AT('P', 'L')] = 28, [AT('P', 'S')] = 29, [AT('P', 'T')] = 25, [AT('Q', 'A')] = 29,
	[AT('R', 'O')] = 24, [AT('R', 'S')] = 22, [AT('R', 'U')] = 33, [AT('S', 'A')] = 24,
	[AT('S', 'C')] = 31, [AT('S', 'D')] = 18, [AT('S', 'E')] = 24, [AT('S', 'I')] = 19,
	[AT('S', 'K')] = 24, [AT('S', 'M')] = 27, [AT('S', 'O')] = 23, [AT('S', 'T')] = 25,
	[AT('S', 'V')] = 28, [AT('T', 'L')] = 23, [AT('T', 'N')] = 24, [AT('T', 'R')] = 26,
	[AT('U', 'A')] = 29, [AT('V', 'A')] = 22, [AT('V', 'G')] = 24, [AT('X', 'K')] = 20,
	[AT('Y', 'E')] = 30,
};
/* clang-format on */

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
	size_t len = lengths[AT(s[from], s[from + 1])], n = 0, i = from;
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
	/* Any place to the left may be where it begins, as far as one goes. What began none
	 * for a row in front of this one begins none for this. */
	size_t stop = at > BACK ? at - BACK : 0;
	stop = stop > x->iban_tried ? stop : x->iban_tried;
	for (size_t i = at; i > stop; i--) {
		char c = x->s[i - 1];
		if (!is_part(c) && !is_gap(c))
			break;
		size_t to = is_upper(c) ? number_end(x, i - 1) : 0;
		if (to <= at)
			continue;
		x->iban_done = to;
		tell_search_add(x, TELL_SPAN_IBAN, i - 1, to);
		return;
	}
	x->iban_tried = at;
}
