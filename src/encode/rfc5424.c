#include <string.h>
#include <telltale/log.h>
#include "base/number.h"
#include "base/utf8.h"
#include "encode/encode.h"
#include "encode/parts.h"
#include "encode/room.h"
#include "encode/sd.h"

/* RFC 5424, in the way that real receivers take it (doc/architecture.md):
 * `<PRI>1 TIMESTAMP HOST APP PROCID MSGID [telltale@pen ...][opentelemetry ...] MSG`. */

#define LIMIT_DEFAULT ((size_t)8192)
#define LIMIT_LEAST   ((size_t)480)  /* what every receiver takes: section 6.1 */
#define PEN_EXAMPLE   32473	     /* RFC 5612 */
#define MSG_KEPT      ((size_t)1024) /* of MSG, before parameters are left out for it */
#define CUT_PARAM     " cut=\"1\""
#define CUT_PARAM_N   (sizeof(CUT_PARAM) - 1)
#define BOM	      "\xef\xbb\xbf"
#define BOM_N	      (sizeof(BOM) - 1)

/* Section 6: at most max bytes of printable ASCII, '-' when there is nothing. */
static char *put_header(char *p, const char *s, size_t n, size_t max)
{
	if (n == 0)
		return TELL_PUT(p, "-");
	for (size_t i = 0; i < n && i < max; i++)
		*p++ = s[i] > ' ' && s[i] < 0x7f ? s[i] : '_';
	return p;
}

/* MSGID: the event's name, else the kind of what is no plain log record, else nothing. */
static const char *msgid(const struct tell_record *r, size_t *ret_len)
{
	struct tell_value v;
	if (tell_record_get(r, "event", 5, &v) && v.type == TELL_TYPE_STR && v.len) {
		*ret_len = v.len;
		return v.data;
	}
	const char *word = r->head->kind ? tell_kind_word(r->head->kind) : "";
	*ret_len = strlen(word);
	return word;
}

static void put_head(
	struct tell_buf *out, const struct tell_record *r, const struct tell_layout *l)
{
	size_t n;
	char *p = tell_room_begin(out, 4 * TELL_SLACK);
	if (!p)
		return;
	*p++ = '<';
	p = tell_put_u64(p, tell_pri_of(r->head, l));
	p = TELL_PUT(p, ">1 ");
	p = tell_put_timestamp(p, r->head, l);
	*p++ = ' ';
	p = put_header(p, l->who->host, strlen(l->who->host), 255);
	*p++ = ' ';
	struct tell_author s = tell_author_of(r, l);
	p = put_header(p, s.name, s.len, 48);
	*p++ = ' ';
	p = tell_put_u64(p, tell_pid_of(r->head, l));
	*p++ = ' ';
	const char *id = msgid(r, &n);
	p = put_header(p, id, n, 32);
	*p++ = ' ';
	tell_room_end(out, p, out->len);
}

static void put_number(struct tell_sd *sd, const char *name, uint64_t v)
{
	char text[TELL_U64_MAX_CHARS];
	tell_sd_text(sd, name, text, (size_t)(tell_put_u64(text, v) - text));
}

static void put_ours(struct tell_sd *sd, const struct tell_head *h)
{
	const struct tell_place *place = tell_place(h->place);
	char text[TELL_SEQ_MAX_CHARS];
	if (h->seq)
		tell_sd_text(sd, "seq", text, (size_t)(tell_put_seq(text, h) - text));
	if (place->logger_len)
		tell_sd_text(sd, "logger", place->logger, place->logger_len);
	if (place->file_len) {
		tell_sd_text(sd, "code_file", place->file, place->file_len);
		put_number(sd, "code_line", place->line);
		if (place->func_len)
			tell_sd_text(sd, "code_func", place->func, place->func_len);
	}
	if (h->tid)
		put_number(sd, "tid", h->tid);
	if (h->kind != TELL_KIND_LOG)
		tell_sd_text(sd, "kind", tell_kind_word(h->kind),
			strlen(tell_kind_word(h->kind)));
	if (h->flags & TELL_RECORD_RECOVERED)
		tell_sd_text(sd, "tell_recovered", "1", 1);
}

static bool is_trace(const struct tell_value *v)
{
	return v->key == TELL_KEY_TRACE_ID || v->key == TELL_KEY_SPAN_ID ||
		v->key == TELL_KEY_TRACE_FLAGS;
}

