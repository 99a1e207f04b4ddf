#include "redact/search.h"
#include "redact/text.h"

/* Payment card numbers: 13 to 19 digits in a row, or in the groups that are printed on
 * cards with blanks or dashes between; with an issuer's prefix and length and the check
 * digit of ISO/IEC 7812-1 annex B. Not inside longer numbers, words and identifiers.
 *
 * Source: the issuers' published ranges. Lengths that only old or rare cards have are
 * left out where numbers of that length are common: Visa has 19 only in groups. */
#define DIGITS_MIN 13
#define DIGITS_MAX 19

static const struct {
	uint16_t from, to; /* the first four digits */
	uint8_t min, max;
} issuers[] = {
	{ 2200, 2204, 16, 19 },				/* Mir */
	{ 2221, 2720, 16, 16 },				/* Mastercard */
	{ 3000, 3059, 14, 14 },				/* Diners Club */
	{ 3095, 3095, 14, 14 }, { 3400, 3499, 15, 15 }, /* American Express */
	{ 3528, 3589, 16, 16 },				/* JCB */
	{ 3600, 3699, 14, 14 },				/* Diners Club */
	{ 3700, 3799, 15, 15 },				/* American Express */
	{ 3800, 3999, 14, 14 },				/* Diners Club */
	{ 4000, 4999, 13, 13 },				/* Visa */
	{ 4000, 4999, 16, 16 }, { 5018, 5018, 13, 19 }, /* Maestro */
	{ 5020, 5020, 13, 19 }, { 5038, 5038, 13, 19 },
	{ 5080, 5089, 16, 16 }, /* RuPay */
	{ 5100, 5599, 16, 16 }, /* Mastercard */
	{ 5893, 5893, 13, 19 }, /* Maestro */
	{ 6011, 6011, 16, 19 }, /* Discover */
	{ 6200, 6299, 16, 19 }, /* UnionPay */
	{ 6304, 6304, 13, 19 }, /* Maestro */
	{ 6440, 6599, 16, 19 }, /* Discover */
	{ 6759, 6763, 13, 19 }, /* Maestro */
	{ 8100, 8199, 16, 19 }, /* UnionPay */
};

static bool issued(const char *digits, size_t n)
{
	unsigned prefix = 0;
	for (size_t i = 0; i < 4; i++)
		prefix = prefix * 10 + (unsigned)(digits[i] - '0');
	for (size_t i = 0; i < sizeof(issuers) / sizeof(issuers[0]); i++)
		if (prefix >= issuers[i].from && prefix <= issuers[i].to &&
			n >= issuers[i].min && n <= issuers[i].max)
			return true;
	return false;
}

static bool checks(const char *digits, size_t n)
{
	unsigned sum = 0;
	for (size_t i = 0; i < n; i++) {
		unsigned d = (unsigned)(digits[n - 1 - i] - '0');
		sum += i % 2 ? d * 2 - (d > 4 ? 9 : 0) : d;
	}
	return sum % 10 == 0;
}

/* Is the word that ends at `at` one with a digit in it, as identifiers have? */
static bool follows_identifier(const struct tell_search *x, size_t at)
{
	for (size_t i = at; i > 0 && at - i < 32 && tell_char_is_word(x->s[i - 1]); i--)
		if (tell_is_digit(x->s[i - 1]))
			return true;
	return false;
}

/* Can a number begin at `at`: nothing in front that it would be a part of? */
static bool free_on_the_left(const struct tell_search *x, size_t at)
{
	if (at == 0)
		return true;
	if (!tell_text_begins_word(x->s, at))
		return false;
	char c = x->s[at - 1];
	if (c == '+') /* a telephone number */
		return false;
	/* 0.4111..., 4bf9-4111..., but card-4111... */
	return (c != '.' && c != '-') || !follows_identifier(x, at - 1);
}

static bool free_on_the_right(const struct tell_search *x, size_t at)
{
	if (at == x->n)
		return true;
	if (tell_char_is_word(x->s[at]))
		return false;
	return (x->s[at] != '.' && x->s[at] != '-') || at + 1 == x->n ||
		!tell_is_digit(x->s[at + 1]);
}

static size_t row_end(const struct tell_search *x, size_t at)
{
	while (at < x->n && tell_is_digit(x->s[at]))
		at++;
	return at;
}

