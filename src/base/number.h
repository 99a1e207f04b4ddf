#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers as text and back: no locale, no allocation, no rounding that is not written
 * here.
 *
 * Shape:   a writer takes a place with room for its TELL_..._MAX_CHARS and returns the
 *          end of what it wrote; no NUL. All of that room may be written to.
 * Threads: pure functions.
 * Source:  RFC 8259 section 6 (a double is written as a JSON number); R. Giulietti,
 *          "The Schubfach way to render doubles" (2021); D. Lemire, "Number parsing at
 *          a gigabyte per second" (2021). */
#define TELL_U64_MAX_CHARS 20 /* 18446744073709551615 */
#define TELL_I64_MAX_CHARS 20 /* -9223372036854775808 */
#define TELL_F64_MAX_CHARS 25 /* -0.0000012345678901234567 */

char *tell_put_u64(char *p, uint64_t v);
char *tell_put_i64(char *p, int64_t v);

/* Lower-case hex, at least width digits (0 to 16) with zeros in front; room for 16. */
char *tell_put_hex64(char *p, uint64_t v, int width);

/* The shortest decimal that reads back as v, of those the closest. From 1e-6 up to below
 * 1e21 without an exponent and always with a point, so that a double stays one: "1.0",
 * "12.345", "0.000001"; outside "1e21", "1.5e-7". Also "-0.0", "nan", "inf", "-inf": a
 * format without those asks isfinite() first. */
char *tell_put_f64(char *p, double v);

/* Decimal digits only, all n bytes of s. False, *ret untouched: anything else, or too
 * large. Leading zeros are fine, "+" and blanks are not; i64 and f64 may start with "-". */
bool tell_parse_u64(const char *s, size_t n, uint64_t *ret);
bool tell_parse_i64(const char *s, size_t n, int64_t *ret);

/* Digits with at most one point, then at most one exponent: "1", "-.5", "2.5e-3"; to the
 * nearest double, ties to even. False: anything else ("nan", "0x1", "1,5") and what is
 * too large for a double; what is too small becomes 0. */
bool tell_parse_f64(const char *s, size_t n, double *ret);

enum tell_number_kind {
	TELL_NUMBER_NONE, /* not a number, or not in the only form that reads back */
	TELL_NUMBER_I64,
	TELL_NUMBER_U64, /* above INT64_MAX only */
	TELL_NUMBER_F64,
};

struct tell_number {
	enum tell_number_kind kind;
	union {
		int64_t i64;
		uint64_t u64;
		double f64;
	};
};

/* Type a piece of text: a number only if writing it gives the same text again, so nothing
 * is lost by giving it a type. "3" "-7" "0.5" "1.0" "1e21": yes; "007" "+1" "1e5" "1.50"
 * "-0" "0x10" "nan": no. True when the kind is not NONE; *ret is always set. */
bool tell_number_canonical(const char *s, size_t n, struct tell_number *ret);
