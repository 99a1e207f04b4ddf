#include <math.h>
#include <string.h>
#include "base/number.h"
#include "encode/json.h"
#include "encode/room.h"
#include "record/slot.h"
#include "record/walk.h"

/* `,"name":`; a key of the dictionary has TELL_NAME_MAX + 1 bytes for its name. */
static inline char *put_key(char *p, const struct tell_key *k)
{
	p = TELL_PUT(p, ",\"");
	memcpy(p, k->name, 16);
	if (__builtin_expect(k->len > 16, 0))
		memcpy(p + 16, k->name + 16, TELL_NAME_MAX - 16);
	p += k->len;
	return TELL_PUT(p, "\":");
}

static char *put_name(char *p, const struct tell_value *v)
{
	p = TELL_PUT(p, ",\"");
	p = tell_put_bytes(p, v->name, v->name_len);
	return TELL_PUT(p, "\":");
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

/* A field of any type. */
static __attribute__((noinline)) char *put_field(struct tell_buf *out, char *p,
	const struct tell_record *r, const struct tell_value *v)
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

/* Is it in its place, with a key of the dictionary, and not the message? */
static inline bool is_plain(const struct tell_slot *s)
{
	return s->key > TELL_KEY_MESSAGE &&
		!(s->flags & (TELL_SLOT_DEAD | TELL_SLOT_MOVED));
}

/* Texts and numbers, which most fields are, straight from their slot and without calls for
 * the rest. There is room for the slot's length and TELL_SLACK. *ret_done: false when the
 * value is of another type; what was written then counts for nothing. */
static inline char *put_plain(
	struct tell_buf *out, char *p, const struct tell_slot *s, bool *ret_done)
{
	const char *value = (const char *)(s + 1);
	int64_t whole;
	double real;
	p = put_key(p, tell_key_at(s->key));
	*ret_done = true;
	if (s->type == TELL_TYPE_STR) {
		*p++ = '"';
		p = tell_json_text_inline(out, p, value, s->len);
		if (p)
			*p++ = '"';
		return p;
	}
	if (s->type == TELL_TYPE_I64) {
		memcpy(&whole, value, sizeof(whole));
		return tell_put_i64(p, whole);
	}
	if (s->type == TELL_TYPE_F64) {
		memcpy(&real, value, sizeof(real));
		if (isfinite(real))
			return tell_put_f64(p, real);
	}
	*ret_done = false;
	return p;
}

static __attribute__((noinline)) char *put_next(
	struct tell_buf *out, char *p, const struct tell_record *r, uint32_t *pos)
{
	struct tell_value v;
	if (!tell_walk_next(r->head, pos, &v) || v.key == TELL_KEY_MESSAGE)
		return p;
	return put_field(out, p, r, &v);
}

char *tell_json_fields(struct tell_buf *out, char *p, const struct tell_record *r)
{
	const struct tell_head *h = r->head;
	const char *at = (const char *)(h + 1), *end = (const char *)h + h->size;
	const struct tell_slot *s = (const void *)at;
	bool done;
	if (at < end && s->key == TELL_KEY_MESSAGE)
		at += tell_slot_bytes(s);
	while (at < end) {
		s = (const void *)at;
		if (__builtin_expect(is_plain(s), 1)) {
			p = tell_room(out, p, s->len + TELL_SLACK);
			char *after = p ? put_plain(out, p, s, &done) : NULL;
			if (__builtin_expect(!after, 0))
				return NULL;
			if (__builtin_expect(done, 1)) {
				p = after;
				at += sizeof(*s) + tell_pad8(s->len);
				continue;
			}
		}
		uint32_t pos = (uint32_t)(at - (const char *)h);
		p = put_next(out, p, r, &pos);
		if (!p)
			return NULL;
		at = (const char *)h + pos;
	}
	return p;
}
