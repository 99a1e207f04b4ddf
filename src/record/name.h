#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "record/key.h"

/* The rule that makes a spelling a name; see record/key.h for it in words. */

/* Write the name of a spelling (len bytes, any) to key->name, upper and len.
 * True when more changed than case, '-' and '.': the caller counts it. */
bool tell_name_make(struct tell_key *key, const char *given, size_t len);

/* Write a name as it is; len is at most TELL_NAME_MAX. */
void tell_name_put(struct tell_key *key, const char *name, size_t len);

/* Does the name belong to the exits? Lower case, len bytes. */
bool tell_name_reserved(const char *name, size_t len);
