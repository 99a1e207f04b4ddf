#include "forward/otlp_record.h"
#include <math.h>
#include <string.h>
#include <telltale/log.h>
#include "base/ascii.h"
#include "base/number.h"
#include "encode/encode.h"
#include "encode/member.h"
#include "encode/parts.h"
#include "record/level.h"
#include "record/place.h"

/* ---- attributes: {"key":"cents","value":{"intValue":"4200"}} ---- */

static void put_string(struct tell_buf *out, const char *text, size_t len)
{
	tell_buf_puts(out, "{\"stringValue\":");
	tell_member_string(out, text, len);
	tell_buf_putc(out, '}');
}

static void put_integer(struct tell_buf *out, int64_t n)
{
	char text[24];
	tell_buf_puts(out, "{\"intValue\":\"");
	tell_buf_put(out, text, (size_t)(tell_put_i64(text, n) - text));
	tell_buf_puts(out, "\"}");
}

static void put_double(struct tell_buf *out, const struct tell_value *v)
{
	double d = tell_value_f64(v);
	tell_buf_puts(out, "{\"doubleValue\":");
	if (isfinite(d))
		tell_encode_json_value(out, v);
	else
		tell_buf_puts(out,
			isnan(d)	? "\"NaN\""
				: d > 0 ? "\"Infinity\""
					: "\"-Infinity\"");
	tell_buf_putc(out, '}');
}

static void put_value(
	struct tell_buf *work, struct tell_buf *out, const struct tell_value *v);

static void put_list(
	struct tell_buf *work, struct tell_buf *out, const struct tell_value *list)
{
	struct tell_value v;
	bool any = false;
	tell_buf_puts(out, "{\"arrayValue\":{\"values\":[");
	for (uint32_t pos = 0; tell_value_next(list, &pos, &v); any = true) {
		if (any)
			tell_buf_putc(out, ',');
		put_value(work, out, &v);
	}
	tell_buf_puts(out, "]}}");
}

/* As JSON has it, under a name of its kind. */
static void put_as(struct tell_buf *out, const char *kind, const struct tell_value *v)
{
	tell_buf_putc(out, '{');
	tell_member_name(out, kind);
	tell_encode_json_value(out, v);
	tell_buf_putc(out, '}');
}

static void put_value(
	struct tell_buf *work, struct tell_buf *out, const struct tell_value *v)
{
	switch ((enum tell_type)v->type) {
	case TELL_TYPE_NULL:
		tell_buf_puts(out, "{}");
		return;
	case TELL_TYPE_BOOL:
		put_as(out, "boolValue", v);
		return;
	case TELL_TYPE_I64:
		put_integer(out, tell_value_i64(v));
		return;
	case TELL_TYPE_U64:
		if (tell_value_u64(v) > INT64_MAX)
			break; /* OTLP has no unsigned numbers: as text */
		put_integer(out, (int64_t)tell_value_u64(v));
		return;
	case TELL_TYPE_F64:
		put_double(out, v);
		return;
	case TELL_TYPE_STR:
		put_string(out, v->data, v->len);
		return;
	case TELL_TYPE_BYTES:
		put_as(out, "bytesValue", v);
		return;
	case TELL_TYPE_NS:
		put_as(out, "doubleValue", v); /* seconds */
		return;
	case TELL_TYPE_LIST:
		put_list(work, out, v);
		return;
	case TELL_TYPE_HEX:
	case TELL_TYPE_JSON:
	case TELL_TYPE_TIME:
	case TELL_TYPE_PTR:
	case TELL_TYPE_ERRNO:
	case TELL_TYPE_ID128:
	case TELL_TYPE_SOCKADDR:
	case TELL_TYPE_SECRET:
		break;
	}
	tell_buf_clear(work);
	tell_encode_value(work, v);
	put_string(out, work->data, work->len);
}

static void put_key(struct tell_buf *out, const char *key, size_t len)
{
	if (out->data[out->len - 1] != '[')
		tell_buf_putc(out, ',');
	tell_buf_puts(out, "{\"key\":");
	tell_member_string(out, key, len);
	tell_buf_puts(out, ",\"value\":");
}

static void put_text(struct tell_buf *out, const char *key, const char *text, size_t len)
{
	if (!len)
		return;
	put_key(out, key, strlen(key));
	put_string(out, text, len);
	tell_buf_putc(out, '}');
}

