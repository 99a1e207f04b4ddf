#include "redact/secret.h"
#include <stdint.h>
#include "redact/text.h"

/* The texts are in the tables of this file: pointers to them would have to be relocated in
 * each process that starts. */
struct word {
	char text[22];
	uint8_t len;
	uint8_t means; /* enum tell_secret */
};
#define WORD(text, means)                                                                \
	{                                                                                \
		text, sizeof(text) - 1, means                                            \
	}

#define YES	 TELL_SECRET_YES
#define ENDS_MIN 3 /* letters of the shortest below: pwd */

/* Ends of names without their '_', whatever stands in front. By last letter, so that most
 * names are done after no comparison at all. In English and in de fr es it pt nl pl, with
 * what cs da fi hr hu no sl sv tr call a password. */
static const struct word ends_a[] = { WORD("numerotarjeta", YES), WORD("contrasena", YES),
	WORD("contrasea", YES), WORD("contrasenia", YES), WORD("senha", YES),
	WORD("trackdata", YES), WORD("salasana", YES), WORD("lozinka", YES),
	WORD("clavesecreta", YES), WORD("claveprivada", YES), WORD("chavesecreta", YES),
	WORD("chaveprivada", YES), WORD("chiavesegreta", YES), WORD("chiaveprivata", YES),
	WORD("privatekeydata", YES), WORD("", TELL_SECRET_NO) };
static const struct word ends_d[] = { WORD("password", YES), WORD("passwd", YES),
	WORD("passwrd", YES), WORD("pswd", YES), WORD("wachtwoord", YES),
	WORD("creditcard", YES), WORD("phpsessid", YES), WORD("jsessionid", YES),
	WORD("connectsid", YES), WORD("aspnetsessionid", YES), WORD("passord", YES),
	WORD("losenord", YES), WORD("userpwd", YES), WORD("walletseed", YES),
	WORD("pwd", TELL_SECRET_WORKDIR), WORD("", TELL_SECRET_NO) };
static const struct word ends_e[] = { WORD("passphrase", YES), WORD("passcode", YES),
	WORD("seedphrase", YES), WORD("recoveryphrase", YES), WORD("mnemonicphrase", YES),
	WORD("securitycode", YES), WORD("verificationcode", YES),
	WORD("recoverycode", YES), WORD("backupcode", YES), WORD("accesscode", YES),
	WORD("mfacode", YES), WORD("otpcode", YES), WORD("smscode", YES),
	WORD("onetimecode", YES), WORD("authcode", YES), WORD("authorizationcode", YES),
	WORD("resetcode", YES), WORD("logincode", YES), WORD("pairingcode", YES),
	WORD("devicecode", YES), WORD("unlockcode", YES), WORD("pincode", YES),
	WORD("zugangscode", YES), WORD("toegangscode", YES), WORD("adgangskode", YES),
	WORD("sicherheitscode", YES), WORD("motdepasse", YES), WORD("palavrapasse", YES),
	WORD("clesecrete", YES), WORD("cleprivee", YES), WORD("secretkeybase", YES),
	WORD("sifre", YES), WORD("xamzsignature", YES), WORD("xgoogsignature", YES),
	WORD("samlresponse", YES), WORD("cvvcode", YES), WORD("cvccode", YES),
	WORD("numerocarte", YES), WORD("numerodecarte", YES),
	WORD("sharedaccesssignature", YES), WORD("cookie", TELL_SECRET_COOKIES),
	WORD("", TELL_SECRET_NO) };
static const struct word ends_i[] = { WORD("claveapi", YES), WORD("chaveapi", YES),
	WORD("chiaveapi", YES), WORD("", TELL_SECRET_NO) };
static const struct word ends_l[] = { WORD("credential", YES), WORD("apischluessel", YES),
	WORD("keymaterial", YES), WORD("apisleutel", YES), WORD("geheimesleutel", YES),
	WORD("privesleutel", YES), WORD("", TELL_SECRET_NO) };
static const struct word ends_m[] = { WORD("creditcardnum", YES), WORD("ccnum", YES),
	WORD("privatekeypem", YES), WORD("", TELL_SECRET_NO) };
