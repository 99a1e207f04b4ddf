#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "record/record.h"

/* A condition on a record: `-w`, `filter match [when=...]`, `alert rule [when=...]`.
 *
 *	level>=warning and status>=500 and not path~"^/health"
 *	errors_total / requests_total > 0.05
 *
 * Grammar, loosest first; blanks separate, and/or/not in any case:
 *
 *	or   = and *("or" and)          and  = not *("and" not)
 *	not  = "not" not | test         test = sum [("=" "!=" "<" "<=" ">" ">=" "~" "!~") sum]
 *	sum  = term *(("+" "-") term)   term = sign *(("*" "/") sign)
 *	sign = "-" sign | number | text | name | "(" or ")"
 *
 * Names:   letters, digits, '_' and '.', in any case: REQUEST_ID is request_id, http.route
 *          is http_route. A record's field of that name; else of these: level message
 *          service logger kind file line func pid tid, and priority: the level as number.
 * Text:    "..." or '...'; \" \' \\ \n \t, any other \ stays, so "\.js$" is a pattern.
 *          Right of a comparison whose left side has a name, a word alone is text too:
 *          tenant=acme, path=/cart, day=2026-11-21. It ends at a blank or one of
 *          ()"'=<>!~* ; a field goes there in parentheses or beside an operator with
 *          blanks: used>(limit), used > limit * 0.9.
 * Levels:  worse is greater: level>=warning is warning and worse. Words, err, warn, 0..7.
 * Numbers: compare as numbers when both sides are numbers or text that is one; a number
 *          and other text are unequal and in no order. Two texts are equal byte by byte,
 *          and are ordered as numbers when both are numbers, else byte by byte. Durations
 *          are seconds, times RFC 3339 text, bool is true/false and 1/0. Arithmetic is in
 *          doubles; n/0 is infinite, 0/0 is nothing (every comparison but != is false).
 * Missing: a field that is missing or null makes a comparison false, but != and !~ true.
 *          A name alone is true when present and not false, 0 or "". A list is = ~ < ...
 *          when one element is, != and !~ when none is = or ~.
 * ~:       POSIX extended regular expression anywhere in the text, in the C locale,
 *          without back references.
 * Limits:  4096 bytes of text, 256 nodes, 100 deep.
 * Threads: may be evaluated by several at once. Evaluation allocates nothing, but for
 *          regexec(3) with patterns that are more than text with ^ and $. */
#define TELL_EXPR_TEXT_MAX  4096
#define TELL_EXPR_NODES_MAX 256
#define TELL_EXPR_DEPTH_MAX 100

struct tell_expr;
struct tell_identity;

/* Why a text is no expression: a sentence, the fix, and where (in bytes, from 1). */
struct tell_expr_error {
	unsigned column;
	char what[160];
	char fix[160];
};

/* Compile text. 0, -EINVAL (*ret_error says why) or -ENOMEM. The caller frees *ret with
 * tell_expr_free(); *ret_error is set when the result is not 0 and may be NULL. */
int tell_expr_new(
	struct tell_expr **ret, const char *text, struct tell_expr_error *ret_error);

/* The same, where a name may be followed by {...}, which is part of what is looked for: metrics,
 * see record/expr_metric.h. */
int tell_expr_new_labels(
	struct tell_expr **ret, const char *text, struct tell_expr_error *ret_error);

/* NULL is allowed. Returns NULL. */
struct tell_expr *tell_expr_free(struct tell_expr *e);
void tell_expr_freep(struct tell_expr **e);

/* Does it hold for this record? who may be NULL: then `service` and `pid` are missing
 * (pid when the record does not say). */
bool tell_expr_match(const struct tell_expr *e, const struct tell_record *r,
	const struct tell_identity *who);

/* Where else values come from: journal entries, JSON lines, metrics. Finds the value of a
 * name (lower case, not NUL-terminated), level as word or number; *room are 8 bytes that
 * ret->data may point to. False: missing. */
typedef bool tell_expr_find(const void *from, const char *name, size_t len,
	struct tell_value *ret, uint64_t *room);
bool tell_expr_match_by(
	const struct tell_expr *e, tell_expr_find *find, const void *from);

/* The same of numbers, where what is missing is not false but open: so is each comparison with
 * what is no number (0/0), and what and, or, not make of it unless the other side decides. */
enum tell_expr_truth { TELL_EXPR_NO, TELL_EXPR_YES, TELL_EXPR_OPEN };
enum tell_expr_truth tell_expr_judge_by(
	const struct tell_expr *e, tell_expr_find *find, const void *from);
