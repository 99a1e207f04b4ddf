#include "record/record.h"
#include <errno.h>
#include <stdlib.h>
#include "base/utf8.h"
#include "record/slot.h"

#define CAP_FIRST 2048
#define CAP_KEPT  ((size_t)64 << 10) /* more memory than this is given back */

static size_t size_max(const struct tell_record *r)
{
	if (r->fixed)
		return r->room;
	return (r->limit ? r->limit : TELL_RECORD_LIMIT) + TELL_RECORD_MARGIN;
}

static bool grow(struct tell_record *r, size_t need)
{
	size_t cap = r->cap ? r->cap : CAP_FIRST;
	while (cap < need)
		cap *= 2; /* need is at most the limit: no overflow */
	void *block = realloc(r->cap ? r->head : NULL, cap);
	if (!block)
		return false;
	if (!r->cap && r->head) /* out of lent memory */
		memcpy(block, r->head, r->head->size);
	r->head = block;
	r->cap = cap;
	return true;
}

static void set_room(struct tell_record *r)
{
	r->room = r->cap < size_max(r) ? r->cap : size_max(r);
}

bool tell_record_room(struct tell_record *r, size_t n)
{
	size_t need = r->head->size + n;
	if (__builtin_expect(need <= r->room, 1))
		return true;
	if (n > size_max(r) || need > size_max(r))
		return false;
	if (need > r->cap && !grow(r, need))
		return false;
	set_room(r);
	return true;
}

static void begin(struct tell_record *r, int level, int kind)
{
	*r->head = (struct tell_head){
		.size = sizeof(struct tell_head),
		.level = (uint8_t)level,
		.kind = (uint8_t)kind,
	};
	r->names = 0;
	r->floor = sizeof(struct tell_head);
}

int tell_record_begin(struct tell_record *r, int level, int kind)
{
	if (!r->cap && !grow(r, CAP_FIRST))
		return -ENOMEM;
	begin(r, level, kind);
	set_room(r);
	return 0;
}

void tell_record_begin_at(
	struct tell_record *r, void *lent, size_t room, int level, int kind)
{
	r->head = lent;
	r->cap = 0;
	begin(r, level, kind);
	r->room = room;
	if (room > size_max(r))
		r->room = size_max(r);
}

int tell_record_copy(struct tell_record *r, const void *block, size_t len)
{
	if (len > r->cap && !grow(r, len))
		return -ENOMEM;
	memcpy(r->head, block, len);
	r->names = ~UINT64_C(0); /* any may be in it */
	r->floor = sizeof(struct tell_head);
	set_room(r);
	return 0;
}

/* Append a slot with room for len bytes of value, its last 8 zeroed as padding. NULL: no
 * room; the record is marked. made: the name, when the dictionary has none. */
static struct tell_slot *slot_new(struct tell_record *r, uint16_t key, uint8_t type,
	uint8_t flags, size_t len, const struct tell_key *made)
{
	size_t name_bytes = made ? tell_pad8(1 + (size_t)made->len) : 0;
	size_t bytes = sizeof(struct tell_slot) + name_bytes + tell_pad8(len);
	if (r->head->n_slots == TELL_SLOTS_MAX || !tell_record_room(r, bytes)) {
		r->head->flags |= TELL_RECORD_CUT;
		return NULL;
	}

	struct tell_slot *s = tell_slot_at(r->head, r->head->size);
	memset((char *)s + bytes - 8, 0, 8);
	*s = (struct tell_slot){ key, type, flags, (uint32_t)len };
	if (made) {
		memset((char *)s + sizeof(*s) + name_bytes - 8, 0, 8);
		*(uint8_t *)(s + 1) = made->len;
		memcpy((char *)(s + 1) + 1, made->name, made->len);
	}
	r->head->size += (uint32_t)bytes;
	r->head->n_slots++;
	return s;
}

/* As many of len bytes as still fit behind a slot's head and name. */
static size_t fitting(const struct tell_record *r, size_t len)
{
	size_t overhead = sizeof(struct tell_slot) + tell_pad8(1 + TELL_NAME_MAX);
	size_t used = r->head->size + overhead;
	size_t left = used < size_max(r) ? size_max(r) - used : 0;
	return len <= left ? len : left & ~(size_t)7;
}

/* A slot of the dictionary's name that fits as it is: nearly all. False: take the long way.
 * One store for its head, one for the padding, one copy. */
static inline bool slot_quick(struct tell_record *r, uint16_t key, uint8_t type,
	uint8_t flags, const void *data, size_t len)
{
	struct tell_head *h = r->head;
	size_t bytes = sizeof(struct tell_slot) + tell_pad8(len);
	if (__builtin_expect(len > r->room || h->size + bytes > r->room ||
			    h->n_slots == TELL_SLOTS_MAX,
		    0))
		return false;
	char *at = (char *)h + h->size;
	struct tell_slot s = { key, type, flags, (uint32_t)len };
	memset(at + bytes - 8, 0, 8);
	memcpy(at, &s, sizeof(s));
	memcpy(at + sizeof(s), data, len);
	h->size += (uint32_t)bytes;
	h->n_slots++;
	return true;
}

