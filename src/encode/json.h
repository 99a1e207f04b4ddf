#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/copy.h"
#include "record/place.h"
#include "record/record.h"

/* Pieces of JSON for the encoders; p and room as in encode/room.h.
 *
 * Text:    RFC 8259 section 7. Escaped are '"', '\', C0, DEL, C1, the bidi controls and
 *          U+2028/2029; ill-formed UTF-8 becomes U+FFFD; all else is as it came.
 * Threads: one owner of out. */

/* Text without its quotes. Before it: room for n + TELL_SLACK; after it: TELL_SLACK. */
char *tell_json_text(struct tell_buf *out, char *p, const char *s, size_t n);

/* The same for text whose first byte is not clean; n is not 0. */
char *tell_json_text_rest(struct tell_buf *out, char *p, const char *s, size_t n);

/* The same for where it is worth the code. */
static inline __attribute__((always_inline)) char *tell_json_text_inline(
	struct tell_buf *out, char *p, const char *s, size_t n)
{
	size_t clean = tell_copy_clean(p, s, n);
	if (__builtin_expect(clean == n, 1))
		return p + n;
	return tell_json_text_rest(out, p + clean, s + clean, n - clean);
}

/* One character as an escape: \n, \", \u202e; cp below U+10000. */
char *tell_json_escape(char *p, uint32_t cp);

/* A value. Before it: room for v->len + TELL_SLACK / 2; after it: TELL_SLACK / 4. */
char *tell_json_value(struct tell_buf *out, char *p, const struct tell_value *v);

/* All fields, a comma before each, NaN and infinities marked. Before it: TELL_SLACK. */
char *tell_json_fields(struct tell_buf *out, char *p, const struct tell_record *r);

/* Has it NaN or an infinity, which JSON has no number for and which is null there? */
bool tell_json_nonfinite(const struct tell_value *v);

/* What those are: "nan", "inf" or "-inf"; for a list an array of that and null. */
char *tell_json_nonfinite_put(struct tell_buf *out, char *p, const struct tell_value *v);

/* What a place adds to every record made there, as JSON: `","logger":"shop.cart` or
 * nothing behind the service, and `,"caller":{...}` or nothing at the end. */
struct tell_json_place {
	uint16_t front_len, back_len;
	char text[];
};

/* Made once a place and kept; NULL: memory is out, tell_json_place_put() gives the same.
 * Behind the text there are TELL_PUT_SPARE bytes.
 * Threads: any. */
const struct tell_json_place *tell_json_place_make(const struct tell_place *place);

static inline const struct tell_json_place *tell_json_place(
	const struct tell_place *place)
{
	const struct tell_json_place *there = __atomic_load_n(
		&place->json, __ATOMIC_ACQUIRE);
	return __builtin_expect(there != NULL, 1) ? there : tell_json_place_make(place);
}

/* Append both parts. Returns where the second begins in out. */
size_t tell_json_place_put(struct tell_buf *out, const struct tell_place *place);

#define TELL_JSON_DEPTH_MAX 64

/* Append text that is one strictly valid JSON value (RFC 8259; also no lone surrogates),
 * arrays and objects at most TELL_JSON_DEPTH_MAX deep, on one line: blanks between tokens
 * left out, and what tell_json_text() would escape escaped. False: it is not, or out is
 * full (then out->cut); out is as before. */
bool tell_json_embed(struct tell_buf *out, const char *s, size_t n);

/* Is text JSON for those who read it to the letter? As tell_json_embed() takes it, and
 * lone surrogates besides (RFC 8259 section 8.2). scratch is written over; false, too, when
 * it is full. */
bool tell_json_holds(struct tell_buf *scratch, const char *s, size_t n);
