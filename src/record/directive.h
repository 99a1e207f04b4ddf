#pragma once
#include <stdbool.h>
#include <stdint.h>

/* One directive of a printf form, as far as it can be kept: see record/deferred.h. */
#define TELL_DIRECTIVE_NONE (-1)
#define TELL_DIRECTIVE_STAR (-2)

struct tell_directive {
	char flags[8]; /* NUL-terminated */
	int width;     /* or NONE or STAR */
	int precision; /* likewise */
	uint8_t bytes; /* of an integer: 1, 2, 4 or 8 */
	char length;   /* 0, 'H' for hh, 'h', 'l', 'L' for ll, 'j', 'z', 't' */
	char conversion;
};

/* Read the one behind the '%' before *at; *at goes behind it. False: none that is known. */
bool tell_directive_read(struct tell_directive *d, const char **at);