static const struct word ends_n[] = { WORD("token", YES), WORD("jeton", YES),
	WORD("dockerconfigjson", YES), WORD("clientassertion", YES),
	WORD("samlassertion", YES), WORD("zugangsdaten", YES), WORD("userpin", YES),
	WORD("cardpin", YES), WORD("simpin", YES), WORD("codepin", YES),
	WORD("authorization", TELL_SECRET_AUTH), WORD("authorisation", TELL_SECRET_AUTH),
	WORD("", TELL_SECRET_NO) };
static const struct word ends_o[] = { WORD("cardno", YES), WORD("heslo", YES),
	WORD("haslo", YES), WORD("jelszo", YES), WORD("geslo", YES), WORD("secreto", YES),
	WORD("segreto", YES), WORD("segredo", YES), WORD("", TELL_SECRET_NO) };
static const struct word ends_r[] = { WORD("cardnumber", YES), WORD("ccnumber", YES),
	WORD("kartennummer", YES), WORD("socialsecuritynumber", YES), WORD("bearer", YES),
	WORD("codeverifier", YES), WORD("oauthverifier", YES), WORD("", TELL_SECRET_NO) };
static const struct word ends_s[] = { WORD("credentials", YES), WORD("secrets", YES),
	WORD("passwords", YES), WORD("apikeys", YES), WORD("accesstokens", YES),
	WORD("refreshtokens", YES), WORD("accesskeys", YES), WORD("privatekeys", YES),
	WORD("secretkeys", YES), WORD("passphrases", YES), WORD("keypass", YES),
	WORD("storepass", YES), WORD("dbpass", YES), WORD("userpass", YES),
	WORD("rootpass", YES), WORD("adminpass", YES), WORD("sshpass", YES),
	WORD("smtppass", YES), WORD("ldappass", YES), WORD("ftppass", YES),
	WORD("mailpass", YES), WORD("recoverycodes", YES), WORD("backupcodes", YES),
	WORD("geheimnis", YES), WORD("cookies", TELL_SECRET_COOKIES),
	WORD("", TELL_SECRET_NO) };
static const struct word ends_t[] = { WORD("secret", YES), WORD("passwort", YES),
	WORD("kennwort", YES), WORD("", TELL_SECRET_NO) };
static const struct word ends_w[] = { WORD("bindpw", YES), WORD("rootpw", YES),
	WORD("userpw", YES), WORD("adminpw", YES), WORD("ldappw", YES),
	WORD("", TELL_SECRET_NO) };
static const struct word ends_y[] = { WORD("apikey", YES), WORD("pragmakey", YES),
	WORD("accesskey", YES), WORD("secretkey", YES), WORD("privatekey", YES),
	WORD("privkey", YES), WORD("authkey", YES), WORD("sessionkey", YES),
	WORD("signingkey", YES), WORD("signaturekey", YES), WORD("encryptionkey", YES),
	WORD("decryptionkey", YES), WORD("masterkey", YES), WORD("sharedkey", YES),
	WORD("accountkey", YES), WORD("storagekey", YES), WORD("subscriptionkey", YES),
	WORD("deploykey", YES), WORD("hmackey", YES), WORD("aeskey", YES),
	WORD("cipherkey", YES), WORD("cryptkey", YES), WORD("consumerkey", YES),
	WORD("applicationkey", YES), WORD("appkey", YES), WORD("licensekey", YES),
	WORD("licencekey", YES), WORD("productkey", YES), WORD("activationkey", YES),
	WORD("xfunctionskey", YES), WORD("fastlykey", YES), WORD("insertkey", YES),
	WORD("ingestkey", YES), WORD("ingestionkey", YES), WORD("servicekey", YES),
	WORD("serverkey", YES), WORD("clientkey", YES), WORD("sshkey", YES),
	WORD("gpgkey", YES), WORD("pgpkey", YES), WORD("passkey", YES),
	WORD("integrationkey", YES), WORD("rootkey", YES), WORD("userkey", YES),
	WORD("sentrykey", YES), WORD("walletkey", YES), WORD("sdkkey", YES),
	WORD("snmpcommunity", YES), WORD("socialsecurity", YES),
	WORD("", TELL_SECRET_NO) };

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
/* clang-format off */
#define LAST_WORDS(X) \
	X("pass", TELL_SECRET_SHORT) X("pin", TELL_SECRET_SHORT) X("cvv", YES) \
	X("cvc", YES) X("cvv2", YES) X("cvc2", YES) X("cvn", YES) X("otp", YES) \
	X("totp", YES) X("ssn", YES) X("jwt", YES) X("psk", YES) X("mnemonic", YES) \
	X("pw", YES) X("psw", YES) X("mdp", YES) X("puk", YES) X("clave", YES) \
	X("parola", YES) X("geheim", YES) X("creds", YES) X("cred", YES) \
	X("sig", TELL_SECRET_LONG) X("signature", TELL_SECRET_LONG) \
	X("auth", TELL_SECRET_LONG) X("pat", TELL_SECRET_LONG) \
	X("hmac", TELL_SECRET_LONG) X("csrf", TELL_SECRET_LONG) \
	X("xsrf", TELL_SECRET_LONG) X("xprv", YES)
