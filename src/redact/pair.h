#pragma once
#include "redact/search.h"
#include "redact/secret.h"

/* A name that says secret and the value behind it; pair.c reads the one, value.c the
 * other, bare.c says where a value without quotes ends.
 *
 * Threads: one owner of the search at a time. */
struct tell_pair {
	enum tell_secret means;
	size_t name;	 /* where the name begins, its quote excluded */
	size_t sign;	 /* the ':' or '=', or the blank behind an option */
	char quote;	 /* around the name: " or ', else 0 */
	uint8_t escapes; /* backslashes in front of each of those quotes */
	char around;	 /* the quote right before an unquoted name: -d 'token=x' */
	uint8_t around_escapes;
};

/* Read the name in front of `at`, of whatever it is; ret_end: its end. False: none. */
bool tell_pair_read(
	const struct tell_search *x, size_t at, struct tell_pair *ret, size_t *ret_end);

/* The same. False: no name of a secret. */
bool tell_pair_name(const struct tell_search *x, size_t at, struct tell_pair *ret);

/* Where the name that ends at `end` begins; `end`: there is none. */
size_t tell_pair_name_begin(const struct tell_search *x, size_t end);

/* Behind blanks and tabs. */
static inline size_t tell_pair_skip_blanks(const struct tell_search *x, size_t at)
{
	while (at < x->n && (x->s[at] == ' ' || x->s[at] == '\t'))
		at++;
	return at;
}

/* Mask [from, to), unless it is empty, begins with a mask, or is harmless. */
void tell_pair_mask(struct tell_search *x, size_t from, size_t to);

/* Mask the value that begins at `at` or a few blanks behind it. */
void tell_pair_value(struct tell_search *x, const struct tell_pair *pair, size_t at);

/* Where a value without quotes that begins at `at` ends. Commas, semicolons, brackets and
 * quotes end it only when what follows looks like something new: half a secret is a leak
 * too. The quote around the pair ends it in any case. */
size_t tell_bare_end(
	const struct tell_search *x, const struct tell_pair *pair, size_t at);

/* Where the line, or the quoted string around it, ends; line ends may be written out. */
size_t tell_line_end(
	const struct tell_search *x, const struct tell_pair *pair, size_t at);

/* Behind a line end at `at`, written out or not, and the blanks that indent what follows;
 * 0: there is none, or nothing is indented. */
size_t tell_next_line(const struct tell_search *x, size_t at);

/* Behind the line end at `at`, written out or not; 0: there is none. */
size_t tell_line_behind(const struct tell_search *x, size_t at);

/* Mask the lines below when a YAML block scalar begins at `at`. False: none does. */
bool tell_pair_block(struct tell_search *x, size_t at);

/* Does a new pair, or nothing at all, begin at `at`? */
bool tell_pair_begins(const struct tell_search *x, size_t at);

/* Behind the scheme's word and its blanks in "Bearer x", "Digest a=b" (RFC 9110 section
 * 11.4); from: there is no known one. Sets whether parameters follow, not one token. */
size_t tell_scheme_end(const char *s, size_t from, size_t to, bool *ret_parameters);

/* Mask the element of a list behind the name that ends at `at`, when that is one: 'x', "y". */
void tell_find_listed(struct tell_search *x, size_t at);

/* Mask the values of a column in an INSERT: a name in the list of columns, [from, to). */
void tell_find_column(struct tell_search *x, size_t from, size_t to);

/* The value of --user of a command whose -u holds a password, too: its dashes begin at `at`,
 * its name ends at `to`. */
void tell_find_user(struct tell_search *x, size_t at, size_t to);

/* Is it no secret at all: true, null, ****, <hidden>, $1, ${NAME}, expired, ...? */
bool tell_value_harmless(const char *s, size_t len);
