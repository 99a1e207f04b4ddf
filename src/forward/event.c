#include "forward/event.h"
#include <string.h>
#include "encode/encode.h"
#include "encode/member.h"
#include "encode/parts.h"
#include "encode/value.h"
#include "record/level.h"

#define ECS_VERSION "8.11.0"

static void put_name(struct tell_buf *out, const char *name, size_t len)
{
	if (out->len && out->data[out->len - 1] != '{')
		tell_buf_putc(out, ',');
	tell_member_string(out, name, len);
	tell_buf_putc(out, ':');
}

static void put_text(struct tell_buf *out, const char *name, const char *text, size_t len)
{
	put_name(out, name, strlen(name));
	tell_member_string(out, text, len);
}

static void open_object(struct tell_buf *out, const char *name)
{
	put_name(out, name, strlen(name));
	tell_buf_putc(out, '{');
}

static void close_object(struct tell_buf *out)
{
	tell_buf_putc(out, '}');
}

/* What both begin with. */
static void put_front(struct tell_buf *out, const struct tell_parcel *p)
{
	char time[TELL_TIME_MAX_CHARS];
	size_t len;
	const char *text = tell_record_text(p->record, &len);
	size_t n = (size_t)(tell_put_time(time, (int64_t)p->time_ns) - time);
	tell_buf_putc(out, '{');
	put_text(out, "@timestamp", time, n);
	tell_member_text(out, "@version", "1");
	put_text(out, "message", text, len);
}

static struct tell_author author(const struct tell_parcel *p)
{
	struct tell_author a = { p->who->service, strlen(p->who->service) };
	(void)tell_record_named(p->record, &a.name, &a.len);
	return a;
}

static void put_seq(struct tell_buf *out, const struct tell_head *h)
{
	char seq[TELL_SEQ_MAX_CHARS];
	if (h->seq)
		put_text(out, "seq", seq, (size_t)(tell_put_seq(seq, h) - seq));
	if (h->flags & TELL_RECORD_CUT)
		tell_buf_puts(out, ",\"cut\":true");
}

/* ---- ecs ---- */

static void put_log(struct tell_buf *out, const struct tell_head *h)
{
	const struct tell_place *place = tell_place(h->place);
	open_object(out, "log");
	tell_member_text(out, "level", tell_level_word(h->level));
	if (place->logger_len)
		put_text(out, "logger", place->logger, place->logger_len);
	open_object(out, "syslog");
	open_object(out, "severity");
	tell_member_u64(out, "code", h->level);
	close_object(out);
	close_object(out);
	if (place->file_len || place->func_len)
		open_object(out, "origin");
	if (place->file_len) {
		open_object(out, "file");
		put_text(out, "name", place->file, place->file_len);
		tell_member_u64(out, "line", place->line);
		close_object(out);
	}
	if (place->func_len)
		put_text(out, "function", place->func, place->func_len);
	if (place->file_len || place->func_len)
		close_object(out);
	close_object(out);
}

static void put_whose(struct tell_buf *out, const struct tell_parcel *p)
{
	const struct tell_head *h = p->record->head;
	struct tell_author service = author(p);
	if (service.len) {
		open_object(out, "service");
		put_text(out, "name", service.name, service.len);
		close_object(out);
	}
	if (*p->who->host) {
		open_object(out, "host");
		tell_member_text(out, "name", p->who->host);
		close_object(out);
	}
	if (!h->pid)
		return;
	open_object(out, "process");
	tell_member_u64(out, "pid", h->pid);
	if (h->tid) {
		open_object(out, "thread");
		tell_member_u64(out, "id", h->tid);
		close_object(out);
	}
	close_object(out);
}

static bool is_trace(const struct tell_value *v)
{
	return v->key == TELL_KEY_TRACE_ID || v->key == TELL_KEY_SPAN_ID;
}

static void put_trace(struct tell_buf *out, const struct tell_parcel *p,
	const char *field, const char *object)
{
	struct tell_value v;
	if (!tell_record_get(p->record, field, strlen(field), &v))
		return;
	open_object(out, object);
	put_name(out, "id", 2);
	tell_encode_json_value(out, &v);
	close_object(out);
}

