#include "redact/issuers.h"
#include "redact/search.h"
#include "redact/text.h"

/* Tokens without a prefix that are told by their shape: where a sign stands in them.
 *
 *	Telegram	8 to 10 digits ':' A and 34 of base64url	core.telegram.org/bots
 *	Discord		a number in base64 '.' 6 '.' 27 to 38		discord.com/developers
 *	Airtable	pat and 14 '.' 64 hex				airtable.com/developers
 *	Zoho		1000 '.' 32 hex '.' 32 hex			zoho.com/accounts/protocol
 *	Vault (old)	s '.' 24 letters and digits			developer.hashicorp.com/vault
 *	Mailchimp	32 hex '-' us and a number			mailchimp.com/developer
 *	Mailgun		32 hex '-' 8 hex '-' 8 hex			documentation.mailgun.com
 *	Azure		3 and a digit, Q '~' 31 to 34			learn.microsoft.com/entra
 *	Yandex		t1 '.' 7 or more of base64url '.' 86		yandex.cloud/docs/iam
 *	Asana		digits '/' 16 digits ':' 32 hex			developers.asana.com */
#define HEX    (TELL_ISSUER_DIGIT | TELL_ISSUER_A_F)
#define BASE62 (HEX | TELL_ISSUER_G_Z | TELL_ISSUER_UP_A_F | TELL_ISSUER_UP_G_Z)
#define URL64  (BASE62 | TELL_ISSUER_DASH | TELL_ISSUER_UNDER)
#define RUN    80 /* no part of one is longer */

/* How many characters of the alphabet end in front of `at`, or begin there. */
static size_t run_before(const struct tell_search *x, size_t at, unsigned alphabet)
{
	size_t n = 0;
	while (n < at && n < RUN && (tell_issuer_class(x->s[at - n - 1]) & alphabet))
		n++;
	return n;
}

static size_t run_behind(const struct tell_search *x, size_t at, unsigned alphabet)
{
	size_t n = 0;
	while (at + n < x->n && n < RUN && (tell_issuer_class(x->s[at + n]) & alphabet))
		n++;
	return n;
}

static bool add(struct tell_search *x, size_t from, size_t to)
{
	if (to < x->n && tell_char_is_word(x->s[to]))
		return false;
	tell_search_add(x, TELL_SPAN_TOKEN, from, to);
	return true;
}

static bool begins(const struct tell_search *x, size_t from)
{
	return tell_text_begins_word(x->s, from) || (from > 2 && x->s[from - 3] == '%');
}

static bool find_telegram(struct tell_search *x, size_t at)
{
	size_t digits = run_before(x, at, TELL_ISSUER_DIGIT), from = at - digits;
	if (digits < 8 || digits > 10 || at + 1 >= x->n || x->s[at + 1] != 'A' ||
		run_behind(x, at + 1, URL64) != 35)
		return false;
	bool bot = from >= 3 && memcmp(x->s + from - 3, "bot", 3) == 0;
	return (bot || begins(x, from)) && add(x, from, at + 36);
}

static bool find_asana(struct tell_search *x, size_t at)
{
	if (run_before(x, at, TELL_ISSUER_DIGIT) != 16 || at < 18 ||
		x->s[at - 17] != '/' || !tell_is_digit(x->s[at - 18]) ||
		run_behind(x, at + 1, HEX) != 32)
		return false;
	return add(x, at + 1, at + 33);
}

static bool find_yandex(struct tell_search *x, size_t at)
{
	size_t i = at + 1, mac;
	if (at < 2 || memcmp(x->s + at - 2, "t1", 2) != 0 || !begins(x, at - 2))
		return false;
	while (i < x->n && i - at < 1000 &&
		((tell_issuer_class(x->s[i]) & URL64) || x->s[i] == '='))
		i++;
	if (i - at < 8 || i >= x->n || x->s[i] != '.')
		return false;
	for (mac = ++i; i < x->n && i - mac < 90 &&
		((tell_issuer_class(x->s[i]) & URL64) || x->s[i] == '=');)
		i++;
	return i - mac >= 86 && i - mac < 90 && add(x, at - 2, i);
}

static int sextet(char c)
{
	unsigned class = tell_issuer_class(c);
	if (class & (TELL_ISSUER_UP_A_F | TELL_ISSUER_UP_G_Z))
		return c - 'A';
	if (class & (TELL_ISSUER_A_F | TELL_ISSUER_G_Z))
		return c - 'a' + 26;
	return class & TELL_ISSUER_DIGIT ? c - '0' + 52 : 63;
}

