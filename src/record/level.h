#pragma once
#include <stddef.h>
#include <telltale/log.h>

/* The words of the eight levels (RFC 5424 section 6.2.1), lower case. */

/* "emerg" ... "debug"; "?" for anything else. Static. */
const char *tell_level_word(int level);

/* Understands the eight words, err, warn, panic, critical, fatal, trace and 0..7, in any
 * case; n bytes. Returns the level or -EINVAL. */
int tell_level_parse(const char *word, size_t n);