/* The fields that are of a trace, or those that are not. */
static void put_fields(
	struct tell_sd *sd, const struct tell_record *r, bool traced, bool of_trace)
{
	struct tell_value v;
	for (uint32_t pos = 0; tell_record_next(r, &pos, &v);)
		if (tell_key_is_field(v.key) && (traced && is_trace(&v)) == of_trace)
			tell_sd_field(sd, &v);
}

/* Both elements. Returns where the first one's bracket closes. */
static size_t put_elements(
	struct tell_sd *sd, const struct tell_record *r, const struct tell_layout *l)
{
	static const char otel[] = "[opentelemetry";
	struct tell_buf *out = sd->out;
	bool traced = tell_record_has(r, "trace_id", 8);
	char pen[TELL_U64_MAX_CHARS];
	size_t n;
	tell_buf_puts(out, "[telltale@");
	tell_buf_put(out, pen,
		(size_t)(tell_put_u64(pen, l->pen ? l->pen : PEN_EXAMPLE) - pen));

	/* The trace's three parameters come last but are sure of their place. */
	size_t end = sd->end, kept = traced ? 160 : 0;
	sd->end = end > out->len + kept ? end - kept : out->len;
	put_ours(sd, r->head);
	if (l->message_full) {
		const char *text = tell_record_text(r, &n);
		tell_sd_text(sd, "tell_text", text, n);
	}
	put_fields(sd, r, traced, false);
	size_t close = out->len;
	tell_buf_putc(out, ']');
	if (!traced)
		return close;
	sd->end = end;
	sd->begin = out->len;
	tell_buf_put(out, otel, sizeof(otel) - 1);
	put_fields(sd, r, true, true);
	tell_buf_putc(out, ']');
	return close;
}

/* MSG: shown as text for people is, line feeds kept where the framing allows them. */
static void put_message(
	struct tell_buf *out, const struct tell_record *r, const struct tell_layout *l)
{
	size_t n;
	const char *text = tell_record_text(r, &n);
	size_t start = out->len;
	tell_text_escape(out, text, n, l->raw_newlines);
	if (l->message_full)
		tell_encode_message_fields(out, r, l->message_all);
	if (out->len > start || out->cut)
		return;
	/* Some receivers drop what has no MSG. */
	text = msgid(r, &n);
	char *p = tell_room_begin(out, TELL_SLACK);
	if (p)
		tell_room_end(out, put_header(p, text, n, 32), out->len);
}

/* Cut to the limit from the end of MSG, and say so in the first element. */
static void mark_cut(struct tell_buf *out, size_t limit, size_t msg, size_t close)
{
	if (out->len + CUT_PARAM_N > limit) {
		size_t room = limit - CUT_PARAM_N - msg;
		size_t n = out->len - msg;
		out->len = msg + tell_utf8_cut(out->data + msg, n, room < n ? room : n);
	}
	if (!tell_buf_reserve(out, CUT_PARAM_N))
		return;
	memmove(out->data + close + CUT_PARAM_N, out->data + close, out->len - close);
	memcpy(out->data + close, CUT_PARAM, CUT_PARAM_N);
	out->len += CUT_PARAM_N;
}

void tell_encode_rfc5424(
	struct tell_buf *out, const struct tell_record *r, const struct tell_layout *l)
{
	size_t start = out->len, n;
	size_t limit = l->limit ? l->limit : LIMIT_DEFAULT;
	if (limit < LIMIT_LEAST)
		limit = LIMIT_LEAST;
	limit += start;
	const char *text = tell_record_text(r, &n);
	/* One in the text would be taken for the sign that it is UTF-8 (section 6.4). */
	bool bom = l->bom || (n >= BOM_N && memcmp(text, BOM, BOM_N) == 0);
	put_head(out, r, l);

	/* Behind the parameters: brackets, the mark, a BOM, and MSG or its beginning. */
	size_t kept = 32 + CUT_PARAM_N + (n < MSG_KEPT ? n : MSG_KEPT);
	if (kept > (limit - start) / 4)
		kept = (limit - start) / 4;
	struct tell_sd sd = { .out = out, .begin = out->len, .end = limit - kept };
	size_t close = put_elements(&sd, r, l);
	tell_buf_puts(out, bom ? " " BOM : " ");
	size_t msg = out->len;
	put_message(out, r, l);
	bool over = sd.cut || out->len > limit;
	if (over && l->n_cut)
		(void)__atomic_fetch_add(l->n_cut, 1, __ATOMIC_RELAXED);
	if (over || (r->head->flags & TELL_RECORD_CUT))
		mark_cut(out, limit, msg, close);
	if (out->cut)
		out->len = start;
}
