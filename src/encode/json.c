#include "encode/json.h"
#include <telltale/log.h>
#include "base/number.h"
#include "encode/encode.h"
#include "encode/parts.h"
#include "encode/room.h"
#include "record/walk.h"

/* One object, its members in the order of DESIGN 5: timestamp level service logger message,
 * the fields, pid seq caller. Room as in encode/room.h. */

/* `","level":"info","service":"` of each level, padded so that it is copied whole. */
struct level_text {
	char text[32];
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

static inline __attribute__((always_inline)) char *put_text(
	struct tell_buf *out, char *p, const char *s, size_t n)
{
	p = tell_room(out, p, n + TELL_SLACK);
	return p ? tell_json_text_inline(out, p, s, n) : NULL;
}

/* The place's two parts when there was no memory to keep them ready. */
static __attribute__((noinline)) char *put_place(
	struct tell_buf *out, char *p, const struct tell_place *place, bool front)
{
	size_t start = (size_t)(p - out->data);
	out->len = start;
	size_t back = tell_json_place_put(out, place);
	if (out->cut)
		return NULL;
	if (front) {
		out->len = back;
	} else {
		memmove(out->data + start, out->data + back, out->len - back);
		out->len -= back - start;
	}
	return tell_room_begin(out, TELL_SLACK);
}

/* Up to the message's opening quote. */
static char *put_front(struct tell_buf *out, char *p, const struct tell_record *r,
	const struct tell_layout *l, const struct tell_json_place *ready)
{
	const struct tell_head *h = r->head;
	struct tell_author s = tell_author_of(r, l);
	p = TELL_PUT(p, "{\"timestamp\":\"");
	p = tell_put_timestamp(p, h, l);
	p = put_level(p, h->level);
	p = put_text(out, p, s.name, s.len);
	p = tell_room(out, p, (ready ? ready->front_len : 0) + TELL_SLACK);
	if (!p)
		return NULL;
	if (__builtin_expect(!ready, 0))
		p = put_place(out, p, tell_place(h->place), true);
	else
		p = tell_put_blocks(p, ready->text, ready->front_len);
	return p ? TELL_PUT(p, "\",\"message\":\"") : NULL;
}

/* The message; with message=full the call's own fields behind it, and it alone in
 * tell_text. */
static __attribute__((noinline)) char *put_full_message(struct tell_buf *out, char *p,
	const struct tell_record *r, const struct tell_layout *l)
{
	size_t n;
	const char *text = tell_record_text(r, &n);
	tell_buf_clear(l->work);
	tell_encode_message_fields(l->work, r, l->message_all);
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
	if (l->message_full && l->work) {
		p = put_full_message(out, p, r, l);
	} else {
		const char *text = tell_walk_text(r->head, &n);
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
static __attribute__((noinline)) char *put_cut(
	struct tell_buf *out, char *p, const struct tell_record *r)
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

static char *put_back(struct tell_buf *out, char *p, const struct tell_record *r,
	const struct tell_layout *l, const struct tell_json_place *ready)
{
	const struct tell_head *h = r->head;
	p = tell_room(out, p, TELL_SLACK);
	if (p && __builtin_expect(h->flags & TELL_RECORD_CUT, 0))
		p = put_cut(out, p, r);
	p = tell_room(out, p, (ready ? ready->back_len : 0) + TELL_SLACK);
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
	if (__builtin_expect(!ready, 0))
		p = put_place(out, p, tell_place(h->place), false);
	else
		p = tell_put_blocks(p, ready->text + ready->front_len, ready->back_len);
	if (p)
		*p++ = '}';
	return p;
}

void tell_encode_json(
	struct tell_buf *out, const struct tell_record *r, const struct tell_layout *l)
{
	size_t start = out->len;
	const struct tell_json_place *ready = tell_json_place(tell_place(r->head->place));
	/* Enough for most whole records, so that memory moves once at most. */
	char *p = tell_room_begin(out, r->head->size + 4 * TELL_SLACK);
	if (p)
		p = put_front(out, p, r, l, ready);
	if (p)
		p = put_message(out, p, r, l);
	if (p)
		p = tell_json_fields(out, p, r);
	if (p)
		p = put_back(out, p, r, l, ready);
	tell_room_end(out, p, start);
}