static bool may_be_cut(uint8_t type)
{
	return type == TELL_TYPE_STR || type == TELL_TYPE_BYTES ||
		type == TELL_TYPE_HEX || type == TELL_TYPE_JSON;
}

static void slot_put(struct tell_record *r, uint16_t key, uint8_t type, uint8_t flags,
	const void *data, size_t len, const struct tell_key *made)
{
	size_t kept = fitting(r, len);
	if (__builtin_expect(kept < len, 0)) {
		if (!may_be_cut(type)) { /* half a number is another number */
			r->head->flags |= TELL_RECORD_CUT;
			return;
		}
		kept = tell_utf8_cut(data, len, kept);
		flags |= TELL_SLOT_CUT;
		r->head->flags |= TELL_RECORD_CUT;
		if (type == TELL_TYPE_JSON)
			type = TELL_TYPE_STR; /* half a value is no JSON */
	}
	struct tell_slot *s = slot_new(r, key, type, flags, kept, made);
	if (s && kept)
		memcpy(tell_slot_value(s), data, kept);
}

void tell_record_message(struct tell_record *r, const char *text, size_t len)
{
	if (!slot_quick(r, TELL_KEY_MESSAGE, TELL_TYPE_STR, 0, text, len))
		slot_put(r, TELL_KEY_MESSAGE, TELL_TYPE_STR, 0, text, len, NULL);
}

void tell_record_own_message(struct tell_record *r, const char *text, size_t len)
{
	slot_put(r, TELL_KEY_MESSAGE, TELL_TYPE_STR, TELL_SLOT_SAFE, text, len, NULL);
}

void tell_record_service(struct tell_record *r, const char *name, size_t len)
{
	slot_put(r, TELL_KEY_SERVICE, TELL_TYPE_STR, 0, name, len, NULL);
	r->head->flags |= TELL_RECORD_OTHER_NAME;
}

/* Mark earlier slots of the same name as overwritten; those before `to` are looked at. */
static void overwrite(
	struct tell_record *r, uint16_t key, const struct tell_key *made, size_t to)
{
	for (size_t at = r->floor; at < to;) {
		struct tell_slot *s = tell_slot_at(r->head, at);
		at += tell_slot_bytes(s);
		if (s->key != key)
			continue;
		if (made) {
			const uint8_t *name = (const uint8_t *)(s + 1);
			if (*name != made->len ||
				memcmp(name + 1, made->name, *name) != 0)
				continue;
		}
		s->flags |= TELL_SLOT_DEAD;
	}
}

static void put_list(struct tell_record *r, const struct tell_field *list, uint16_t key,
	uint8_t flags, const struct tell_key *made);

/* The value of a field whose name is known. */
static __attribute__((noinline)) void put_value(struct tell_record *r,
	const struct tell_field *f, uint16_t key, uint8_t flags,
	const struct tell_key *made)
{
	switch ((enum tell_type)f->type) {
	case TELL_TYPE_STR:
	case TELL_TYPE_BYTES:
	case TELL_TYPE_HEX:
	case TELL_TYPE_JSON:
	case TELL_TYPE_SOCKADDR:
		slot_put(r, key, f->type, flags, f->v.ptr, f->len, made);
		return;
	case TELL_TYPE_BOOL:
	case TELL_TYPE_I64:
	case TELL_TYPE_U64:
	case TELL_TYPE_F64:
	case TELL_TYPE_NS:
	case TELL_TYPE_TIME:
	case TELL_TYPE_PTR:
		slot_put(r, key, f->type, flags, &f->v, sizeof(f->v), made);
		return;
	case TELL_TYPE_ID128:
		slot_put(r, key, f->type, flags, f->v.ptr, 16, made);
		return;
	case TELL_TYPE_LIST:
		put_list(r, f, key, flags, made);
		return;
	case TELL_TYPE_NULL:
	case TELL_TYPE_SECRET:
	case TELL_TYPE_ERRNO: /* never here: two fields, see put_errno() */
		break;
	}
	uint8_t type = f->type == TELL_TYPE_SECRET ? TELL_TYPE_SECRET : TELL_TYPE_NULL;
	slot_put(r, key, type, flags, NULL, 0, made);
}

/* Elements are slots inside the list's value, with key 0 and no name. */
static void put_list(struct tell_record *r, const struct tell_field *list, uint16_t key,
	uint8_t flags, const struct tell_key *made)
{
	struct tell_slot *s = slot_new(r, key, TELL_TYPE_LIST, flags, 0, made);
	if (!s)
		return;
	size_t at = (size_t)((char *)s - (char *)r->head);
	size_t begin = r->head->size;
	uint16_t n_slots = r->head->n_slots;
	const struct tell_field *elements = list->v.ptr;
	for (uint32_t i = 0; i < list->len; i++) {
		struct tell_field e = elements[i];
		if (e.type == TELL_TYPE_LIST || e.type == TELL_TYPE_ERRNO)
			e.type = TELL_TYPE_NULL;
		/* a dictionary key keeps slot_bytes() from looking for a name */
		size_t before = r->head->size;
		put_value(r, &e, TELL_KEY_MESSAGE, 0, NULL);
		r->head->n_slots = n_slots;
		if (r->head->size == before)
			break; /* full */
	}
	tell_slot_at(r->head, at)->len = (uint32_t)(r->head->size - begin);
}

