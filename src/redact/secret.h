#pragma once
#include <stdbool.h>
#include <stddef.h>

/* Does a name say that its value is a secret? The one list, for fields and for names
 * found in text.
 *
 * Rule:    the name is split into words at '_', '-', '.', other signs and camelCase, and
 *          lower-cased. It is a secret's when it ends with one of the long words
 *          ("password" also in dbpassword), or its last word is one of the short ones
 *          ("pin" but not "spin"); digits and words such as _value, _hash, _old at the
 *          end are looked behind. So token_count, key_id, password_changed_at are none.
 *          Latin letters with accents count as the letters: contraseña, hasło.
 *          A few look-alikes are taken out again: page_token, cost_per_token, has_cookie.
 * Limit:   only the last 64 bytes are looked at: all rules are about the end.
 * Threads: pure functions. */
#define TELL_SECRET_NAME_MAX 64

enum tell_secret {
	TELL_SECRET_NO,
	TELL_SECRET_YES,
	TELL_SECRET_WORKDIR, /* pwd: a password, unless the value is a path */
	TELL_SECRET_SHORT, /* pin, pass: in text not if it is a number of 1 to 3 digits */
	TELL_SECRET_LONG,  /* sig, auth: only a value that is long and drawn by lot */
	TELL_SECRET_AUTH,  /* authorization: a scheme's word may stand in front */
	TELL_SECRET_COOKIES /* cookie: several pairs, up to the end of the line */
};

enum tell_secret tell_secret_name(const char *name, size_t len);

/* With TELL_SECRET_LONG: does the value look like a secret? 16 bytes with digits and letters. */
bool tell_secret_long(const char *value, size_t len);

/* Make a name comparable: [a-z0-9] words with '_' between them. ret has room for
 * TELL_SECRET_NAME_MAX * 2; returns the length, no NUL. */
size_t tell_secret_fold(char *ret, const char *name, size_t len);
