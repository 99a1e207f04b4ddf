#include "redact/search.h"
#include "redact/text.h"

/* Personal data, with profile=pii only: e-mail addresses (RFC 5321 section 4.1.2, as they
 * are in use), telephone numbers (E.164: '+' and 8 to 15 digits), and what stands behind the
 * word for a national number, a telephone or a passport and has six digits or more. */
#define LOCAL_MAX  64
#define DOMAIN_MAX 253
#define VALUE_MAX  32

static bool is_alnum(char c)
{
	return tell_char_is(c, TELL_CHAR_DIGIT | TELL_CHAR_ALPHA);
}

static bool is_local(char c)
{
	return is_alnum(c) || c == '.' || c == '_' || c == '%' || c == '+' || c == '-' ||
		(unsigned char)c >= 0x80;
}

/* ---- e-mail ---- */

/* The end of a host name with a dot in it, whose last label is of letters; 0: none. */
static size_t domain_end(const struct tell_search *x, size_t at)
{
	size_t i = at, label = at, letters = 0;
	bool dot = false;
	while (i < x->n && i - at < DOMAIN_MAX) {
		char c = x->s[i];
		if (c == '.' && i > label && i + 1 < x->n && is_alnum(x->s[i + 1])) {
			dot = true;
			label = i + 1;
			letters = 0;
		} else if (is_alnum(c) || c == '-') {
			letters += tell_char_is(c, TELL_CHAR_ALPHA);
		} else {
			break;
		}
		i++;
	}
	return dot && letters >= 2 && letters == i - label ? i : 0;
}

/* Is this '@' the one of scheme://user:password@host? The host is no address's. */
static bool ends_userinfo(const struct tell_search *x, size_t at)
{
	size_t i = at;
	while (i > 0 && at - i < DOMAIN_MAX && x->s[i - 1] != '/' &&
		!tell_char_is(x->s[i - 1], TELL_CHAR_SPACE))
		i--;
	return i > 2 && memcmp(x->s + i - 3, "://", 3) == 0;
}

/* len: of the '@', which may be %40. */
static void find_email(struct tell_search *x, size_t at, size_t len)
{
	const char *s = x->s;
	size_t from = at, to = domain_end(x, at + len);
	while (from > 0 && at - from < LOCAL_MAX && is_local(s[from - 1]) &&
		from > x->pii_done)
		from--;
	while (from < at && (s[from] == '.' || s[from] == '-'))
		from++;
	if (from + 2 < at && s[from] == '%' && !is_alnum(s[from + 3]))
		from += 3;
	bool scp = to + 1 < x->n && s[to] == ':' && s[to + 1] != ' ' &&
		!tell_is_digit(s[to + 1]);
	if (!to || from == at || scp || ends_userinfo(x, at))
		return;
	tell_search_add(x, TELL_SPAN_EMAIL, from, to);
	x->pii_done = to;
}

/* ---- numbers ---- */

/* The end of digits with single signs between that begin at `at`, and how many there are. */
static size_t digits_end(const struct tell_search *x, size_t at, size_t *ret_digits)
{
	size_t i = at, end = at, digits = 0, signs = 0; /* a bracket is half of one */
	for (; i < x->n && i - at < VALUE_MAX && signs < 4; i++) {
		if (tell_is_digit(x->s[i])) {
			digits++;
			signs = 0;
			end = i + 1;
		} else if (memchr(" ()-./", x->s[i], 6)) {
			signs += x->s[i] == '(' || x->s[i] == ')' ? 1 : 2;
		} else {
			break;
		}
	}
	*ret_digits = digits;
	return end;
}

static void find_phone(struct tell_search *x, size_t at)
{
	if (at > 0 && (tell_char_is_word(x->s[at - 1]) || x->s[at - 1] == '+') &&
		!tell_char_is_escape(x->s, at - 1))
		return;
	if (at + 8 >= x->n || x->s[at + 1] < '1' || x->s[at + 1] > '9')
		return;
	size_t digits, to = digits_end(x, at + 1, &digits);
	if (digits < 8 || digits > 15 || (to < x->n && tell_char_is_word(x->s[to])))
		return;
	tell_search_add(x, TELL_SPAN_PHONE, at, to);
	x->pii_done = to;
}

/* ---- behind words ---- */

