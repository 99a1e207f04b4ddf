#include <string.h>
#include "redact/secret.h"
#include "redact/text.h"
#include "support/check_main.h"

static enum tell_secret judged(const char *name)
{
	return tell_secret_name(name, strlen(name));
}

START_TEST(names_of_secrets_are_known_in_any_spelling)
{
	static const char *const names[] = { "password", "passwd", "passphrase", "secret",
		"token", "api_key", "apikey", "x-api-key", "X-API-Key", "APIKey",
		"apiKey", "access_key", "aws_secret_access_key", "private_key",
		"session_key", "credential", "credentials", "client_secret",
		"clientSecret", "refresh_token", "id_token", "idToken", "accesstoken",
		"bearer", "cvv", "card_cvc2", "card_number", "otp", "DB_PASSWORD",
		"spring.datasource.password", "password1", "token_2", "user[password",
		"new_password_confirmation", "password_hash", "secret_value",
		"old_password", "passwort", "jwt", "X-Auth-Token", "csrfToken",
		"Ocp-Apim-Subscription-Key", "JSESSIONID", "ssn", "db_pass",
		"MYSQL_PWD_OLD_PASSWORD", "userPin", "Contraseña", "hasło",
		"mot_de_passe", "motDePasse", "senha", "wachtwoord", "Lösenord",
		"claveSecreta", "jeton", "X-Amz-Security-Token", "X-Vault-Token",
		"Fastly-Key", "DD-API-KEY", "DD-APPLICATION-KEY", "X-Goog-Api-Key",
		"PRIVATE-TOKEN", "SECRET_KEY_BASE", "bindpw", "SharedAccessKey",
		"AccountKey", "X-Functions-Key", "mfaCode", "creditCardNumber",
		"keystorePassword", "kennwort", "sig", "signature", "GITHUB_PAT",
		"codePin", "client_assertion" };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		ck_assert_msg(judged(names[i]) != TELL_SECRET_NO, "%s", names[i]);
}
END_TEST

START_TEST(names_that_look_alike_stay)
{
	static const char *const names[] = { "", "_", "7", "token_count", "max_tokens",
		"tokens_used", "tokens", "prompt_tokens", "token_type", "password_length",
		"password_changed_at", "public_key", "primary_key", "key_id", "cache_key",
		"partition_key", "secret_name", "api_key_id", "api_key_version", "key",
		"keyspace", "routing_key", "foreign_key", "author", "authorized",
		"authenticated", "auth_method", "spin", "shipping", "compass", "bypass",
		"monkey", "turkey", "secretary", "tokenizer", "password_reset_url",
		"next_page_token", "nextPageToken", "cost_per_token",
		"time_to_first_token", "eos_token", "has_password", "is_secret",
		"max_token", "passed", "passing", "opinion", "pinned",
		"TokenService.java", "cookie_count", "session", "session_id", "bearing",
		"keyboard", "otp_enabled", "message", "status", "palabra_clave",
		"prompt_token", "pagination_token", "passport", "signal", "pattern",
		"Sec-WebSocket-Key", "password_policy", "design_token", "api_keys_count",
		"secret_version", "token_expiry", "key_age", "public_api",
		"show_password", "requires_token" };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		ck_assert_msg(judged(names[i]) == TELL_SECRET_NO, "%s", names[i]);
}
END_TEST

START_TEST(what_kind_of_secret_is_told)
{
	ck_assert_int_eq(judged("Proxy-Authorization"), TELL_SECRET_AUTH);
	ck_assert_int_eq(judged("Set-Cookie"), TELL_SECRET_COOKIES);
	ck_assert_int_eq(judged("PWD"), TELL_SECRET_WORKDIR);
	ck_assert_int_eq(judged("pin"), TELL_SECRET_SHORT);
	ck_assert_int_eq(judged("X-Sig"), TELL_SECRET_LONG);
	ck_assert_int_eq(judged("password"), TELL_SECRET_YES);
}
END_TEST

START_TEST(only_the_end_of_a_long_name_counts)
{
	char name[300];
	memset(name, 'x', sizeof(name));
	memcpy(name + 280, "_password", 9);
	ck_assert_int_eq(tell_secret_name(name, 289), TELL_SECRET_YES);
	ck_assert_int_eq(tell_secret_name(name, 288), TELL_SECRET_NO);
	memset(name, 'A', sizeof(name)); /* folding writes at most twice the limit */
	for (size_t i = 0; i < sizeof(name); i += 2)
		name[i] = 'a';
	char folded[TELL_SECRET_NAME_MAX * 2];
	ck_assert_uint_le(tell_secret_fold(folded, name, sizeof(name)), sizeof(folded));
}
END_TEST

START_TEST(names_are_folded_to_words)
{
	static const struct {
		const char *name, *folded;
	} cases[] = { { "fooBar", "foo_bar" }, { "APIKey", "api_key" },
		{ "X-Api--Key", "x_api_key" }, { "__a__b__", "a_b" }, { "ID", "id" },
		{ "userID", "user_id" }, { "a.b$c", "a_b_c" },
		{ "HTTPSProxyURL", "https_proxy_url" }, { "v2Token", "v2_token" },
		{ "Schlüssel", "schlussel" }, { "Żółć", "zolc" },
		{ "a\xe2\x80\x9c"
		  "b",
			"a_b" } };
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char folded[TELL_SECRET_NAME_MAX * 2];
		size_t n = tell_secret_fold(folded, cases[i].name, strlen(cases[i].name));
		ck_assert_uint_eq(n, strlen(cases[i].folded));
		ck_assert_mem_eq(folded, cases[i].folded, n);
	}
}
END_TEST

START_TEST(every_last_letter_of_a_secret_is_one_the_search_stops_for)
{
	/* tell_pair_name() asks for the last letter before it reads the name. */
	char name[8] = "secretX";
	static const char *const more[] = { "password", "cookie", "apikey",
		"authorization", "credentials", "cardno", "ccnum", "cvv", "cvc", "otp",
		"psk", "senha", "new_password_again", "passwd_raw", "token_new",
		"secret_env", "secret_string", "password_hash", "pin", "passwort",
		"credential", "claveapi", "jeton", "sig", "auth", "bindpw" };
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
		ck_assert_int_ne(judged(more[i]), TELL_SECRET_NO);
		ck_assert(
			tell_char_is(more[i][strlen(more[i]) - 1], TELL_CHAR_ENDS_NAME));
	}
	for (int c = 1; c < 256; c++) {
		name[6] = (char)c;
		if (judged(name) != TELL_SECRET_NO &&
			tell_char_is((char)c, TELL_CHAR_NAME))
			ck_assert_msg(tell_char_is((char)c, TELL_CHAR_ENDS_NAME) ||
					strchr("-.$", c),
				"%d", c);
	}
}
END_TEST

static Suite *secret_suite(void)
{
	Suite *s = suite_create("redact/secret");
	tell_check_add(s, "names", names_of_secrets_are_known_in_any_spelling,
		names_that_look_alike_stay, what_kind_of_secret_is_told,
		only_the_end_of_a_long_name_counts, names_are_folded_to_words,
		every_last_letter_of_a_secret_is_one_the_search_stops_for, NULL);
	return s;
}
TELL_CHECK_MAIN(secret_suite)
