#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include "redact/gap.h"
#include "redact/spans.h"
#include "redact/text.h"

#define TELL_ALPHABETS 64 /* slots: one for each alphabet of issuers.def, no two share */

/* What was walked already, by what it was walked for. Only texts that are full of beginnings
 * need it: it is made at the first use, clean text does not pay for it. */
struct tell_walked {
	struct {
		struct tell_gap gap;
		unsigned alphabet;
	} run[TELL_ALPHABETS]; /* of an issuer's alphabet */
	struct tell_gap digit; /* no digit ... */
	struct tell_gap lower; /* ... no letter of that case in it */
	struct tell_gap upper;
	struct tell_gap alpha;
	struct tell_gap space;
	struct tell_gap dots;	   /* nothing but '.' and '/' */
	struct tell_gap name;	   /* characters of names only */
	struct tell_gap no_equals; /* no '=' and no line end */
	struct tell_gap no_bracket;
	struct tell_gap hash;	  /* what hashes of crypt(5) are made of */
	struct tell_gap no_slash; /* no '/' and no end of a URL */
	struct tell_gap no_at;	  /* no '@' and no end of a URL */
	size_t identified;	  /* behind the last "identified " ... */
	size_t identified_done;	  /* ... of those that end up to here */
	size_t values_of, values; /* redact/insert.c: behind a ')' there are VALUES */
	size_t columns_done;	  /* redact/insert.c: commas up to here are counted ... */
	size_t bracket; /* ... from this '(' on, 0: there is none, else behind it */
	int column;
};

/* One look at one text by all detectors.
 *
 * How:     one pass stops at the few places that no secret of ours comes without
 *          (redact/stops.h) and asks the detectors there, with the place. Each looks around
 *          in the original text and adds spans.
 * Cost:    linear. A detector may look at a fixed number of bytes around its place; what
 *          goes further is remembered in a `..._done` mark and never looked at again.
 * Threads: one owner at a time. */
struct tell_search {
	const char *s;
	size_t n;
	struct tell_spans *spans;
	size_t jwt_done;     /* no token begins before this */
	size_t card_done;    /* digits before this were judged */
	size_t pem_done;     /* all of a key up to here was found */
	size_t at_done;	     /* no '@' from some slash up to here */
	size_t url_done;     /* an authority up to here was read */
	size_t bare_done;    /* inside an unquoted value up to here */
	size_t quoted_done;  /* inside a quoted value up to here, all of it masked */
	size_t issued_done;  /* a token up to here was found */
	size_t iban_done;    /* an account number up to here was found */
	size_t iban_tried;   /* what begins before this is none */
	size_t element_done; /* an element up to here was read */
	size_t listed_done;  /* an element of a list up to here was read */
	size_t percent_done; /* an encoded value up to here was read */
	size_t pii_done;     /* personal data up to here was found */
	size_t letter_done;  /* an option's value up to here was read */
	size_t insert_done;  /* an INSERT up to here was read */
	size_t phrase_done;  /* escaped XML up to here was read */
	size_t command_done; /* commands up to here are known ... */
	uint8_t command;     /* ... and this was the last one: redact/letter.c */
	bool bare_masked;    /* all of that value is masked */
	bool no_pem_end;     /* no "-----END" is left */
	bool pii;	     /* look for personal data, too */
	bool unicode;	     /* there are escapes that redact/unicode.h reads */
	bool has_walked;     /* `walked` is made; else it is not even zero */
	struct tell_walked walked;
};

/* `walked` is left as it is: what calls this must not have it zeroed, either
 * (-ftrivial-auto-var-init). */
static inline void tell_search_init(
	struct tell_search *x, const char *s, size_t n, struct tell_spans *spans)
{
	/* In two halves, which compilers write as a few wide stores: all at once they take
	 * the processor's instruction for strings, as slow as the search of a short text. */
	const size_t half = offsetof(struct tell_search, element_done);
	memset((char *)x, 0, half);
	memset((char *)x + half, 0, offsetof(struct tell_search, walked) - half);
	x->s = s;
	x->n = n;
	x->spans = spans;
}

static inline struct tell_walked *tell_search_walked(struct tell_search *x)
{
	if (!x->has_walked) {
		memset(&x->walked, 0, sizeof(x->walked));
		x->has_walked = true;
	}
	return &x->walked;
}

