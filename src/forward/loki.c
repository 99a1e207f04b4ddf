/* sink loki: Grafana Loki's push API. Labels are few, ids stand beside the line as structured
 * metadata, so that a request is found by its id and no stream is made for it.
 *
 * Source: Loki 3.2's HTTP API, POST /loki/api/v1/push, and what 3.2.2 answered when measured:
 *         what is partly stored, what never is, and that it drops the later of two entries of a
 *         stream that have the same time and line, whatever their metadata. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <telltale/log.h>
#include "base/number.h"
#include "base/utf8.h"
#include "encode/encode.h"
#include "encode/member.h"
#include "forward/event.h"
#include "forward/http.h"
#include "forward/target.h"
#include "forward/loki_answer.h"
#include "forward/loki_stream.h"
#include "record/place.h"

/* Loki's defaults: max_line_size, max_structured_metadata_size and _entries_count. A little
 * less, for it counts names as well. */
#define LINE_MAX	 ((size_t)256 << 10)
#define METADATA_MAX	 ((size_t)60 << 10)
#define METADATA_ENTRIES 120

enum line { LINE_MESSAGE, LINE_JSON, LINE_LOGFMT, LINE_ECS };

struct loki {
	struct tell_http_line http;
	struct tell_loki_streams streams;
	enum line line;
	bool metadata;
	char header[TELL_TENANT_HEADER]; /* "X-Scope-OrgID: ..."; "": none */
	struct tell_buf text;
	/* The request under way. */
	const struct tell_batch *batch;
	size_t from, to;
};

static const struct tell_option options[] = {
	TELL_HTTP_OPTIONS,
	{ "labels", TELL_OPTION_TEXT, "service_name,level,host", NULL,
		"what names a stream; NAME=VALUE for all records", false },
	{ "tenant", TELL_OPTION_TEXT, NULL, NULL,
		"X-Scope-OrgID; field:NAME: what the record's field says", false },
	{ "default_tenant", TELL_OPTION_TEXT, NULL, NULL,
		"with field:NAME: of records without it", false },
	{ "line", TELL_OPTION_CHOICE, "message", "message json logfmt ecs",
		"what is shown of a record", false },
	{ "metadata", TELL_OPTION_BOOL, "yes", NULL,
		"fields beside the line; no: before Loki 2.9, take line=json", false },
	TELL_FORWARD_OPTIONS("7d"), /* its reject_old_samples_max_age */
	{ 0 },
};

/* ---- opening ---- */

/* What no connection is needed for. */
static int look(const struct tell_args *args, struct tell_refusal *why)
{
	struct tell_loki_streams streams;
	int r = tell_http_allowed(args, why);
	if (r == 0)
		r = tell_loki_streams_open(&streams, args, why);
	if (r == 0)
		tell_loki_streams_done(&streams);
	return r;
}

static int module_open(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	(void)ret;
	return look(args, why);
}

const struct tell_module tell_sink_loki = {
	.abi = TELL_MODULE_ABI,
	.type = "sink",
	.name = "loki",
	.summary = "ships to Grafana Loki",
	.options = options,
	.open = module_open,
	.check = look,
	.run = tell_target_run,
};

static void loki_close(void *state)
{
	struct loki *l = state;
	if (!l)
		return;
	tell_http_line_close(&l->http);
	tell_loki_streams_done(&l->streams);
	tell_buf_done(&l->text);
	free(l);
}

static int loki_open(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	struct loki *l = calloc(1, sizeof(*l));
	if (!l)
		return -ENOMEM;
	tell_buf_init(&l->text, 0);
	l->line = (enum line)tell_args_choice(args, "line");
	l->metadata = tell_args_bool(args, "metadata");
	int r = tell_loki_streams_open(&l->streams, args, why);
	if (r == 0)
		r = tell_http_line_open(&l->http, args, "/loki/api/v1/push", why);
	if (r < 0) {
		loki_close(l);
		return r;
	}
	*ret = l;
	return 0;
}

/* ---- an entry: ["1795000000000000000","the line",{"request_id":"r1"}] ---- */

