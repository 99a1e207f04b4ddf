#pragma once
#include <stdbool.h>
#include <stddef.h>

/* A private key whose lines come one by one: which lines belong to it?
 *
 * Threads: pure functions.
 * Source:  RFC 7468 (lines of base64 between two marks), RFC 1421 section 4.6 (headers). */

/* Does a private key begin in s[0..n) that does not end there? */
bool tell_pem_opens(const char *s, size_t n);

/* Behind such a line: is this one of the key? A time and a host may stand in front. */
bool tell_pem_goes_on(const char *s, size_t n);

/* Is it the last one? */
bool tell_pem_ends(const char *s, size_t n);