static const struct {
	char word[24];
	uint8_t kind;
} words[] = { { "ssn", TELL_SPAN_ID }, { "social security", TELL_SPAN_ID },
	{ "sozialversicherung", TELL_SPAN_ID }, { "securite sociale", TELL_SPAN_ID },
	{ "steuer-id", TELL_SPAN_ID }, { "steuer_id", TELL_SPAN_ID },
	{ "steuerid", TELL_SPAN_ID }, { "steuernummer", TELL_SPAN_ID },
	{ "personalausweis", TELL_SPAN_ID }, { "ausweis", TELL_SPAN_ID },
	{ "national insurance", TELL_SPAN_ID }, { "nino", TELL_SPAN_ID },
	{ "national_id", TELL_SPAN_ID }, { "national id", TELL_SPAN_ID },
	{ "tax_id", TELL_SPAN_ID }, { "tax id", TELL_SPAN_ID }, { "taxid", TELL_SPAN_ID },
	{ "insee", TELL_SPAN_ID }, { "nir", TELL_SPAN_ID }, { "bsn", TELL_SPAN_ID },
	{ "burgerservicenummer", TELL_SPAN_ID }, { "pesel", TELL_SPAN_ID },
	{ "nip", TELL_SPAN_ID }, { "dni", TELL_SPAN_ID }, { "nie", TELL_SPAN_ID },
	{ "nif", TELL_SPAN_ID }, { "cpf", TELL_SPAN_ID }, { "cnpj", TELL_SPAN_ID },
	{ "codice fiscale", TELL_SPAN_ID }, { "codice_fiscale", TELL_SPAN_ID },
	{ "personnummer", TELL_SPAN_ID }, { "cpr", TELL_SPAN_ID },
	{ "aadhaar", TELL_SPAN_ID }, { "passport", TELL_SPAN_ID },
	{ "driver_license", TELL_SPAN_ID }, { "driving licence", TELL_SPAN_ID },
	{ "phone", TELL_SPAN_PHONE }, { "telephone", TELL_SPAN_PHONE },
	{ "telefon", TELL_SPAN_PHONE }, { "telefono", TELL_SPAN_PHONE },
	{ "mobile", TELL_SPAN_PHONE }, { "msisdn", TELL_SPAN_PHONE },
	{ "tel", TELL_SPAN_PHONE }, { "fax", TELL_SPAN_PHONE } };

/* Behind the signs and small words between a word and its number. */
static size_t skip_between(const struct tell_search *x, size_t at)
{
	static const char *const small[] = { "_number", " number", " no", " nr", "_no",
		" is", "-nr", "number" };
	for (size_t i = 0; i < sizeof(small) / sizeof(small[0]); i++)
		if (tell_text_starts_with(x->s, x->n, at, small[i])) {
			at += strlen(small[i]);
			break;
		}
	size_t stop = at + 8;
	while (at < x->n && at < stop && memchr(" :=\"'\\#.", x->s[at], 8))
		at++;
	return at;
}

/* A number with letters in it, as some countries have: 12345678Z, AB 12 34 56 C. */
static size_t id_end(const struct tell_search *x, size_t at, size_t *ret_digits)
{
	size_t i = at, end = at, digits = 0;
	for (; i < x->n && i - at < VALUE_MAX; i++) {
		char c = x->s[i];
		bool part = tell_is_digit(c) || (c >= 'A' && c <= 'Z');
		if (!part && !memchr("-./ ()+", c, 7))
			break;
		digits += tell_is_digit(c);
		if (part)
			end = i + 1;
	}
	*ret_digits = digits;
	return end;
}

static bool find_behind_word(struct tell_search *x, size_t at)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (words[i].word[0] != tell_char_lower(x->s[at]) ||
			!tell_text_starts_with(x->s, x->n, at, words[i].word))
			continue;
		size_t from = skip_between(x, at + strlen(words[i].word)), digits;
		if (from == at + strlen(words[i].word))
			continue;
		size_t to = id_end(x, from, &digits);
		if (digits < 6)
			continue;
		tell_search_add(x, (enum tell_span_kind)words[i].kind, from, to);
		x->pii_done = to;
		return true;
	}
	return false;
}

void tell_find_pii(struct tell_search *x)
{
	for (size_t i = 0; i < x->n; i++) {
		char c = x->s[i];
		if (i < x->pii_done)
			continue;
		if (c == '@')
			find_email(x, i, 1);
		else if (c == '%' && x->n - i > 3 && memcmp(x->s + i, "%40", 3) == 0)
			find_email(x, i, 3);
		else if (c == '+')
			find_phone(x, i);
		else if (tell_char_is(c, TELL_CHAR_ALPHA) &&
			(i == 0 || !tell_char_is(x->s[i - 1], TELL_CHAR_ALPHA) ||
				tell_char_is_escape(x->s, i - 1)))
			(void)find_behind_word(x, i); /* none: go on */
	}
}
