#pragma once
#include <stddef.h>
#include <string.h>
#include "base/clock.h"
#include "encode/encode.h"
#include "record/place.h"

/* What several exits say in the same words. Writers return the end; no NUL.
 *
 * Threads: pure functions, but for the caller's stamp. */

/* "<run>.<lane>.<n>" */
#define TELL_SEQ_MAX_CHARS 40
char *tell_put_seq(char *p, const struct tell_head *h);

/* The record's time in RFC 3339, TELL_RFC3339_CHARS, with the layout's stamp if any. */
static inline char *tell_put_timestamp(
	char *p, const struct tell_head *h, const struct tell_layout *l)
{
	if (l->stamp)
		return tell_stamp_put(l->stamp, p, h->realtime_ns);
	return tell_put_rfc3339(p, h->realtime_ns);
}

/* Whose record: the process that made it, else who speaks. */
static inline uint32_t tell_pid_of(const struct tell_head *h, const struct tell_layout *l)
{
	return h->pid ? h->pid : l->who->pid;
}

/* What it is of: the service that the record names, else who speaks. */
struct tell_author {
	const char *name;
	size_t len;
};
struct tell_author tell_author_named(
	const struct tell_record *r, const struct tell_layout *l);

static inline struct tell_author tell_author_of(
	const struct tell_record *r, const struct tell_layout *l)
{
	if (__builtin_expect(r->head->flags & TELL_RECORD_OTHER_NAME, 0))
		return tell_author_named(r, l);
	return (struct tell_author){ l->who->service, strlen(l->who->service) };
}

/* RFC 5424 section 6.2.1: facility * 8 + severity, 0 to 191. */
unsigned tell_pri_of(const struct tell_head *h, const struct tell_layout *l);

/* "log" ... "loss"; "log" for anything else. Static. */
const char *tell_kind_word(unsigned kind);

/* Is it a field of the call itself: not from a scope, a handle or an enrich module? */
static inline bool tell_value_is_own(const struct tell_value *v)
{
	return !(v->flags & (TELL_SLOT_SCOPE | TELL_SLOT_ADDED)) &&
		tell_key_is_field(v->key);
}

/* Does it go behind the message? */
static inline bool tell_value_is_shown(const struct tell_value *v, bool all)
{
	return all ? v->key != TELL_KEY_MESSAGE : tell_value_is_own(v);
}

/* Text on one line for people: C0, DEL and C1 as \n \t \r \x1b, bidi controls and
 * U+2028/2029 as \u202e, bytes that are no UTF-8 as \xff. Not made to be read back. With
 * keep_lf line feeds stay. */
void tell_text_escape(struct tell_buf *out, const char *s, size_t n, bool keep_lf);

/* A value as logfmt has it: bare, or in quotes with JSON's escapes where blanks, quotes,
 * '=', '\' or controls would be misread. max: bytes of a text that are shown, then "…". */
void tell_logfmt_value(struct tell_buf *out, const struct tell_value *v, size_t max);
void tell_logfmt_text(struct tell_buf *out, const char *s, size_t n);

/* ` name=value` */
void tell_logfmt_field(struct tell_buf *out, const struct tell_value *v, size_t max);
