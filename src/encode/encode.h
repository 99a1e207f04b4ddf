#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <telltale/module.h>
#include "base/buf.h"
#include "base/clock.h"
#include "record/record.h"

/* Encoders: a record becomes the bytes of one exit. Escaping happens here, the last step,
 * by each exit's own rules; a call is one record on every exit. An encoder appends to out,
 * adds no newline at the end, and never fails: what does not fit out's limit sets out->cut,
 * and the caller then drops the record and counts it.
 * Threads: none of its own; the caller owns out and work. */
struct tell_layout {
	const struct tell_identity *who;
	struct tell_buf *work;	  /* scratch, for message=full */
	struct tell_stamp *stamp; /* the caller's last second (RFC 3339); NULL: none */
	bool message_full; /* append the call's own fields to the message as logfmt */
	bool message_all; /* with message_full: those of scopes and enrich modules, too */
	bool color;	  /* text */
	bool utc;	  /* text: UTC instead of local time */
	bool caller;	  /* text: file:line at the end */
	bool bom;	  /* RFC 5424: a BOM before the message (section 6.4) */
	bool raw_newlines;   /* RFC 5424 with octet counting: LF stays in MSG */
	bool cee;	     /* RFC 3164: reserved, false */
	bool facility_given; /* who->facility is the stack's word: over a record's own */
	uint32_t pen;	     /* RFC 5424: private enterprise number, default 32473 */
	size_t limit;	 /* RFC 5424, 3164: bytes a message, default 8192; 0: default */
	uint64_t *n_cut; /* RFC 5424, 3164: counts messages cut to it, relaxed; or NULL */
	const char
		*template_text; /* text: a line of placeholders; NULL: the default line */
};

void tell_encode_journal(
	struct tell_buf *out, const struct tell_record *r, const struct tell_layout *l);
void tell_encode_json(
	struct tell_buf *out, const struct tell_record *r, const struct tell_layout *l);
void tell_encode_logfmt(
	struct tell_buf *out, const struct tell_record *r, const struct tell_layout *l);
void tell_encode_text(
	struct tell_buf *out, const struct tell_record *r, const struct tell_layout *l);
void tell_encode_rfc5424(
	struct tell_buf *out, const struct tell_record *r, const struct tell_layout *l);
void tell_encode_rfc3164(
	struct tell_buf *out, const struct tell_record *r, const struct tell_layout *l);

typedef void tell_encoder(
	struct tell_buf *out, const struct tell_record *r, const struct tell_layout *l);

/* journal json logfmt text rfc5424 rfc3164; NULL for any other word. */
tell_encoder *tell_encoder_of(const char *format);

/* A value as plain text for exits without types (journal, SD-PARAM, logfmt): numbers,
 * bool, ids, times, addresses; text as it is; lists as a JSON array. Unescaped. */
void tell_encode_value(struct tell_buf *out, const struct tell_value *v);

/* The value as JSON, with its type. */
void tell_encode_json_value(struct tell_buf *out, const struct tell_value *v);

/* What goes behind a message, the call's own fields or all of them, as logfmt: ` user=ann
 * cents=4200`, each with a blank before it, but for the first where there is no message. */
void tell_encode_message_fields(
	struct tell_buf *out, const struct tell_record *r, bool all);

/* "<run>.<lane>.<n>" (DESIGN 5): 8 hex digits, two decimals. Nothing when not numbered. */
void tell_encode_seq(struct tell_buf *out, const struct tell_head *h);
