#pragma once
#include <telltale/log.h>
#include "encode/encode.h"
#include "record/record.h"

/* A record made at cart.c:142 by service `shop`, and what encoders need to write it.
 *
 *	struct encoding e;
 *	encoding_begin(&e, "paid");
 *	encoding_add(&e, 0, tell_str("user", "ann"));
 *	ck_assert_str_eq(encoding_text(&e, "logfmt"), "...");
 *	encoding_end(&e);
 */
struct encoding {
	struct tell_record r;
	struct tell_buf out, work;
	struct tell_identity who;
	struct tell_layout l;
};

/* Level info, 2026-11-21T02:06:07.123456789Z, pid 4711, tid 4712, number 42 of run
 * 1a2b3c4d, lane 0. NULL: no message. */
void encoding_begin(struct encoding *e, const char *message);
void encoding_begin_n(struct encoding *e, const char *message, size_t n);

/* One more field; slot_flags as TELL_SLOT_SCOPE. */
void encoding_add(struct encoding *e, uint8_t slot_flags, struct tell_field f);

/* What the exit writes; valid until the next call. NULL: cut. */
const char *encoding_text(struct encoding *e, const char *format);

void encoding_end(struct encoding *e);

/* A record made from any bytes: every byte string is one, and most records can be had. */
void encoding_from_bytes(struct encoding *e, const uint8_t *bytes, size_t n);

/* NULL, or what is wrong with what the exits write of this record: one line each but the
 * journal, no control bytes, well-formed UTF-8, RFC 5424 by the strict reader and within
 * its limit, the journal's fields as journald keeps them and its values byte-exact. */
const char *encoding_fault(struct encoding *e);