/* clang-format on */
#define ROW(text, means)   WORD(text, means),
#define FIRST(text, means) (text)[0],
static const struct word last_words[] = { LAST_WORDS(ROW) };
static const char last_words_first[] = { LAST_WORDS(FIRST) };

/* Ends of names that only look alike: what stands in front of "token", and others. */
static const struct word harmless_tokens[] = { WORD("page", YES), WORD("next", YES),
	WORD("prev", YES), WORD("paging", YES), WORD("pagination", YES),
	WORD("continuation", YES), WORD("resume", YES), WORD("sync", YES),
	WORD("cursor", YES), WORD("delta", YES), WORD("skip", YES), WORD("scroll", YES),
	WORD("change", YES), WORD("watermark", YES), WORD("cancellation", YES),
	WORD("cancel", YES), WORD("fencing", YES), WORD("lock", YES), WORD("lease", YES),
	WORD("idempotency", YES), WORD("eos", YES), WORD("bos", YES), WORD("pad", YES),
	WORD("stop", YES), WORD("unk", YES), WORD("mask", YES), WORD("sep", YES),
	WORD("cls", YES), WORD("per", YES), WORD("first", YES), WORD("last", YES),
	WORD("end", YES), WORD("start", YES), WORD("unexpected", YES),
	WORD("special", YES), WORD("prompt", YES), WORD("completion", YES),
	WORD("input", YES), WORD("output", YES), WORD("total", YES), WORD("design", YES),
	WORD("", TELL_SECRET_NO) };
static const struct word harmless_ends[] = { WORD("pullsecret", YES),
	WORD("pullsecrets", YES), WORD("nopasswd", YES), WORD("palabraclave", YES),
	WORD("", TELL_SECRET_NO) };

static const struct word harmless_first_words[] = { WORD("has", YES), WORD("is", YES),
	WORD("needs", YES), WORD("requires", YES), WORD("missing", YES),
	WORD("uses", YES), WORD("num", YES), WORD("max", YES), WORD("min", YES),
	WORD("total", YES), WORD("avg", YES), WORD("can", YES), WORD("should", YES),
	WORD("allow", YES), WORD("allows", YES), WORD("enable", YES),
	WORD("enables", YES), WORD("disable", YES), WORD("show", YES), WORD("hide", YES),
	WORD("supports", YES), WORD("expects", YES), WORD("accepts", YES),
	WORD("without", YES), WORD("", TELL_SECRET_NO) };

