#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"
#include "record/record.h"

/* One element of RFC 5424's STRUCTURED-DATA (section 6.3), parameter by parameter.
 *
 * Shape:   names are [a-z0-9_]{1,32}, longer ones 27 bytes, '_' and 4 hex digits; no name
 *          twice. Values are valid UTF-8 of at most TELL_SD_VALUE_MAX bytes unescaped; a
 *          control byte, a bidi control and U+2028/2029 are a blank each.
 * Limit:   a parameter that would make out longer than `end` is left out whole.
 * Threads: one owner of out. */
#define TELL_SD_NAME_MAX  32
#define TELL_SD_VALUE_MAX 1024

struct tell_sd {
	struct tell_buf *out;
	size_t begin; /* where the element begins */
	size_t end;   /* how long out may get */
	bool cut;     /* something was cut or left out */
};

/* ` name="value"`; name is one of ours, fit and not a field's. */
void tell_sd_text(struct tell_sd *sd, const char *name, const char *s, size_t n);

/* A field of the record. */
void tell_sd_field(struct tell_sd *sd, const struct tell_value *v);
