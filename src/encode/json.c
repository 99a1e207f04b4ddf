#include "encode/json.h"
#include <telltale/log.h>
#include "base/number.h"
#include "encode/encode.h"
#include "encode/parts.h"
#include "encode/room.h"

/* One object, its members in the order of DESIGN 5: timestamp level service logger message,
 * the fields, pid seq caller. Room as in encode/room.h. */

/* `","level":"info","service":"` of each level, padded so that it is copied whole. */
struct level_text {
	char text[34];
	uint8_t len;
};
#define LEVEL(word)                                                                      \
	{                                                                                \
		"\",\"level\":\"" word "\",\"service\":\"",                              \
			sizeof("\",\"level\":\"" word "\",\"service\":\"") - 1           \
	}
static const struct level_text levels[8] = { LEVEL("emerg"), LEVEL("alert"),
	LEVEL("crit"), LEVEL("error"), LEVEL("warning"), LEVEL("notice"), LEVEL("info"),
	LEVEL("debug") };

static char *put_level(char *p, unsigned level)
{
	const struct level_text *t = &levels[level & 7];
	memcpy(p, t->text, sizeof(t->text));
	return p + t->len;
}

/* `,"name":` */
static char *put_name(char *p, const struct tell_value *v)
{
	*p++ = ',';
	*p++ = '"';
	if (__builtin_expect(v->key != TELL_KEY_INLINE, 1)) {
		/* In the dictionary a name has TELL_NAME_MAX + 1 bytes of its own. */
		memcpy(p, v->name, 16);
		if (v->name_len > 16)
			memcpy(p + 16, v->name + 16, TELL_NAME_MAX - 16);
	} else {
		memcpy(p, v->name, v->name_len);
	}
	p += v->name_len;
	*p++ = '"';
	*p++ = ':';
	return p;
}

/* `,"x_nonfinite":"nan"` behind `"x":null`, unless the record has a field of that name. */
static char *put_nonfinite(struct tell_buf *out, char *p, const struct tell_record *r,
	const struct tell_value *v)
{
	static const char mark[] = "_nonfinite";
	char name[TELL_NAME_MAX + sizeof(mark)];
	memcpy(name, v->name, v->name_len);
	memcpy(name + v->name_len, mark, sizeof(mark) - 1);
	size_t n = v->name_len + sizeof(mark) - 1;
	if (tell_record_has(r, name, n))
		return p;
	p = tell_room(out, p, TELL_SLACK);
	if (!p)
		return NULL;
	p = TELL_PUT(p, ",\"");
	p = tell_put_bytes(p, name, n);
	p = TELL_PUT(p, "\":");
	return tell_json_nonfinite_put(out, p, v);
}

static char *put_field(struct tell_buf *out, char *p, const struct tell_record *r,
	const struct tell_value *v)
{
	p = tell_room(out, p, v->len + TELL_SLACK);
	if (!p)
		return NULL;
	p = tell_json_value(out, put_name(p, v), v);
	if (__builtin_expect(v->type == TELL_TYPE_F64 || v->type == TELL_TYPE_LIST, 0) &&
		p && tell_json_nonfinite(v))
		return put_nonfinite(out, p, r, v);
	return p;
}

/* `"name":"text"`, the first part given as a literal. */
static char *put_text(struct tell_buf *out, char *p, const char *s, size_t n)
{
	p = tell_room(out, p, n + TELL_SLACK);
	return p ? tell_json_text(out, p, s, n) : NULL;
}

static char *put_front(struct tell_buf *out, char *p, const struct tell_head *h,
	const struct tell_layout *l)
{
	const struct tell_place *place = tell_place(h->place);
	p = TELL_PUT(p, "{\"timestamp\":\"");
	p = tell_put_timestamp(p, h, l);
	p = put_level(p, h->level);
	p = put_text(out, p, l->who->service, strlen(l->who->service));
	if (p && place->logger_len) {
		p = TELL_PUT(p, "\",\"logger\":\"");
		p = put_text(out, p, place->logger, place->logger_len);
	}
	return p;
}

/* The message; with message=full the call's own fields behind it, and it alone in
 * tell_text. */
