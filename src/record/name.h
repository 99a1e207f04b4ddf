#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "record/key.h"

struct tell_buf;

/* The rule that makes a spelling a name; see record/key.h for it in words. */

/* Appends a spelling without its secrets; true when there were some. What a secret is,
 * `redact` knows: src/builtin.c names its function. */
typedef bool tell_name_hide_fn(struct tell_buf *out, const char *given, size_t len);
extern tell_name_hide_fn *const tell_name_hide;

/* Write the name of a spelling (len bytes, any) to key->name, upper and len.
 * True when more changed than case, '-' and '.': the caller counts it. A secret in it does
 * not become part of the name. */
bool tell_name_make(struct tell_key *key, const char *given, size_t len);

/* Write a name as it is; len is at most TELL_NAME_MAX. */
void tell_name_put(struct tell_key *key, const char *name, size_t len);

/* Does the name belong to the exits? Lower case, len bytes. */
bool tell_name_reserved(const char *name, size_t len);