/* Is it base64 of digits only? */
static bool is_number(const char *s, size_t n)
{
	uint32_t bits = 0;
	unsigned have = 0;
	for (size_t i = 0; i < n; i++) {
		bits = (bits << 6 | (uint32_t)sextet(s[i])) & 0xffff;
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		if (!tell_is_digit((char)(bits >> have & 0xff)))
			return false;
	}
	return true;
}

static bool find_discord(struct tell_search *x, size_t at)
{
	if (x->n - at < 35 || x->s[at + 7] != '.' || run_behind(x, at + 1, URL64) != 6)
		return false;
	size_t id = run_before(x, at, URL64), mac = run_behind(x, at + 8, URL64);
	return id >= 22 && id <= 28 && mac >= 27 && mac <= 40 && begins(x, at - id) &&
		is_number(x->s + at - id, id) && add(x, at - id, at + 8 + mac);
}

static bool find_airtable(struct tell_search *x, size_t at)
{
	return at >= 17 && memcmp(x->s + at - 17, "pat", 3) == 0 &&
		run_before(x, at, BASE62) == 17 && run_behind(x, at + 1, HEX) == 64 &&
		add(x, at - 17, at + 65);
}

static bool find_zoho(struct tell_search *x, size_t at)
{
	return at >= 4 && memcmp(x->s + at - 4, "1000", 4) == 0 &&
		run_before(x, at, BASE62) == 4 && run_behind(x, at + 1, HEX) == 32 &&
		at + 33 < x->n && x->s[at + 33] == '.' &&
		run_behind(x, at + 34, HEX) == 32 && add(x, at - 4, at + 66);
}

static bool find_vault(struct tell_search *x, size_t at)
{
	if (x->s[at - 1] != 's' || !begins(x, at - 1) ||
		run_behind(x, at + 1, BASE62) != 24)
		return false;
	unsigned seen = 0;
	for (size_t i = at + 1; i < at + 25; i++)
		seen |= tell_issuer_class(x->s[i]);
	bool lower = seen & (TELL_ISSUER_A_F | TELL_ISSUER_G_Z);
	bool upper = seen & (TELL_ISSUER_UP_A_F | TELL_ISSUER_UP_G_Z);
	return lower && upper && (seen & TELL_ISSUER_DIGIT) && add(x, at - 1, at + 25);
}

static bool find_mail(struct tell_search *x, size_t at)
{
	if (at < 32 || !(tell_issuer_class(x->s[at - 17]) & HEX) || /* UUIDs end here */
		run_before(x, at, HEX) != 32 || !begins(x, at - 32))
		return false;
	if (x->n - at > 3 && x->s[at + 1] == 'u' && x->s[at + 2] == 's') {
		size_t digits = run_behind(x, at + 3, TELL_ISSUER_DIGIT);
		return digits >= 1 && digits <= 2 && add(x, at - 32, at + 3 + digits);
	}
	return run_behind(x, at + 1, HEX) == 8 && at + 9 < x->n && x->s[at + 9] == '-' &&
		run_behind(x, at + 10, HEX) == 8 && add(x, at - 32, at + 18);
}

static bool find_azure(struct tell_search *x, size_t at)
{
	if (at < 5 || x->s[at - 1] != 'Q' || !tell_is_digit(x->s[at - 2]) ||
		!begins(x, at - 5))
		return false;
	size_t i = at + 1;
	while (i < x->n && i - at < RUN &&
		((tell_issuer_class(x->s[i]) & (URL64 | TELL_ISSUER_DOT)) ||
			x->s[i] == '~'))
		i++;
	while (x->s[i - 1] == '.')
		i--;
	return i - at > 31 && i - at < 36 && add(x, at - 5, i);
}

void tell_find_shaped(struct tell_search *x, size_t at)
{
	if (at == 0)
		return;
	switch (x->s[at]) {
	case ':':
		if (tell_is_digit(x->s[at - 1]) && !find_telegram(x, at))
			(void)find_asana(x, at); /* neither: nothing to do */
		return;
	case '.':
		if (!find_discord(x, at) && !find_airtable(x, at) && !find_zoho(x, at) &&
			!find_yandex(x, at))
			(void)find_vault(x, at);
		return;
	case '-':
		(void)find_mail(x, at);
		return;
	case '~':
		(void)find_azure(x, at);
		return;
	default:
		return;
	}
}
