#include "redact/secret.h"
#include <stdint.h>
#include "redact/text.h"

/* The texts are in the tables of this file: pointers to them would have to be relocated in
 * each process that starts. */
struct word {
	char text[23];
	uint8_t means; /* enum tell_secret */
};

#define YES TELL_SECRET_YES

/* Ends of names without their '_', whatever stands in front. By last letter, so that most
 * names are done after no comparison at all. */
static const struct word ends_d[] = { { "password", YES }, { "passwd", YES },
	{ "pwd", TELL_SECRET_WORKDIR }, { "passwrd", YES }, { "wachtwoord", YES },
	{ "creditcard", YES }, { "phpsessid", YES }, { "jsessionid", YES },
	{ "connectsid", YES }, { "aspnetsessionid", YES }, { "", 0 } };
static const struct word ends_e[] = { { "passphrase", YES }, { "passcode", YES },
	{ "cookie", TELL_SECRET_COOKIES }, { "seedphrase", YES },
	{ "recoveryphrase", YES }, { "securitycode", YES }, { "verificationcode", YES },
	{ "recoverycode", YES }, { "backupcode", YES }, { "accesscode", YES },
	{ "mfacode", YES }, { "motdepasse", YES }, { "xamzsignature", YES },
	{ "xgoogsignature", YES }, { "", 0 } };
static const struct word ends_l[] = { { "credential", YES }, { "", 0 } };
static const struct word ends_m[] = { { "creditcardnum", YES }, { "ccnum", YES },
	{ "", 0 } };
static const struct word ends_n[] = { { "token", YES },
	{ "authorization", TELL_SECRET_AUTH }, { "authorisation", TELL_SECRET_AUTH },
	{ "", 0 } };
static const struct word ends_o[] = { { "cardno", YES }, { "", 0 } };
static const struct word ends_r[] = { { "cardnumber", YES }, { "ccnumber", YES },
	{ "socialsecuritynumber", YES }, { "bearer", YES }, { "", 0 } };
static const struct word ends_s[] = { { "credentials", YES }, { "secrets", YES },
	{ "passwords", YES }, { "cookies", TELL_SECRET_COOKIES }, { "apikeys", YES },
	{ "accesstokens", YES }, { "refreshtokens", YES }, { "accesskeys", YES },
	{ "privatekeys", YES }, { "passphrases", YES }, { "keypass", YES },
	{ "storepass", YES }, { "dbpass", YES }, { "userpass", YES }, { "rootpass", YES },
	{ "sshpass", YES }, { "smtppass", YES }, { "recoverycodes", YES },
	{ "backupcodes", YES }, { "", 0 } };
static const struct word ends_t[] = { { "secret", YES }, { "passwort", YES },
	{ "kennwort", YES }, { "", 0 } };
static const struct word ends_a[] = { { "contrasena", YES }, { "", 0 } };
static const struct word ends_y[] = { { "apikey", YES }, { "accesskey", YES },
	{ "secretkey", YES }, { "privatekey", YES }, { "privkey", YES },
	{ "authkey", YES }, { "sessionkey", YES }, { "signingkey", YES },
	{ "encryptionkey", YES }, { "decryptionkey", YES }, { "masterkey", YES },
	{ "sharedkey", YES }, { "accountkey", YES }, { "subscriptionkey", YES },
	{ "deploykey", YES }, { "hmackey", YES }, { "aeskey", YES }, { "cipherkey", YES },
	{ "cryptkey", YES }, { "consumerkey", YES }, { "applicationkey", YES },
	{ "appkey", YES }, { "licensekey", YES }, { "licencekey", YES },
	{ "xfunctionskey", YES }, { "", 0 } };

static const struct word *const ends[26] = { ['a' - 'a'] = ends_a,
	['d' - 'a'] = ends_d,
	['e' - 'a'] = ends_e,
	['l' - 'a'] = ends_l,
	['m' - 'a'] = ends_m,
	['n' - 'a'] = ends_n,
	['o' - 'a'] = ends_o,
	['r' - 'a'] = ends_r,
	['s' - 'a'] = ends_s,
	['t' - 'a'] = ends_t,
	['y' - 'a'] = ends_y };

/* Last words, whole: too short to be looked for inside others. */
static const struct word last_words[] = { { "pass", TELL_SECRET_SHORT },
	{ "pin", TELL_SECRET_SHORT }, { "cvv", YES }, { "cvc", YES }, { "cvv2", YES },
	{ "cvc2", YES }, { "otp", YES }, { "totp", YES }, { "ssn", YES }, { "jwt", YES },
	{ "psk", YES }, { "senha", YES }, { "mnemonic", YES }, { "", 0 } };

