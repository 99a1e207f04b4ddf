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
 * names are done after no comparison at all. In English and in de fr es it pt nl pl, with
 * what cs da fi hr hu no sl sv tr call a password. */
static const struct word ends_a[] = { { "numerotarjeta", YES }, { "contrasena", YES },
	{ "contrasea", YES }, { "contrasenia", YES }, { "senha", YES },
	{ "trackdata", YES }, { "salasana", YES }, { "lozinka", YES },
	{ "clavesecreta", YES }, { "claveprivada", YES }, { "chavesecreta", YES },
	{ "chaveprivada", YES }, { "chiavesegreta", YES }, { "chiaveprivata", YES },
	{ "privatekeydata", YES }, { "", 0 } };
static const struct word ends_d[] = { { "password", YES }, { "passwd", YES },
	{ "passwrd", YES }, { "pswd", YES }, { "wachtwoord", YES }, { "creditcard", YES },
	{ "phpsessid", YES }, { "jsessionid", YES }, { "connectsid", YES },
	{ "aspnetsessionid", YES }, { "passord", YES }, { "losenord", YES },
	{ "userpwd", YES }, { "walletseed", YES }, { "pwd", TELL_SECRET_WORKDIR },
	{ "", 0 } };
static const struct word ends_e[] = { { "passphrase", YES }, { "passcode", YES },
	{ "seedphrase", YES }, { "recoveryphrase", YES }, { "mnemonicphrase", YES },
	{ "securitycode", YES }, { "verificationcode", YES }, { "recoverycode", YES },
	{ "backupcode", YES }, { "accesscode", YES }, { "mfacode", YES },
	{ "otpcode", YES }, { "smscode", YES }, { "onetimecode", YES },
	{ "authcode", YES }, { "authorizationcode", YES }, { "resetcode", YES },
	{ "logincode", YES }, { "pairingcode", YES }, { "devicecode", YES },
	{ "unlockcode", YES }, { "pincode", YES }, { "zugangscode", YES },
	{ "toegangscode", YES }, { "adgangskode", YES }, { "sicherheitscode", YES },
	{ "motdepasse", YES }, { "palavrapasse", YES }, { "clesecrete", YES },
	{ "cleprivee", YES }, { "secretkeybase", YES }, { "sifre", YES },
	{ "xamzsignature", YES }, { "xgoogsignature", YES }, { "samlresponse", YES },
	{ "cvvcode", YES }, { "cvccode", YES }, { "numerocarte", YES },
	{ "numerodecarte", YES }, { "sharedaccesssignature", YES },
	{ "cookie", TELL_SECRET_COOKIES }, { "", 0 } };
static const struct word ends_i[] = { { "claveapi", YES }, { "chaveapi", YES },
	{ "chiaveapi", YES }, { "", 0 } };
static const struct word ends_l[] = { { "credential", YES }, { "apischluessel", YES },
	{ "keymaterial", YES }, { "apisleutel", YES }, { "geheimesleutel", YES },
	{ "privesleutel", YES }, { "", 0 } };
static const struct word ends_m[] = { { "creditcardnum", YES }, { "ccnum", YES },
	{ "privatekeypem", YES }, { "", 0 } };
static const struct word ends_n[] = { { "token", YES }, { "jeton", YES },
	{ "dockerconfigjson", YES }, { "clientassertion", YES }, { "samlassertion", YES },
	{ "zugangsdaten", YES }, { "userpin", YES }, { "cardpin", YES },
	{ "simpin", YES }, { "codepin", YES }, { "authorization", TELL_SECRET_AUTH },
	{ "authorisation", TELL_SECRET_AUTH }, { "", 0 } };
static const struct word ends_o[] = { { "cardno", YES }, { "heslo", YES },
	{ "haslo", YES }, { "jelszo", YES }, { "geslo", YES }, { "secreto", YES },
	{ "segreto", YES }, { "segredo", YES }, { "", 0 } };
static const struct word ends_r[] = { { "cardnumber", YES }, { "ccnumber", YES },
	{ "kartennummer", YES }, { "socialsecuritynumber", YES }, { "bearer", YES },
	{ "codeverifier", YES }, { "oauthverifier", YES }, { "", 0 } };