static void put_number(struct tell_buf *out, const char *key, uint32_t n)
{
	if (!n)
		return;
	put_key(out, key, strlen(key));
	put_integer(out, n);
	tell_buf_putc(out, '}');
}

/* ---- a record ---- */

/* An id as OTLP wants it; other text of that name is an attribute like others. */
static bool put_id(struct tell_buf *work, const struct tell_parcel *p, const char *field,
	const char *member, size_t digits, struct tell_buf *out)
{
	struct tell_value v;
	size_t zeros = 0;
	if (!tell_record_get(p->record, field, strlen(field), &v))
		return false;
	tell_buf_clear(work);
	tell_encode_value(work, &v);
	if (work->len != digits)
		return false;
	for (size_t i = 0; i < digits; i++) {
		char c = work->data[i];
		if (!tell_is_digit(c) && !((c | 0x20) >= 'a' && (c | 0x20) <= 'f'))
			return false;
		zeros += c == '0';
	}
	if (zeros == digits)
		return false;
	tell_member_name(out, member);
	tell_member_string(out, work->data, digits);
	return true;
}

/* The logs data model, appendix B: syslog. */
static unsigned severity(unsigned level)
{
	static const unsigned char numbers[8] = { 21, 19, 18, 17, 13, 10, 9, 5 };
	return numbers[level & 7];
}

static void put_attributes(struct tell_buf *work, const struct tell_parcel *p,
	bool traced, bool spanned, struct tell_buf *out)
{
	const struct tell_head *h = p->record->head;
	const struct tell_place *place = tell_place(h->place);
	struct tell_value v;
	tell_buf_puts(out, ",\"attributes\":[");
	for (uint32_t pos = 0; tell_record_next(p->record, &pos, &v);) {
		if (!tell_key_is_field(v.key) || (traced && v.key == TELL_KEY_TRACE_ID) ||
			(spanned && v.key == TELL_KEY_SPAN_ID))
			continue;
		put_key(out, v.name, v.name_len);
		put_value(work, out, &v);
		tell_buf_putc(out, '}');
	}
	if (h->kind != TELL_KIND_LOG)
		put_text(out, "kind", tell_kind_word(h->kind),
			strlen(tell_kind_word(h->kind)));
	put_number(out, "process.pid", h->pid);
	put_number(out, "thread.id", h->tid);
	put_text(out, "code.file.path", place->file, place->file_len);
	put_number(out, "code.line.number", place->file_len ? place->line : 0);
	put_text(out, "code.function.name", place->func, place->func_len);
	tell_buf_clear(work);
	tell_encode_seq(work, h);
	put_text(out, "seq", work->data, work->len);
	if (h->flags & TELL_RECORD_CUT)
		put_text(out, "cut", "true", 4);
	tell_buf_putc(out, ']');
}

void tell_otlp_record(
	struct tell_buf *out, const struct tell_parcel *p, struct tell_buf *work)
{
	char time[24];
	size_t len;
	const char *text = tell_record_text(p->record, &len);
	unsigned level = p->record->head->level;
	tell_buf_puts(out, "{\"timeUnixNano\":\"");
	tell_buf_put(out, time, (size_t)(tell_put_u64(time, p->time_ns) - time));
	tell_buf_putc(out, '"');
	tell_member_u64(out, "severityNumber", severity(level));
	tell_member_text(out, "severityText", tell_level_word((int)level));
	tell_member_name(out, "body");
	put_string(out, text, len);
	bool traced = put_id(work, p, "trace_id", "traceId", 32, out);
	bool spanned = put_id(work, p, "span_id", "spanId", 16, out);
	put_attributes(work, p, traced, spanned, out);
	tell_buf_putc(out, '}');
}

void tell_otlp_origin(struct tell_buf *out, const struct tell_parcel *p)
{
	const struct tell_place *place = tell_place(p->record->head->place);
	struct tell_author a = { p->who->service, strlen(p->who->service) };
	(void)tell_record_named(p->record, &a.name, &a.len);
	tell_buf_puts(out, "{\"resource\":{\"attributes\":[");
	put_text(out, "service.name", a.len ? a.name : "unknown_service",
		a.len ? a.len : 15);
	put_text(out, "host.name", p->who->host, strlen(p->who->host));
	tell_buf_puts(out, "]},\"scopeLogs\":[{\"scope\":{");
	if (place->logger_len) {
		tell_member_name(out, "name");
		tell_member_string(out, place->logger, place->logger_len);
	}
	tell_buf_puts(out, "},\"logRecords\":[");
}