/* Ends of names that only look alike. */
static const char harmless_ends[][24] = { "pagetoken", "nexttoken", "prevtoken",
	"continuationtoken", "resumetoken", "synctoken", "cursortoken",
	"cancellationtoken", "canceltoken", "fencingtoken", "idempotencytoken",
	"eostoken", "bostoken", "padtoken", "stoptoken", "unktoken", "masktoken",
	"septoken", "clstoken", "pertoken", "firsttoken", "lasttoken", "endtoken",
	"starttoken", "unexpectedtoken", "specialtoken", "nopasswd", "" };

static const char harmless_first_words[][12] = { "has", "is", "needs", "requires",
	"missing", "uses", "num", "max", "min", "total", "avg", "" };

/* Last words that say what was done to the value, not what it is. */
static const char looked_behind[][16] = { "value", "raw", "plain", "plaintext", "old",
	"new", "current", "previous", "confirm", "confirmation", "repeat", "again",
	"hash", "header", "b64", "base64", "param", "env", "string", "" };

size_t tell_secret_fold(char *ret, const char *name, size_t len)
{
	if (len > TELL_SECRET_NAME_MAX) {
		name += len - TELL_SECRET_NAME_MAX;
		len = TELL_SECRET_NAME_MAX;
	}
	size_t n = 0;
	for (size_t i = 0; i < len; i++) {
		char c = name[i], low = tell_char_lower(c);
		if (!tell_char_is(c, TELL_CHAR_ALPHA | TELL_CHAR_DIGIT)) {
			if (n && ret[n - 1] != '_')
				ret[n++] = '_';
			continue;
		}
		/* camelCase begins a word, and so does the last capital of APIKey */
		bool hump = low != c && i > 0 &&
			(name[i - 1] == tell_char_lower(name[i - 1]) ||
				(i + 1 < len &&
					name[i + 1] != (char)(name[i + 1] & ~0x20) &&
					tell_char_is(name[i + 1], TELL_CHAR_ALPHA)));
		if (hump && n && ret[n - 1] != '_')
			ret[n++] = '_';
		ret[n++] = low;
	}
	while (n && ret[n - 1] == '_')
		n--;
	return n;
}

static bool ends_with(const char *s, size_t n, const char *end)
{
	size_t len = strlen(end);
	return n >= len && memcmp(s + n - len, end, len) == 0;
}

static size_t last_word(const char *folded, size_t n)
{
	while (n && folded[n - 1] != '_')
		n--;
	return n;
}

static bool is_word(const char *s, size_t n, const char *word)
{
	return strlen(word) == n && memcmp(s, word, n) == 0;
}

/* Drop what does not matter at the end: digits, "_value". False: nothing was dropped. */
static bool look_behind(const char *folded, size_t *n)
{
	size_t at = last_word(folded, *n);
	for (size_t i = 0; at && *looked_behind[i]; i++)
		if (is_word(folded + at, *n - at, looked_behind[i])) {
			*n = at - 1;
			return true;
		}
	size_t end = *n;
	while (end && (tell_is_digit(folded[end - 1]) || folded[end - 1] == '_'))
		end--;
	if (end == *n || !end)
		return false;
	*n = end;
	return true;
}

static enum tell_secret judge(const char *folded, size_t n)
{
	size_t at = last_word(folded, n);
	for (size_t i = 0; *last_words[i].text; i++)
		if (is_word(folded + at, n - at, last_words[i].text))
			return (enum tell_secret)last_words[i].means;

	char last = n ? folded[n - 1] : '\0';
	const struct word *list = last >= 'a' && last <= 'z' ? ends[last - 'a'] : NULL;
	if (!list)
		return TELL_SECRET_NO;
	char joined[TELL_SECRET_NAME_MAX * 2];
	size_t len = 0;
	for (size_t i = 0; i < n; i++)
		if (folded[i] != '_')
			joined[len++] = folded[i];
	for (; *list->text; list++)
		if (ends_with(joined, len, list->text))
			break;
	if (!*list->text)
		return TELL_SECRET_NO;
	for (size_t i = 0; *harmless_ends[i]; i++)
		if (ends_with(joined, len, harmless_ends[i]))
			return TELL_SECRET_NO;
	return (enum tell_secret)list->means;
}

static bool begins_harmless(const char *folded, size_t n)
{
	for (size_t i = 0; *harmless_first_words[i]; i++) {
		size_t len = strlen(harmless_first_words[i]);
		if (n > len && folded[len] == '_' &&
			memcmp(folded, harmless_first_words[i], len) == 0)
			return true;
	}
	return false;
}

enum tell_secret tell_secret_name(const char *name, size_t len)
{
	char folded[TELL_SECRET_NAME_MAX * 2];
	size_t n = tell_secret_fold(folded, name, len);
	do {
		enum tell_secret s = judge(folded, n);
		if (s != TELL_SECRET_NO)
			return begins_harmless(folded, n) ? TELL_SECRET_NO : s;
	} while (look_behind(folded, &n));
	return TELL_SECRET_NO;
}