static const struct word ends_s[] = { { "credentials", YES }, { "secrets", YES },
	{ "passwords", YES }, { "apikeys", YES }, { "accesstokens", YES },
	{ "refreshtokens", YES }, { "accesskeys", YES }, { "privatekeys", YES },
	{ "secretkeys", YES }, { "passphrases", YES }, { "keypass", YES },
	{ "storepass", YES }, { "dbpass", YES }, { "userpass", YES }, { "rootpass", YES },
	{ "adminpass", YES }, { "sshpass", YES }, { "smtppass", YES },
	{ "ldappass", YES }, { "ftppass", YES }, { "mailpass", YES },
	{ "recoverycodes", YES }, { "backupcodes", YES }, { "geheimnis", YES },
	{ "cookies", TELL_SECRET_COOKIES }, { "", 0 } };
static const struct word ends_t[] = { { "secret", YES }, { "passwort", YES },
	{ "kennwort", YES }, { "", 0 } };
static const struct word ends_w[] = { { "bindpw", YES }, { "rootpw", YES },
	{ "userpw", YES }, { "adminpw", YES }, { "ldappw", YES }, { "", 0 } };
static const struct word ends_y[] = { { "apikey", YES }, { "pragmakey", YES },
	{ "accesskey", YES }, { "secretkey", YES }, { "privatekey", YES },
	{ "privkey", YES }, { "authkey", YES }, { "sessionkey", YES },
	{ "signingkey", YES }, { "signaturekey", YES }, { "encryptionkey", YES },
	{ "decryptionkey", YES }, { "masterkey", YES }, { "sharedkey", YES },
	{ "accountkey", YES }, { "storagekey", YES }, { "subscriptionkey", YES },
	{ "deploykey", YES }, { "hmackey", YES }, { "aeskey", YES }, { "cipherkey", YES },
	{ "cryptkey", YES }, { "consumerkey", YES }, { "applicationkey", YES },
	{ "appkey", YES }, { "licensekey", YES }, { "licencekey", YES },
	{ "productkey", YES }, { "activationkey", YES }, { "xfunctionskey", YES },
	{ "fastlykey", YES }, { "insertkey", YES }, { "ingestkey", YES },
	{ "ingestionkey", YES }, { "servicekey", YES }, { "serverkey", YES },
	{ "clientkey", YES }, { "sshkey", YES }, { "gpgkey", YES }, { "pgpkey", YES },
	{ "passkey", YES }, { "integrationkey", YES }, { "rootkey", YES },
	{ "userkey", YES }, { "sentrykey", YES }, { "walletkey", YES }, { "sdkkey", YES },
	{ "snmpcommunity", YES }, { "socialsecurity", YES }, { "", 0 } };

static const struct word *const ends[26] = { ['a' - 'a'] = ends_a,
	['d' - 'a'] = ends_d,
	['e' - 'a'] = ends_e,
	['i' - 'a'] = ends_i,
	['l' - 'a'] = ends_l,
	['m' - 'a'] = ends_m,
	['n' - 'a'] = ends_n,
	['o' - 'a'] = ends_o,
	['r' - 'a'] = ends_r,
	['s' - 'a'] = ends_s,
	['t' - 'a'] = ends_t,
	['w' - 'a'] = ends_w,
	['y' - 'a'] = ends_y };

/* Last words, whole: too short to be looked for inside others. */
static const struct word last_words[] = { { "pass", TELL_SECRET_SHORT },
	{ "pin", TELL_SECRET_SHORT }, { "cvv", YES }, { "cvc", YES }, { "cvv2", YES },
	{ "cvc2", YES }, { "cvn", YES }, { "otp", YES }, { "totp", YES }, { "ssn", YES },
	{ "jwt", YES }, { "psk", YES }, { "mnemonic", YES }, { "pw", YES },
	{ "psw", YES }, { "mdp", YES }, { "puk", YES }, { "clave", YES },
	{ "parola", YES }, { "geheim", YES }, { "creds", YES }, { "cred", YES },
	{ "sig", TELL_SECRET_LONG }, { "signature", TELL_SECRET_LONG },
	{ "auth", TELL_SECRET_LONG }, { "pat", TELL_SECRET_LONG },
	{ "hmac", TELL_SECRET_LONG }, { "csrf", TELL_SECRET_LONG },
	{ "xsrf", TELL_SECRET_LONG }, { "xprv", YES }, { "", 0 } };

