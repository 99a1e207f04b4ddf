#include <errno.h>
#include <telltale/log.h>
#include "record/record.h"
#include "record/slot.h"
#include "record/walk.h"

bool tell_record_next(const struct tell_record *r, uint32_t *pos, struct tell_value *ret)
{
	return tell_walk_next(r->head, pos, ret);
}

bool tell_record_get(
	const struct tell_record *r, const char *name, size_t len, struct tell_value *ret)
{
	struct tell_value v;
	for (uint32_t pos = 0; tell_walk_next(r->head, &pos, &v);) {
		if (v.name_len != len || memcmp(v.name, name, len) != 0)
			continue;
		*ret = v;
		return true;
	}
	return false;
}

bool tell_record_has(const struct tell_record *r, const char *name, size_t len)
{
	struct tell_value v;
	return tell_record_get(r, name, len, &v);
}

const char *tell_record_text(const struct tell_record *r, size_t *ret_len)
{
	return tell_walk_text(r->head, ret_len);
}

bool tell_record_named(
	const struct tell_record *r, const char **ret_name, size_t *ret_len)
{
	struct tell_value v;
	if (!(r->head->flags & TELL_RECORD_OTHER_NAME))
		return false;
	for (uint32_t pos = 0; tell_walk_next(r->head, &pos, &v);) {
		if (v.key != TELL_KEY_SERVICE || !v.len)
			continue;
		*ret_name = v.data;
		*ret_len = v.len;
		return true;
	}
	return false; /* left out where memory was short */
}

bool tell_value_next(const struct tell_value *list, uint32_t *pos, struct tell_value *ret)
{
	if (*pos >= list->len)
		return false;
	const struct tell_slot *s =
		(const struct tell_slot *)((const char *)list->data + *pos);
	*ret = (struct tell_value){
		.type = s->type,
		.flags = s->flags,
		.len = s->len,
		.data = s + 1,
		.name = "",
	};
	*pos += (uint32_t)(sizeof(*s) + tell_pad8(s->len));
	return true;
}

/* ---- foreign bytes ---- */

static bool value_fits(uint8_t type, size_t len)
{
	if (type == TELL_TYPE_STR)
		return true;
	if (tell_type_is_number(type))
		return len == 8;
	if (type == TELL_TYPE_ID128)
		return len == 16;
	if (type == TELL_TYPE_NULL || type == TELL_TYPE_SECRET)
		return len == 0;
	return type == TELL_TYPE_BYTES || type == TELL_TYPE_HEX ||
		type == TELL_TYPE_JSON || type == TELL_TYPE_SOCKADDR;
}

static bool list_fits(const char *data, size_t len)
{
	for (size_t at = 0; at < len;) {
		struct tell_slot s;
		if (len - at < sizeof(s))
			return false;
		memcpy(&s, data + at, sizeof(s));
		size_t bytes = sizeof(s) + tell_pad8(s.len);
		if (bytes > len - at || !value_fits(s.type, s.len) || s.flags)
			return false;
		at += bytes;
	}
	return true;
}

/* Is the slot at `at` whole, its name known or well-formed, its value of its type's size?
 * Sets its bytes. */
static bool slot_fits(const struct tell_head *h, size_t at, size_t *ret_bytes)
{
	size_t left = h->size - at;
	if (left < sizeof(struct tell_slot))
		return false;
	const struct tell_slot *s = tell_slot_at(h, at);
	if (s->key == TELL_KEY_INLINE) {
		if (left < sizeof(*s) + 8)
			return false;
		uint8_t n = *(const uint8_t *)(s + 1);
		if (n == 0 || n > TELL_NAME_MAX ||
			left < sizeof(*s) + tell_pad8(1 + (size_t)n))
			return false;
	} else if (!tell_key_by_id(s->key)) {
		return false;
	}
	if (s->len > left)
		return false;
	*ret_bytes = tell_slot_bytes(s);
	if (*ret_bytes > left)
		return false;
	if (s->flags & TELL_SLOT_DEAD)
		return true;

	const char *data = tell_slot_value(s);
	size_t len = s->len;
	if (s->flags & TELL_SLOT_MOVED) {
		struct tell_moved moved;
		if (s->len == 0)
			return false;
		memcpy(&moved, data, sizeof(moved));
		if (moved.offset > h->size || moved.len > h->size - moved.offset ||
			moved.offset % 8)
			return false;
		data = (const char *)h + moved.offset;
		len = moved.len;
	}
	return s->type == TELL_TYPE_LIST ? list_fits(data, len)
					 : value_fits(s->type, len);
}

int tell_record_view(struct tell_record *ret, const void *bytes, size_t len)
{
	const struct tell_head *h = bytes;
	if (len < sizeof(*h) || (uintptr_t)bytes % 8 || h->size < sizeof(*h) ||
		h->size > len || h->size % 8 || h->level > TELL_DEBUG ||
		h->kind > TELL_KIND_LOSS || h->facility > TELL_FACILITIES)
		return -EBADMSG;
	uint32_t n = 0;
	for (size_t at = sizeof(*h), slot_bytes; at < h->size; at += slot_bytes, n++)
		if (!slot_fits(h, at, &slot_bytes))
			return -EBADMSG;
	if (n > TELL_SLOTS_MAX)
		return -EBADMSG;
	*ret = (struct tell_record){ .head = (struct tell_head *)(uintptr_t)h };
	return 0;
}
