#pragma once
#include <stddef.h>
#include <telltale/field.h>

/* A text as a typed value: a number, true or false when writing that gives the same text again,
 * else it stays text; so "007" and "1.50" are text. The key and the text are borrowed. */
struct tell_field tell_field_typed(const char *key, const char *value, size_t len);