/* A record without a message shows its fields: of a text that had no other, say. */
static void make_line(struct loki *l, const struct tell_parcel *p)
{
	struct tell_layout layout = { .who = p->who, .work = NULL };
	tell_buf_clear(&l->text);
	switch (l->line) {
	case LINE_MESSAGE:
		tell_encode_message_fields(&l->text, p->record, false);
		return;
	case LINE_JSON:
		tell_encode_json(&l->text, p->record, &layout);
		return;
	case LINE_LOGFMT:
		tell_encode_logfmt(&l->text, p->record, &layout);
		return;
	case LINE_ECS:
		tell_event_put(&l->text, p, TELL_EVENT_ECS);
		return;
	}
}

/* Loki stores nothing of an empty line. */
static void put_line(struct loki *l, const struct tell_parcel *p, struct tell_buf *out)
{
	size_t len = 0;
	const char *text = l->line == LINE_MESSAGE ? tell_record_text(p->record, &len)
						   : "";
	if (len == 0) {
		make_line(l, p);
		text = l->text.len ? l->text.data : "-";
		len = l->text.len ? l->text.len : 1;
	}
	if (len > LINE_MAX)
		len = tell_utf8_cut(text, len, LINE_MAX);
	tell_member_string(out, text, len);
}

struct metadata {
	struct tell_buf *out;
	size_t begin, n;
};

/* One pair, unless Loki would refuse the whole entry for it. */
static void put_pair(struct metadata *m, const char *name, size_t name_len,
	const char *text, size_t len)
{
	size_t used = m->out->len - m->begin;
	if (m->n == METADATA_ENTRIES || used >= METADATA_MAX)
		return;
	if (len > METADATA_MAX - used)
		len = tell_utf8_cut(text, len, METADATA_MAX - used);
	tell_buf_putc(m->out, m->n++ ? ',' : '{');
	tell_member_string(m->out, name, name_len);
	tell_buf_putc(m->out, ':');
	tell_member_string(m->out, text, len);
}

static void put_number(struct metadata *m, const char *name, uint64_t n)
{
	char text[24];
	if (n)
		put_pair(m, name, strlen(name), text,
			(size_t)(tell_put_u64(text, n) - text));
}

/* Fields that are, or are not, longer than that. */
#define SHORT_MAX 1024
static void put_fields(
	struct loki *l, const struct tell_parcel *p, struct metadata *m, bool longer)
{
	struct tell_value v;
	for (uint32_t pos = 0; tell_record_next(p->record, &pos, &v);) {
		if (!tell_key_is_field(v.key) || (v.len > SHORT_MAX) != longer ||
			tell_labels_have(&l->streams.labels, v.name, v.name_len))
			continue;
		if (v.type == TELL_TYPE_STR) {
			put_pair(m, v.name, v.name_len, v.data, v.len);
			continue;
		}
		tell_buf_clear(&l->text);
		tell_encode_value(&l->text, &v);
		put_pair(m, v.name, v.name_len, l->text.data, l->text.len);
	}
}

static void put_metadata(
	struct loki *l, const struct tell_parcel *p, struct tell_buf *out)
{
	const struct tell_head *h = p->record->head;
	const struct tell_place *place = tell_place(h->place);
	struct metadata m = { out, out->len + 1, 0 };
	tell_buf_putc(out, ',');
	put_fields(l, p, &m, false);
	put_number(&m, "pid", h->pid);
	put_number(&m, "tid", h->tid);
	if (*place->logger)
		put_pair(&m, "logger", 6, place->logger, strlen(place->logger));
	if (place->file_len) {
		put_pair(&m, "code_file", 9, place->file, place->file_len);
		put_number(&m, "code_line", place->line);
	}
	if (place->func_len)
		put_pair(&m, "code_func", 9, place->func, place->func_len);
	tell_buf_clear(&l->text);
	tell_encode_seq(&l->text, h);
	if (l->text.len)
		put_pair(&m, "seq", 3, l->text.data, l->text.len);
	if (h->flags & TELL_RECORD_CUT)
		put_pair(&m, "cut", 3, "true", 4);
	put_fields(l, p, &m, true); /* what is left of the room is theirs */
	if (m.n)
		tell_buf_putc(out, '}');
	else
		out->len = m.begin - 1; /* no comma */
}

static int loki_put(void *state, struct tell_batch *b, const struct tell_parcel *p)
{
	struct loki *l = state;
	bool astray;
	int stream = tell_loki_stream_of(&l->streams, b, p, &astray);
	if (stream < 0)
		return stream;

	char time[24];
	tell_buf_puts(&b->bytes, "[\"");
	tell_buf_put(&b->bytes, time, (size_t)(tell_put_u64(time, p->time_ns) - time));
	tell_buf_puts(&b->bytes, "\",");
	put_line(l, p, &b->bytes);
	if (l->metadata)
		put_metadata(l, p, &b->bytes);
	tell_buf_putc(&b->bytes, ']');
	return tell_batch_add(b, (uint32_t)stream) ? astray : -ENOMEM;
}