/* Ends of names that only look alike. */
static const char harmless_ends[][24] = { "pagetoken", "nexttoken", "prevtoken",
	"pagingtoken", "paginationtoken", "continuationtoken", "resumetoken", "synctoken",
	"cursortoken", "deltatoken", "skiptoken", "scrolltoken", "changetoken",
	"watermarktoken", "cancellationtoken", "canceltoken", "fencingtoken", "locktoken",
	"leasetoken", "idempotencytoken", "eostoken", "bostoken", "padtoken", "stoptoken",
	"unktoken", "masktoken", "septoken", "clstoken", "pertoken", "firsttoken",
	"lasttoken", "endtoken", "starttoken", "unexpectedtoken", "specialtoken",
	"prompttoken", "completiontoken", "inputtoken", "outputtoken", "totaltoken",
	"designtoken", "pullsecret", "pullsecrets", "nopasswd", "palabraclave", "" };

static const char harmless_first_words[][12] = { "has", "is", "needs", "requires",
	"missing", "uses", "num", "max", "min", "total", "avg", "can", "should", "allow",
	"allows", "enable", "enables", "disable", "show", "hide", "supports", "expects",
	"accepts", "without", "" };

/* Last words that say what was done to the value, not what it is. */
static const char looked_behind[][16] = { "value", "raw", "plain", "plaintext", "old",
	"new", "current", "previous", "confirm", "confirmation", "repeat", "again",
	"hash", "hashed", "encrypted", "header", "b64", "base64", "param", "env",
	"string", "text", "" };

/* The letter below the accent of U+00C0..U+017F, which is s[0..2) in UTF-8; 0: none. */
static char plain_letter(const char *s)
{
	static const char latin1[] =
		"aaaaaaaceeeeiiiidnooooo.ouuuuypsaaaaaaaceeeeiiiidnooooo.ouuuuypy";
	static const char latin_a[] =
		"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
		"lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
	unsigned char a = (unsigned char)s[0], b = (unsigned char)s[1];
	if (a < 0xc3 || a > 0xc5 || b < 0x80 || b > 0xbf)
		return '\0';
	return a == 0xc3 ? latin1[b - 0x80] : latin_a[(a - 0xc4) * 64 + b - 0x80];
}

size_t tell_secret_fold(char *ret, const char *name, size_t len)
{
	if (len > TELL_SECRET_NAME_MAX) {
		name += len - TELL_SECRET_NAME_MAX;
		len = TELL_SECRET_NAME_MAX;
	}
	size_t n = 0;
	for (size_t i = 0; i < len; i++) {
		char c = name[i], low = tell_char_lower(c);
		char plain = (unsigned char)c >= 0xc3 && i + 1 < len
			? plain_letter(name + i)
			: '\0';
		if (plain) {
			ret[n++] = plain;
			i++;
			continue;
		}
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

/* What the last word says by itself. */
static enum tell_secret judge_last(const char *folded, size_t n)
{
	size_t at = last_word(folded, n);
	for (size_t i = 0; *last_words[i].text; i++)
		if (last_words[i].text[0] == folded[at] &&
			is_word(folded + at, n - at, last_words[i].text))
			return (enum tell_secret)last_words[i].means;
	return TELL_SECRET_NO;
}

/* What the end of all words together says. */
static enum tell_secret judge_end(const char *joined, size_t n)
{
	char last = joined[n - 1];
	const struct word *list = last >= 'a' && last <= 'z' ? ends[last - 'a'] : NULL;
	for (; list && *list->text; list++)
		if (ends_with(joined, n, list->text))
			return (enum tell_secret)list->means;
	return TELL_SECRET_NO;
}

static enum tell_secret judge(const char *folded, size_t n)
{
	char joined[TELL_SECRET_NAME_MAX * 2];
	size_t len = 0;
	if (!n)
		return TELL_SECRET_NO;
	for (size_t i = 0; i < n; i++)
		if (folded[i] != '_')
			joined[len++] = folded[i];
	enum tell_secret s = judge_last(folded, n);
	if (s == TELL_SECRET_NO)
		s = len ? judge_end(joined, len) : TELL_SECRET_NO;
	for (size_t i = 0; s != TELL_SECRET_NO && *harmless_ends[i]; i++)
		if (ends_with(joined, len, harmless_ends[i]))
			return TELL_SECRET_NO;
	return s;
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

bool tell_secret_long(const char *value, size_t len)
{
	bool digit = false, alpha = false;
	for (size_t i = 0; i < len && i < 256; i++) {
		digit |= tell_is_digit(value[i]);
		alpha |= tell_char_is(value[i], TELL_CHAR_ALPHA);
		if (tell_char_is(value[i], TELL_CHAR_SPACE))
			return false;
	}
	return len >= 16 && digit && alpha;
}
