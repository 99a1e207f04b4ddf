#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"

/* The pairs of logfmt: name=value and name="a \"quoted\" value".
 *
 * Shape:   spans of the caller's text; names begin with a letter, _ or @ and have at most 256
 *          bytes of those, digits, . and -.
 * Threads: pure functions.
 * Source:  logfmt as its common encoders write it (Go's, Heroku's). */
struct tell_logfmt_pair {
	const char *key, *value;
	size_t key_len, value_len;
	bool quoted;
};

/* One pair at *p, which moves behind it and its blanks. */
bool tell_logfmt_next(const char **p, const char *end, struct tell_logfmt_pair *ret);

/* Where the pairs begin: from there to the end there are only pairs. NULL: nowhere. */
const char *tell_logfmt_tail(const char *text, const char *end);

/* A quoted value without its escapes, \" \\ \n \t \r, others stay: in the text itself when it has
 * none, else behind what `text` has, where the caller reserved its length. */
const char *tell_logfmt_unquote(
	struct tell_buf *text, const struct tell_logfmt_pair *pair, size_t *ret_len);
