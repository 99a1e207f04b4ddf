#include <string.h>
#include <telltale/log.h>
#include "base/number.h"
#include "base/scan.h"
#include "base/utf8.h"
#include "encode/encode.h"
#include "encode/json.h"
#include "encode/parts.h"
#include "encode/room.h"
#include "encode/value.h"
#include "record/level.h"

/* logfmt has no standard; what is bare here is bare in github.com/kr/logfmt and
 * go-logfmt, and what is quoted is a JSON string, which both read. */

/* In message=full a value is shown so far; the field itself is whole beside it. */
#define OWN_VALUE_MAX 1024

/* Must it be in quotes, to be one value and the same value again? */
static bool needs_quotes(const char *s, size_t n)
{
	if (n == 0)
		return true;
	for (size_t i = 0; i < n;) {
		uint32_t cp;
		size_t len = (size_t)tell_utf8_next(s + i, n - i, &cp);
		if (cp == ' ' || cp == '"' || cp == '=' || cp == '\\' ||
			cp == TELL_CP_REPLACEMENT || tell_cp_unsafe(cp))
			return true;
		i += len;
	}
	return false;
}

void tell_logfmt_text(struct tell_buf *out, const char *s, size_t n)
{
	if (!needs_quotes(s, n)) {
		tell_buf_put(out, s, n);
		return;
	}
	size_t start = out->len;
	char *p = tell_room_begin(out, n + TELL_SLACK);
	if (p) {
		*p++ = '"';
		p = tell_json_text(out, p, s, n);
	}
	if (p)
		*p++ = '"';
	tell_room_end(out, p, start);
}

static void put_shortened(struct tell_buf *out, const char *s, size_t n, size_t max)
{
	if (n <= max) {
		tell_logfmt_text(out, s, n);
		return;
	}
	tell_logfmt_text(out, s, tell_utf8_cut(s, n, max));
	tell_buf_puts(out, "\xe2\x80\xa6"); /* U+2026 … behind the value */
}

void tell_logfmt_value(struct tell_buf *out, const struct tell_value *v, size_t max)
{
	char text[TELL_SHORT_MAX_CHARS];
	char *end = tell_put_short(text, v);
	if (end && v->type != TELL_TYPE_SOCKADDR) {
		tell_buf_put(out, text, (size_t)(end - text)); /* never needs quotes */
		return;
	}
	if (end) {
		put_shortened(out, text, (size_t)(end - text), max);
		return;
	}
	if (v->type == TELL_TYPE_STR || v->type == TELL_TYPE_JSON) {
		put_shortened(out, v->data, v->len, max);
		return;
	}
	struct tell_buf made;
	tell_buf_init(&made, 0);
	tell_encode_value(&made, v);
	put_shortened(out, made.data ? made.data : "", made.len, max);
	tell_buf_done(&made);
}

void tell_logfmt_field(struct tell_buf *out, const struct tell_value *v, size_t max)
{
	tell_buf_putc(out, ' ');
	tell_buf_put(out, v->name, v->name_len);
	tell_buf_putc(out, '=');
	tell_logfmt_value(out, v, max);
}

void tell_encode_message_fields(
	struct tell_buf *out, const struct tell_record *r, bool all)
{
	size_t at = out->len, text_len;
	struct tell_value v;
	for (uint32_t pos = 0; tell_record_next(r, &pos, &v);)
		if (tell_value_is_shown(&v, all))
			tell_logfmt_field(out, &v, OWN_VALUE_MAX);
	(void)tell_record_text(r, &text_len);
	if (__builtin_expect(text_len == 0, 0) && out->len > at) /* no blank in front */
		memmove(out->data + at, out->data + at + 1, --out->len - at);
}

static void put_pair(struct tell_buf *out, const char *name, const char *s, size_t n)
{
	tell_buf_puts(out, name);
	tell_logfmt_text(out, s, n);
}

static void put_number(struct tell_buf *out, const char *name, uint64_t v)
{
	char text[TELL_U64_MAX_CHARS];
	tell_buf_puts(out, name);
	tell_buf_put(out, text, (size_t)(tell_put_u64(text, v) - text));
}

static void put_message(
	struct tell_buf *out, const struct tell_record *r, const struct tell_layout *l)
{
	size_t n;
	const char *text = tell_record_text(r, &n);
	if (!l->message_full || !l->work) {
		put_pair(out, " message=", text, n);
		return;
	}
	tell_buf_clear(l->work);
	tell_buf_put(l->work, text, n);
	tell_encode_message_fields(l->work, r, l->message_all);
	put_pair(out, " message=", l->work->data ? l->work->data : "", l->work->len);
	if (l->work->len > n)
		put_pair(out, " tell_text=", text, n);
}

static void put_back(
	struct tell_buf *out, const struct tell_record *r, const struct tell_layout *l)
{
	const struct tell_head *h = r->head;
	const struct tell_place *place = tell_place(h->place);
	if (h->flags & TELL_RECORD_CUT)
		tell_buf_puts(out, " cut=true");
	if (h->flags & TELL_RECORD_RECOVERED)
		tell_buf_puts(out, " tell_recovered=true");
	put_number(out, " pid=", tell_pid_of(h, l));
	if (h->seq)
		tell_buf_puts(out, " seq=");
	tell_encode_seq(out, h);
	if (!place->file_len)
		return;
	put_pair(out, " code_file=", place->file, place->file_len);
	put_number(out, " code_line=", place->line);
	if (place->func_len)
		put_pair(out, " code_func=", place->func, place->func_len);
}

void tell_encode_logfmt(
	struct tell_buf *out, const struct tell_record *r, const struct tell_layout *l)
{
	const struct tell_head *h = r->head;
	const struct tell_place *place = tell_place(h->place);
	size_t start = out->len;
	char time[TELL_RFC3339_CHARS];
	(void)tell_put_timestamp(time, h, l); /* its length is known */
	tell_buf_puts(out, "timestamp=");
	tell_buf_put(out, time, sizeof(time));
	tell_buf_puts(out, " level=");
	tell_buf_puts(out, tell_level_word(h->level));
	struct tell_author s = tell_author_of(r, l);
	put_pair(out, " service=", s.name, s.len);
	if (place->logger_len)
		put_pair(out, " logger=", place->logger, place->logger_len);
	put_message(out, r, l);
	if (h->kind != TELL_KIND_LOG)
		put_pair(out, " kind=", tell_kind_word(h->kind),
			strlen(tell_kind_word(h->kind)));

	struct tell_value v;
	for (uint32_t pos = 0; tell_record_next(r, &pos, &v);)
		if (tell_key_is_field(v.key))
			tell_logfmt_field(out, &v, SIZE_MAX);
	put_back(out, r, l);
	if (out->cut)
		out->len = start;
}