/* ---- a request ---- */

/* The labels that its stream has lost go beside the line, behind what is there. */
static void put_lesser(const struct loki *l, const struct tell_loki_stream *s,
	const char *entry, size_t len, struct tell_buf *out)
{
	bool beside = len > 1 && entry[len - 2] == '}';
	if (!s->lesser || !l->metadata) {
		tell_buf_put(out, entry, len);
		return;
	}
	tell_buf_put(out, entry, len - (beside ? 2 : 1));
	tell_buf_puts(out, beside ? "," : ",{");
	tell_buf_puts(out, s->others);
	tell_buf_puts(out, "}]");
}

static void set_header(struct loki *l, const struct tell_loki_stream *s)
{
	const char *tenant = l->streams.tenant.field ? s->tenant : l->streams.tenant.name;
	if (tenant)
		(void)snprintf(l->header, sizeof(l->header), "X-Scope-OrgID: %s", tenant);
}

/* Of one tenant, and a stream's entries stand together (tell_batch_gather). */
static void loki_body(void *state, const struct tell_batch *b, size_t from, size_t to,
	struct tell_buf *out)
{
	struct loki *l = state;
	struct tell_loki_stream s;
	uint32_t last = UINT32_MAX;
	l->batch = b;
	l->from = from;
	l->to = to;
	tell_buf_puts(out, "{\"streams\":[");
	for (size_t i = from; i < to; i++) {
		const struct tell_batch_entry *e = &b->entries[i];
		if (e->stream != last) {
			tell_loki_stream_at(b, e->stream, &s);
			tell_buf_puts(out, i > from ? "]},{\"stream\":" : "{\"stream\":");
			tell_loki_stream_put(&s, out);
			tell_buf_puts(out, ",\"values\":[");
		} else {
			tell_buf_putc(out, ',');
		}
		last = e->stream;
		put_lesser(l, &s, tell_batch_at(b, i), e->len, out);
	}
	if (to > from)
		set_header(l, &s);
	tell_buf_puts(out, to > from ? "]}]}" : "]}");
}

/* ---- an answer ---- */

static void loki_send(
	void *state, const struct tell_buf *body, size_t n, struct tell_answer *ret)
{
	struct loki *l = state;
	tell_http_line_post(&l->http, "application/json", *l->header ? l->header : NULL,
		body->data, body->len);
	tell_loki_judge(&l->http.answer, n, ret);
	if (ret->kind == TELL_ANSWER_TAKEN)
		tell_loki_streams_taken(&l->streams, l->batch, l->from, l->to);
}

static enum tell_streams_next loki_streams(
	void *state, struct tell_batch *b, size_t from, size_t to, size_t *ret_n)
{
	struct loki *l = state;
	return tell_loki_streams_next(&l->streams, b, from, to, ret_n);
}

static bool loki_has_stream(void *state, const struct tell_batch *b, size_t i)
{
	const struct loki *l = state;
	return tell_loki_streams_have(&l->streams, b, i);
}

static void loki_aside(const struct tell_batch *b, size_t i, struct tell_buf *out)
{
	const struct tell_batch_entry *e = &b->entries[i];
	struct tell_loki_stream s;
	tell_loki_stream_at(b, e->stream, &s);
	s.lesser = false; /* all that is known of it */
	tell_buf_puts(out, "{\"stream\":");
	tell_loki_stream_put(&s, out);
	tell_buf_puts(out, ",\"value\":");
	tell_buf_put(out, tell_batch_at(b, i), e->len);
	tell_buf_putc(out, '}');
}

static void loki_watch(void *state, void (*alive)(void *arg), void *arg)
{
	struct loki *l = state;
	tell_http_line_watch(&l->http, alive, arg);
}

const struct tell_target tell_target_loki = {
	.module = &tell_sink_loki,
	.open = loki_open,
	.close = loki_close,
	.put = loki_put,
	.body = loki_body,
	.send = loki_send,
	.streams = loki_streams,
	.has_stream = loki_has_stream,
	.watch = loki_watch,
	.aside = loki_aside,
};
