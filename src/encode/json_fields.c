#include <math.h>
#include <string.h>
#include "base/number.h"
#include "encode/json.h"
#include "encode/room.h"
#include "record/slot.h"
#include "record/walk.h"

/* `,"name":`, and behind it a quote that a text may keep. */
static inline char *put_key(char *p, const struct tell_key *k)
{
	enum { MOST = 32, ALL = sizeof(k->json) };
	memcpy(p, k->json, MOST);
	if (__builtin_expect(k->len > MOST - 5, 0))
		memcpy(p + MOST, k->json + MOST, ALL - MOST);
	return p + k->len + 4;
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

/* Is it in its place, with a key of the dictionary, and a field? */
static inline bool is_plain(const struct tell_slot *s)
{
	const unsigned first = TELL_KEY_SERVICE + 1;
	return s->key - first < TELL_KEYS_MAX - first &&
		!(s->flags & (TELL_SLOT_DEAD | TELL_SLOT_MOVED));
}

/* Texts and numbers, which most fields are, straight from their slot and without calls for
 * the rest. Before it: room for the slot's length and TELL_SLACK. False: the value is of
 * another type; what was written then counts for nothing. */
static inline bool put_plain(
	struct tell_buf *out, char **ret_p, const struct tell_slot *s)
{
	const char *value = (const char *)(s + 1);
	int64_t whole;
	double real;
	char *p = put_key(*ret_p, tell_key_at(s->key));
	if (s->type == TELL_TYPE_STR) {
		p = tell_json_text_inline(out, p + 1, value, s->len);
		if (p)
			*p++ = '"';
		*ret_p = p;
		return true;
	}
	if (s->type == TELL_TYPE_I64) {
		memcpy(&whole, value, sizeof(whole));
		*ret_p = __builtin_expect(whole >= 0, 1)
			? tell_put_u64(p, (uint64_t)whole)
			: tell_put_i64(p, whole);
		return true;
	}
	if (s->type == TELL_TYPE_F64) {
		memcpy(&real, value, sizeof(real));
		if (isfinite(real)) {
			*ret_p = tell_put_f64(p, real);
			return true;
		}
	}
	return false;
}

/* Where the next byte goes, and where the next slot is. */
struct place {
	char *p;
	const char *slot;
};

static __attribute__((noinline)) struct place put_next(
	struct tell_buf *out, struct place at, const struct tell_record *r)
{
	struct tell_value v;
	uint32_t pos = (uint32_t)(at.slot - (const char *)r->head);
	if (tell_walk_next(r->head, &pos, &v) && tell_key_is_field(v.key))
		at.p = put_field(out, at.p, r, &v);
	at.slot = (const char *)r->head + pos;
	return at;
}

char *tell_json_fields(struct tell_buf *out, char *p, const struct tell_record *r)
{
	const struct tell_head *h = r->head;
	const char *end = (const char *)h + h->size;
	struct place at = { p, (const char *)(h + 1) };
	const struct tell_slot *s = (const void *)at.slot;
	if (at.slot < end && s->key == TELL_KEY_MESSAGE)
		at.slot += tell_slot_bytes(s);
	while (at.slot < end) {
		s = (const void *)at.slot;
		if (__builtin_expect(is_plain(s), 1)) {
			if (!tell_room_is(out, at.p, s->len + TELL_SLACK)) {
				at.p = tell_room_grow(out, at.p, s->len + TELL_SLACK);
				if (!at.p)
					return NULL;
			}
			if (__builtin_expect(put_plain(out, &at.p, s), 1)) {
				at.slot += sizeof(*s) + tell_pad8(s->len);
				if (__builtin_expect(!at.p, 0))
					return NULL;
				continue;
			}
		}
		at = put_next(out, at, r);
		if (!at.p)
			return NULL;
	}
	return at.p;
}
