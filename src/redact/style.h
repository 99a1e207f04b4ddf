#pragma once
#include <telltale/module.h>
#include <stdbool.h>
#include <stddef.h>
#include "base/sha256.h"

struct tell_buf;

/* What stands in the place of a secret.
 *
 *	kind	[REDACTED:card]
 *	fixed	[REDACTED]
 *	partial	[REDACTED:card:1111]: the last four of 16 letters and digits or more
 *	hmac	[REDACTED:card:kfbnmaolcdhgeipj]: the same secret has the same 64 bits, for
 *		who has the key; never a plain hash, as short secrets can be guessed
 *	drop	the whole field goes; in the message, which stays, [REDACTED]
 *
 * Shape:   the key's hash states, 220 bytes; the key itself is forgotten.
 * Threads: read only once it was opened. */
enum tell_style_kind {
	TELL_STYLE_KIND,
	TELL_STYLE_FIXED,
	TELL_STYLE_PARTIAL,
	TELL_STYLE_HMAC,
	TELL_STYLE_DROP
};

struct tell_style {
	enum tell_style_kind kind;
	struct tell_hmac hmac;
};

/* The options of a line; for its list. */
#define TELL_STYLE_OPTIONS                                                               \
	{ .name = "style",                                                               \
		.kind = TELL_OPTION_CHOICE,                                              \
		.deflt = "kind",                                                         \
		.choices = "kind fixed partial hmac drop",                               \
		.help = "what stands there instead: see above" },                        \
	{                                                                                \
		.name = "key", .kind = TELL_OPTION_TEXT,                                 \
		.help = "style=hmac: a file with the key, 16 bytes to 4 KiB, mode 0600"  \
	}

/* Read style= and key=. 0, or what tell_refuse() says. */
int tell_style_open(
	struct tell_style *style, const struct tell_args *args, struct tell_refusal *why);

/* Write the mask of a secret; kind "card". A NULL style is TELL_STYLE_KIND. */
void tell_style_put(const struct tell_style *style, struct tell_buf *out,
	const char *kind, const char *secret, size_t len);