/* Look at all of it: with the widest registers there are, 32 bytes at a time, 16, or one. */
void tell_search_run(struct tell_search *x);
void tell_search_run_avx2(struct tell_search *x);
void tell_search_run_ssse3(struct tell_search *x);
void tell_search_run_plain(struct tell_search *x);

/* Is this dash one of the four of a UUID? */
static inline bool tell_search_in_uuid(const struct tell_search *x, size_t at)
{
	if (at < 5 || at + 5 >= x->n || (x->s[at - 5] != '-' && x->s[at + 5] != '-'))
		return false;
	char before = x->s[at - 1], next = x->s[at + 1];
	return (tell_is_digit(before) || (before >= 'a' && before <= 'f')) &&
		(tell_is_digit(next) || (next >= 'a' && next <= 'f'));
}

/* Is the place `at`, where the search stopped, worth asking anybody? Most signs in prose and
 * in names end here. */
static inline bool tell_search_wants(const struct tell_search *x, size_t at)
{
	switch (x->s[at]) {
	case '.':
	case '_':
	case '~':
		return at + 1 < x->n && tell_char_is(x->s[at + 1], TELL_CHAR_B64URL);
	case '-':
		return !tell_search_in_uuid(x, at);
	case 'e': /* of "token" and "key" */
		return (x->s[at - 1] | 0x20) != 'k' ||
			(at > 2 && at + 1 < x->n &&
				((x->s[at - 2] | 0x20) == 'o' || x->s[at + 1] == 'y'));
	case 'w':
		return at > 1 && (x->s[at - 2] | 0x20) == 's'; /* of "passw" */
	default:
		return true;
	}
}

/* Ask the detectors of the place `at`, or of the last of four digits in a row. */
void tell_search_at(struct tell_search *x, size_t at);
void tell_search_digits(struct tell_search *x, size_t at);

/* The detectors, one file each. `at` is what they are found by. */
void tell_find_bearer(struct tell_search *x, size_t at);  /* the second letter, e or a */
void tell_find_jwt(struct tell_search *x, size_t at);	  /* the J of eyJ */
void tell_find_pem(struct tell_search *x, size_t at);	  /* the second dash */
void tell_find_card(struct tell_search *x, size_t at);	  /* one of four or more digits */
void tell_find_iban(struct tell_search *x, size_t at);	  /* the first of them */
void tell_find_url(struct tell_search *x, size_t at);	  /* the colon */
void tell_find_issued(struct tell_search *x, size_t at);  /* a prefix's anchor */
void tell_find_shaped(struct tell_search *x, size_t at);  /* a sign inside */
void tell_find_pair(struct tell_search *x, size_t at);	  /* the : or = */
void tell_find_percent(struct tell_search *x, size_t at); /* the digit behind a % */
void tell_find_option(struct tell_search *x, size_t at);  /* the second dash of --name */
void tell_find_letter(struct tell_search *x, size_t at);  /* the dash of -p */
void tell_find_element(struct tell_search *x, size_t at); /* the > of a tag */
void tell_find_named(struct tell_search *x, size_t at);	 /* the sign behind name, value */
void tell_find_opaque(struct tell_search *x, size_t at); /* the e of token, key */
void tell_find_phrase(struct tell_search *x, size_t at); /* the w of password, y of by */

/* Told by their place, asked by those above: behind a name that ends at `end`. */
void tell_find_cell(struct tell_search *x, size_t end);
void tell_find_audited(struct tell_search *x, size_t name, size_t end);
void tell_find_netrc(struct tell_search *x, size_t name, size_t end);
void tell_find_crypt(struct tell_search *x, size_t at); /* the : or = in front of it */
void tell_find_behind_colon(struct tell_search *x, size_t at);

/* All personal data; a pass of its own. */
void tell_find_pii(struct tell_search *x);

/* Can an account number go on behind these two characters? */
static inline bool tell_iban_goes_on(char before, char last)
{
	bool upper = last >= 'A' && last <= 'Z';
	return upper ||
		((last == ' ' || last == '-') &&
			((before >= 'A' && before <= 'Z') || tell_is_digit(before)));
}

static inline void tell_search_add(
	struct tell_search *x, enum tell_span_kind kind, size_t from, size_t to)
{
	tell_spans_add(x->spans,
		(struct tell_span){ .from = from, .to = to, .kind = (uint8_t)kind });
}