/* A label's value is one word of an index: lists and JSON become text. */
static void put_label(struct tell_buf *out, const struct tell_value *v)
{
	put_name(out, v->name, v->name_len);
	if (v->type != TELL_TYPE_LIST && v->type != TELL_TYPE_JSON) {
		tell_encode_json_value(out, v);
		return;
	}
	struct tell_buf text = { 0 };
	tell_buf_init(&text, 0);
	tell_encode_value(&text, v);
	tell_member_string(out, text.data, text.len);
	out->cut |= text.cut;
	tell_buf_done(&text);
}

static void put_labels(struct tell_buf *out, const struct tell_parcel *p)
{
	const struct tell_head *h = p->record->head;
	struct tell_value v;
	size_t begin = out->len;
	open_object(out, "labels");
	size_t inside = out->len;
	for (uint32_t pos = 0; tell_record_next(p->record, &pos, &v);)
		if (tell_key_is_field(v.key) && !is_trace(&v))
			put_label(out, &v);
	if (h->kind != TELL_KIND_LOG)
		tell_member_text(out, "kind", tell_kind_word(h->kind));
	put_seq(out, h);
	if (out->len == inside && !out->cut)
		out->len = begin;
	else
		close_object(out);
}

static void put_ecs(struct tell_buf *out, const struct tell_parcel *p)
{
	put_front(out, p);
	open_object(out, "ecs");
	tell_member_text(out, "version", ECS_VERSION);
	close_object(out);
	put_log(out, p->record->head);
	put_whose(out, p);
	put_trace(out, p, "trace_id", "trace");
	put_trace(out, p, "span_id", "span");
	put_labels(out, p);
	close_object(out);
}

/* ---- flat ---- */

/* Of no field: host is ours here, tags and type are what Logstash itself acts upon. */
static bool is_taken(const struct tell_value *v)
{
	static const char *const names[] = { "host", "tags", "type" };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (v->name_len == strlen(names[i]) &&
			memcmp(v->name, names[i], v->name_len) == 0)
			return true;
	return false;
}

static void put_field(
	struct tell_buf *out, const struct tell_record *r, const struct tell_value *v)
{
	char name[TELL_NAME_MAX + 8] = "user_";
	size_t n = strlen(name);
	if (is_taken(v)) {
		memcpy(name + n, v->name, v->name_len);
		if (tell_record_has(r, name, n + v->name_len))
			return; /* it was given on purpose, and stands */
		put_name(out, name, n + v->name_len);
	} else {
		put_name(out, v->name, v->name_len);
	}
	tell_encode_json_value(out, v);
}

static void put_caller(struct tell_buf *out, const struct tell_place *place)
{
	if (!place->file_len)
		return;
	open_object(out, "caller");
	put_text(out, "file", place->file, place->file_len);
	tell_member_u64(out, "line", place->line);
	if (place->func_len)
		put_text(out, "function", place->func, place->func_len);
	close_object(out);
}

static void put_flat(struct tell_buf *out, const struct tell_parcel *p)
{
	const struct tell_head *h = p->record->head;
	const struct tell_place *place = tell_place(h->place);
	struct tell_author service = author(p);
	struct tell_value v;
	put_front(out, p);
	tell_member_text(out, "level", tell_level_word(h->level));
	put_text(out, "service", service.name, service.len);
	tell_member_text(out, "host", p->who->host);
	if (place->logger_len)
		put_text(out, "logger", place->logger, place->logger_len);
	if (h->kind != TELL_KIND_LOG)
		tell_member_text(out, "kind", tell_kind_word(h->kind));
	for (uint32_t pos = 0; tell_record_next(p->record, &pos, &v);)
		if (tell_key_is_field(v.key))
			put_field(out, p->record, &v);
	if (h->pid)
		tell_member_u64(out, "pid", h->pid);
	if (h->tid)
		tell_member_u64(out, "tid", h->tid);
	put_seq(out, h);
	put_caller(out, place);
	close_object(out);
}

void tell_event_put(
	struct tell_buf *out, const struct tell_parcel *p, enum tell_event_layout layout)
{
	if (layout == TELL_EVENT_ECS)
		put_ecs(out, p);
	else
		put_flat(out, p);
}
