#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"

/* Reads one JSON object's members from a line, without building a tree: the text is
 * checked whole first, so that walking it cannot fail half way.
 *
 * Shape:   spans of the caller's text; only strings are decoded, on demand.
 * Limits:  nesting up to TELL_JSON_DEPTH_MAX; a deeper text is no JSON here.
 * Threads: one owner at a time.
 * Source:  RFC 8259. A lone surrogate becomes U+FFFD; bytes that are no UTF-8 pass, the
 *          encoders repair them. */
#define TELL_JSON_DEPTH_MAX 64

enum tell_json_kind {
	TELL_JSON_NULL,
	TELL_JSON_TRUE,
	TELL_JSON_FALSE,
	TELL_JSON_NUMBER,
	TELL_JSON_STRING,
	TELL_JSON_ARRAY,
	TELL_JSON_OBJECT,
};

struct tell_json_span {
	enum tell_json_kind kind;
	const char *text; /* a string with its quotes */
	size_t len;
};

/* Is all of text one value, blanks around it allowed? *ret is the value without them. */
bool tell_json_check(const char *text, size_t len, struct tell_json_span *ret);

/* Walk the members of a checked object (or the elements of an array: key->len is 0).
 * *pos starts at 0. False at the end. */
bool tell_json_next(const struct tell_json_span *in, size_t *pos,
	struct tell_json_span *key, struct tell_json_span *value);

/* Append a checked string's content; never more bytes than its text has. */
void tell_json_decode(struct tell_buf *out, const struct tell_json_span *string);

/* The member of a checked object called by the ASCII word key. False: there is none, or it is
 * no object. */
bool tell_json_get(
	const struct tell_json_span *object, const char *key, struct tell_json_span *ret);

/* Is a checked key the ASCII word w? */
bool tell_json_key_is(const struct tell_json_span *key, const char *w);
