#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "redact/spans.h"

/* One look at one text by all detectors.
 *
 * How:     one pass stops at the few bytes that no secret of ours comes without - ':' '='
 *          "--" "eyJ" "be" "ba" "\\u00" and four digits in a row - and asks the detectors there,
 *          with the place. Each looks around in the original text and adds spans.
 * Cost:    linear. A detector may look at a fixed number of bytes around its place; what
 *          goes further is remembered in a `..._done` mark and never looked at again.
 * Threads: one owner at a time. */
struct tell_search {
	const char *s;
	size_t n;
	struct tell_spans *spans;
	size_t jwt_done;    /* no token begins before this */
	size_t card_done;   /* digits before this were judged */
	size_t pem_done;    /* all of a key up to here was found */
	size_t at_done;	    /* no '@' from some slash up to here */
	size_t url_done;    /* an authority up to here was read */
	size_t bare_done;   /* inside an unquoted value up to here */
	size_t quoted_done; /* inside a quoted value up to here, all of it masked */
	bool bare_masked;   /* all of that value is masked */
	bool no_pem_end;    /* no "-----END" is left */
	bool unicode;	    /* there are escapes that redact/unicode.h reads */
};

static inline void tell_search_init(
	struct tell_search *x, const char *s, size_t n, struct tell_spans *spans)
{
	*x = (struct tell_search){ .s = s, .n = n, .spans = spans };
}

/* Look at all of it: 16 bytes at a time where there is SSE2, else a byte at a time. */
void tell_search_run(struct tell_search *x);
void tell_search_run_plain(struct tell_search *x);

/* Ask the detectors of the byte at `at`: one of : = J - e E a A, or a 0 behind a u. */
void tell_search_at(struct tell_search *x, size_t at);

/* The detectors, one file each. `at` is what they are found by. */
void tell_find_bearer(struct tell_search *x, size_t at); /* the second letter, e or a */
void tell_find_jwt(struct tell_search *x, size_t at);	 /* the J of eyJ */
void tell_find_pem(struct tell_search *x, size_t at);	 /* the second dash */
void tell_find_card(struct tell_search *x, size_t at);	 /* one of four or more digits */
void tell_find_url(struct tell_search *x, size_t at);	 /* the colon */
void tell_find_pair(struct tell_search *x, size_t at);	 /* the : or = */
void tell_find_option(struct tell_search *x, size_t at); /* the second dash of --name */

static inline void tell_search_add(
	struct tell_search *x, enum tell_span_kind kind, size_t from, size_t to)
{
	tell_spans_add(x->spans,
		(struct tell_span){ .from = from, .to = to, .kind = (uint8_t)kind });
}