/* The end of a number that begins at `from` and is grouped so, 0: there is none. */
static size_t grouped(const struct tell_search *x, size_t from, const uint8_t *groups)
{
	char digits[DIGITS_MAX];
	size_t n = 0, at = from;
	char sign = 0;
	for (size_t g = 0; groups[g]; g++) {
		if (g) {
			if (at >= x->n || (x->s[at] != ' ' && x->s[at] != '-') ||
				(sign && x->s[at] != sign))
				return 0;
			sign = x->s[at++];
		}
		size_t end = row_end(x, at);
		if (end - at != groups[g])
			return 0;
		memcpy(digits + n, x->s + at, groups[g]);
		n += groups[g];
		at = end;
	}
	bool visa19 = n == 19 && digits[0] == '4';
	return free_on_the_right(x, at) && (issued(digits, n) || visa19) &&
			checks(digits, n)
		? at
		: 0;
}

static size_t grouped_somehow(const struct tell_search *x, size_t from)
{
	static const uint8_t ways[][6] = { { 4, 4, 4, 4, 3 }, { 4, 4, 4, 4 }, { 4, 6, 5 },
		{ 4, 6, 4 }, { 8, 8 }, { 4, 4, 4, 1 } };
	if (!free_on_the_left(x, from))
		return 0;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		size_t to = grouped(x, from, ways[i]);
		if (to)
			return to;
	}
	return 0;
}

/* A number in JSON, "pan": 4111..., has to become a string there, with quotes like those
 * of its name. */
static void add(struct tell_search *x, size_t from, size_t to)
{
	struct tell_span span = { .from = from, .to = to, .kind = TELL_SPAN_CARD };
	size_t i = from;
	while (i > 0 && from - i < 8 && x->s[i - 1] == ' ')
		i--;
	if (i > 1 && x->s[i - 1] == ':' && x->s[i - 2] == '"' &&
		(to == x->n || tell_char_is(x->s[to], TELL_CHAR_SPACE) ||
			memchr(",}]", x->s[to], 3))) {
		span.quoted = true;
		for (i -= 2; i > 0 && x->s[i - 1] == '\\' && span.escapes < 63; i--)
			span.escapes++;
	}
	tell_spans_add(x->spans, span);
}

static bool is_card(const struct tell_search *x, size_t from, size_t to)
{
	return to - from <= DIGITS_MAX && issued(x->s + from, to - from) &&
		free_on_the_left(x, from) && free_on_the_right(x, to) &&
		checks(x->s + from, to - from);
}

static bool is_sign(const struct tell_search *x, size_t at)
{
	return x->s[at] == ' ' || x->s[at] == '-';
}

/* Rows of digits with one sign between make a chain. Does it have another one in front of
 * `from`, not before what was judged? */
static bool is_chained(const struct tell_search *x, size_t from)
{
	return from > x->card_done + 1 && is_sign(x, from - 1) &&
		tell_is_digit(x->s[from - 2]);
}

static size_t chain_begin(const struct tell_search *x, size_t from)
{
	while (is_chained(x, from)) {
		from -= 2;
		while (from > x->card_done && tell_is_digit(x->s[from - 1]))
			from--;
	}
	return from;
}

static bool chain_goes_on(const struct tell_search *x, size_t at)
{
	return at + 1 < x->n && is_sign(x, at) && tell_is_digit(x->s[at + 1]);
}

static void judge(struct tell_search *x, size_t from, size_t to)
{
	size_t len = to - from, end = 0;
	if (len >= DIGITS_MIN)
		end = is_card(x, from, to) ? to : 0;
	else if ((len == 4 || len == 8) && chain_goes_on(x, to))
		end = grouped_somehow(x, from);
	if (end)
		add(x, from, end);
}

/* Any row of a chain may be the one that was seen, so all of the chain is judged. */
static __attribute__((noinline)) void judge_chain(struct tell_search *x, size_t from)
{
	from = chain_begin(x, from);
	size_t to = row_end(x, from);
	judge(x, from, to);
	while (chain_goes_on(x, to)) {
		from = to + 1;
		to = row_end(x, from);
		judge(x, from, to);
	}
	x->card_done = to;
}

void tell_find_card(struct tell_search *x, size_t at)
{
	if (at < x->card_done)
		return;
	size_t from = at;
	while (from > x->card_done && tell_is_digit(x->s[from - 1]))
		from--;
	if (!tell_text_begins_word(x->s, from)) { /* most rows in identifiers end here */
		x->card_done = at + 1;
		return;
	}
	size_t to = row_end(x, at);
	if (to - from >= DIGITS_MIN || chain_goes_on(x, to) || is_chained(x, from))
		judge_chain(x, from);
	else
		x->card_done = to;
}