/* Last words that say what was done to the value, not what it is. */
/* clang-format off */
#define LOOKED_BEHIND(X) \
	X("value", TELL_SECRET_NO) X("raw", TELL_SECRET_NO) \
	X("plain", TELL_SECRET_NO) X("plaintext", TELL_SECRET_NO) \
	X("old", TELL_SECRET_NO) X("new", TELL_SECRET_NO) \
	X("current", TELL_SECRET_NO) X("previous", TELL_SECRET_NO) \
	X("confirm", TELL_SECRET_NO) X("confirmation", TELL_SECRET_NO) \
	X("repeat", TELL_SECRET_NO) X("again", TELL_SECRET_NO) \
	X("hash", TELL_SECRET_NO) X("hashed", TELL_SECRET_NO) \
	X("encrypted", TELL_SECRET_NO) X("header", TELL_SECRET_NO) \
	X("b64", TELL_SECRET_NO) X("base64", TELL_SECRET_NO) \
	X("param", TELL_SECRET_NO) X("env", TELL_SECRET_NO) \
	X("string", TELL_SECRET_NO) X("text", TELL_SECRET_NO)
/* clang-format on */
static const struct word looked_behind[] = { LOOKED_BEHIND(ROW) };
static const char looked_behind_first[] = { LOOKED_BEHIND(FIRST) };

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

/* The first comparison ends most: the lists of a letter have fifty words. */
static inline bool ends_with(const char *s, size_t n, const struct word *end)
{
	return n >= end->len && s[n - end->len] == end->text[0] &&
		memcmp(s + n - end->len, end->text, end->len) == 0;
}

static size_t last_word(const char *folded, size_t n)
{
	while (n && folded[n - 1] != '_')
		n--;
	return n;
}

static inline bool is_word(const char *s, size_t n, const struct word *word)
{
	return word->len == n && s[0] == word->text[0] && memcmp(s, word->text, n) == 0;
}

/* The word of the list that s[0..n) is, which is not empty; NULL: none. firsts has their
 * first letters: libc finds one as wide as the processor reads. */
static const struct word *find_word(const struct word *list, const char *firsts,
	size_t n_words, const char *s, size_t n)
{
	for (size_t i = 0; i < n_words; i++) {
		const char *first = memchr(firsts + i, s[0], n_words - i);
		if (!first)
			return NULL;
		i = (size_t)(first - firsts);
		if (is_word(s, n, &list[i]))
			return &list[i];
	}
	return NULL;
}

/* Drop what does not matter at the end: digits, "_value". False: nothing was dropped. */
static bool look_behind(const char *folded, size_t *n)
{
	size_t at = last_word(folded, *n);
	if (at && at < *n &&
		find_word(looked_behind, looked_behind_first, sizeof(looked_behind_first),
			folded + at, *n - at)) {
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
	const struct word *word = at < n
		? find_word(last_words, last_words_first, sizeof(last_words_first),
			  folded + at, n - at)
		: NULL;
	return word ? (enum tell_secret)word->means : TELL_SECRET_NO;
}

/* What the end of all words together says. */
static enum tell_secret judge_end(const char *joined, size_t n)
{
	char last = joined[n - 1];
	if (n < ENDS_MIN)
		return TELL_SECRET_NO;
	const struct word *list = last >= 'a' && last <= 'z' ? ends[last - 'a'] : NULL;
	for (; list && list->len; list++)
		if (ends_with(joined, n, list))
			return (enum tell_secret)list->means;
	return TELL_SECRET_NO;
}

static bool has_end(const char *joined, size_t n, const struct word *list)
{
	for (; list->len; list++)
		if (ends_with(joined, n, list))
			return true;
	return false;
}

static bool ends_harmless(const char *joined, size_t n)
{
	static const struct word token = WORD("token", YES);
	return has_end(joined, n, harmless_ends) ||
		(ends_with(joined, n, &token) &&
			has_end(joined, n - token.len, harmless_tokens));
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
	if (s != TELL_SECRET_NO && ends_harmless(joined, len))
		return TELL_SECRET_NO;
	return s;
}

static bool begins_harmless(const char *folded, size_t n)
{
	if (!memchr(folded, '_', n))
		return false;
	for (size_t i = 0; harmless_first_words[i].len; i++) {
		const struct word *word = &harmless_first_words[i];
		if (n > word->len && folded[word->len] == '_' &&
			memcmp(folded, word->text, word->len) == 0)
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