static char *put_full_message(struct tell_buf *out, char *p, const struct tell_record *r,
	const struct tell_layout *l)
{
	size_t n;
	const char *text = tell_record_text(r, &n);
	tell_buf_clear(l->work);
	tell_encode_own_fields(l->work, r);
	p = put_text(out, p, text, n);
	if (!p || l->work->len == 0)
		return p;
	p = put_text(out, p, l->work->data, l->work->len);
	if (!p)
		return NULL;
	p = TELL_PUT(p, "\",\"tell_text\":\"");
	return put_text(out, p, text, n);
}

static char *put_message(struct tell_buf *out, char *p, const struct tell_record *r,
	const struct tell_layout *l)
{
	size_t n;
	p = TELL_PUT(p, "\",\"message\":\"");
	if (l->message_full && l->work) {
		p = put_full_message(out, p, r, l);
	} else {
		const char *text = tell_record_text(r, &n);
		p = put_text(out, p, text, n);
	}
	if (!p)
		return NULL;
	*p++ = '"';
	if (__builtin_expect(r->head->kind == TELL_KIND_LOG, 1))
		return p;
	p = TELL_PUT(p, ",\"kind\":\"");
	const char *word = tell_kind_word(r->head->kind);
	p = tell_put_bytes(p, word, strlen(word));
	*p++ = '"';
	return p;
}

/* `,"cut":["body"]`: what was cut to the record's limit; empty when whole fields were left
 * out. */
static char *put_cut(struct tell_buf *out, char *p, const struct tell_record *r)
{
	struct tell_value v;
	p = TELL_PUT(p, ",\"cut\":[");
	for (uint32_t pos = 0; p && tell_record_next(r, &pos, &v);) {
		if (!(v.flags & TELL_SLOT_CUT))
			continue;
		*p++ = '"';
		p = tell_put_bytes(p, v.name, v.name_len);
		p = TELL_PUT(p, "\",");
		p = tell_room(out, p, TELL_SLACK);
	}
	if (!p)
		return NULL;
	p -= p[-1] == ',';
	*p++ = ']';
	return p;
}

static char *put_caller(struct tell_buf *out, char *p, const struct tell_place *place)
{
	p = TELL_PUT(p, ",\"caller\":{\"file\":\"");
	p = put_text(out, p, place->file, place->file_len);
	if (!p)
		return NULL;
	p = TELL_PUT(p, "\",\"line\":");
	p = tell_put_u64(p, place->line);
	p = TELL_PUT(p, ",\"function\":\"");
	p = put_text(out, p, place->func, place->func_len);
	return p ? TELL_PUT(p, "\"}") : NULL;
}

static char *put_back(struct tell_buf *out, char *p, const struct tell_record *r,
	const struct tell_layout *l)
{
	const struct tell_head *h = r->head;
	const struct tell_place *place = tell_place(h->place);
	p = tell_room(out, p, TELL_SLACK);
	if (p && __builtin_expect(h->flags & TELL_RECORD_CUT, 0))
		p = tell_room(out, put_cut(out, p, r), TELL_SLACK);
	if (!p)
		return NULL;
	if (h->flags & TELL_RECORD_RECOVERED)
		p = TELL_PUT(p, ",\"tell_recovered\":true");
	p = TELL_PUT(p, ",\"pid\":");
	p = tell_put_u64(p, tell_pid_of(h, l));
	if (h->seq) {
		p = TELL_PUT(p, ",\"seq\":\"");
		p = tell_put_seq(p, h);
		*p++ = '"';
	}
	if (place->file_len)
		p = put_caller(out, p, place);
	if (p)
		*p++ = '}';
	return p;
}

void tell_encode_json(
	struct tell_buf *out, const struct tell_record *r, const struct tell_layout *l)
{
	size_t start = out->len;
	/* Enough for most whole records, so that memory moves once at most. */
	char *p = tell_room_begin(out, r->head->size + 4 * TELL_SLACK);
	if (p)
		p = put_front(out, p, r->head, l);
	if (p)
		p = put_message(out, p, r, l);

	struct tell_value v;
	for (uint32_t pos = 0; p && tell_record_next(r, &pos, &v);)
		if (v.key != TELL_KEY_MESSAGE)
			p = put_field(out, p, r, &v);
	if (p)
		p = put_back(out, p, r, l);
	tell_room_end(out, p, start);
}