/* As the types of nearly all fields go in. */
static inline bool quick(
	struct tell_record *r, const struct tell_field *f, uint16_t key, uint8_t flags)
{
	if (f->type == TELL_TYPE_STR)
		return slot_quick(r, key, f->type, flags, f->v.ptr, f->len);
	if (tell_type_is_number(f->type))
		return slot_quick(r, key, f->type, flags, &f->v, sizeof(f->v));
	return false;
}

static inline void put_field(struct tell_record *r, const struct tell_field *f,
	uint16_t key, uint8_t flags, const struct tell_key *made)
{
	uint64_t bit = tell_key_bit(key);
	size_t at = r->head->size;
	if (made || !quick(r, f, key, flags))
		put_value(r, f, key, flags, made);
	if (__builtin_expect((r->names & bit) != 0, 0) && r->head->size > at)
		overwrite(r, key, made, at);
	r->names |= bit;
}

static void put_errno(struct tell_record *r, const struct tell_field *f, uint8_t flags)
{
	const char *text = strerrordesc_np((int)f->v.i64); /* static, no locale */
	struct tell_field number = tell_i64("errno", f->v.i64);
	struct tell_field error = tell_str("error", text ? text : "Unknown error");
	put_field(r, &number, TELL_KEY_ERRNO, flags, NULL);
	put_field(r, &error, TELL_KEY_ERROR, flags | TELL_SLOT_SAFE, NULL);
}

static const struct tell_key *key_of(
	const struct tell_record *r, const char *given, size_t len)
{
	if (__builtin_expect(!r->fixed, 1))
		return tell_key_of(given, len);
	const struct tell_key *k = tell_key_find(given, len);
	return k && (r->fixed == TELL_RECORD_NUMBERED || k->id < TELL_KEY_FIRST_FREE)
		? k
		: NULL;
}

/* A field whose name is not known yet, or that is two. */
static __attribute__((noinline)) void add_slowly(
	struct tell_record *r, const struct tell_field *f, uint8_t slot_flags)
{
	if (f->type == TELL_TYPE_ERRNO) {
		put_errno(r, f, slot_flags);
		return;
	}
	const char *given = f->key ? f->key : "";
	const struct tell_key *key = key_of(r, given, f->key_len);
	if (key) {
		put_field(r, f, key->id, slot_flags, NULL);
		return;
	}
	struct tell_key made;
	(void)tell_key_make(&made, given, f->key_len);
	put_field(r, f, TELL_KEY_INLINE, slot_flags, &made);
}

void tell_record_add(struct tell_record *r, const struct tell_field *fields, size_t n,
	uint8_t slot_flags, const uint16_t *keys)
{
	for (size_t i = 0; i < n; i++) {
		if (keys && keys[i] && fields[i].type != TELL_TYPE_ERRNO)
			put_field(r, &fields[i], keys[i], slot_flags, NULL);
		else
			add_slowly(r, &fields[i], slot_flags);
	}
}

/* After a splice: what came wins over what was, and among it the last. */
static void settle(struct tell_record *r, size_t from, bool twice)
{
	for (size_t at = from; at < r->head->size;) {
		const struct tell_slot *s = tell_slot_at(r->head, at);
		struct tell_key made = { 0 };
		if (s->key == TELL_KEY_INLINE) {
			made.len = *(const uint8_t *)(s + 1);
			memcpy(made.name, (const char *)(s + 1) + 1, made.len);
		}
		if (!(s->flags & TELL_SLOT_DEAD))
			overwrite(r, s->key, s->key == TELL_KEY_INLINE ? &made : NULL,
				twice ? at : from);
		at += tell_slot_bytes(s);
	}
}

void tell_record_splice(struct tell_record *r, const struct tell_record *from, bool twice)
{
	const struct tell_head *h = from->head;
	size_t bytes = h ? h->size - sizeof(*h) : 0;
	if (!bytes)
		return;
	if (r->head->n_slots + h->n_slots > TELL_SLOTS_MAX ||
		!tell_record_room(r, bytes)) {
		r->head->flags |= TELL_RECORD_CUT;
		return;
	}
	size_t at = r->head->size;
	memcpy((char *)r->head + at, h + 1, bytes);
	r->head->size += (uint32_t)bytes;
	r->head->n_slots = (uint16_t)(r->head->n_slots + h->n_slots);
	if (twice || (r->names & from->names))
		settle(r, at, twice);
	r->names |= from->names;
}

void tell_record_rest(struct tell_record *r)
{
	if (r->cap > CAP_KEPT)
		tell_record_done(r);
}

void tell_record_done(struct tell_record *r)
{
	if (r->cap)
		free(r->head);
	*r = (struct tell_record){ .limit = r->limit };
}
