#include "spool/entry.h"
#include <errno.h>
#include <string.h>
#include <telltale/log.h>
#include "base/crc32c.h"
#include "record/place.h"
#include "record/slot.h"

#define SUMMED offsetof(struct tell_spool_entry, bytes) /* from here on */

static uint32_t sum_of(const char *entry, uint32_t bytes, uint32_t salt)
{
	uint32_t crc = tell_crc32c(0, &salt, sizeof(salt));
	return tell_crc32c(crc, entry + SUMMED, bytes - SUMMED);
}

/* ---- making ---- */

static void put_padding(struct tell_buf *out, size_t start)
{
	static const char zeros[8];
	size_t n = out->len - start;
	tell_buf_put(out, zeros, tell_pad8(n) - n);
}

static void put_place(struct tell_buf *out, const struct tell_place *p)
{
	size_t start = out->len;
	tell_buf_put(out, p->file, p->file_len);
	tell_buf_put(out, p->func, p->func_len);
	tell_buf_put(out, p->logger, p->logger_len);
	put_padding(out, start);
}

/* A moved value is where it belongs again. */
static void begin_slot(struct tell_buf *out, const struct tell_value *v, uint16_t key)
{
	struct tell_slot s = { .key = key,
		.type = v->type,
		.flags = v->flags & (uint8_t)~TELL_SLOT_MOVED,
		.len = v->len };
	tell_buf_put(out, &s, sizeof(s));
}

/* A live field with its name in it. */
static void put_field(struct tell_buf *out, const struct tell_value *v)
{
	bool is_part = v->key == TELL_KEY_MESSAGE || v->key == TELL_KEY_SERVICE;
	begin_slot(out, v, is_part ? v->key : TELL_KEY_INLINE);
	size_t start = out->len;
	if (!is_part) {
		tell_buf_putc(out, (char)v->name_len);
		tell_buf_put(out, v->name, v->name_len);
		put_padding(out, start);
	}
	start = out->len;
	tell_buf_put(out, v->data, v->len);
	put_padding(out, start);
}

/* The message first, as in any record. */
static void put_block(struct tell_buf *out, const struct tell_record *r)
{
	struct tell_head h = *r->head;
	size_t start = out->len;
	uint32_t pos = 0;
	struct tell_value v;
	tell_buf_put(out, &h, sizeof(h));
	h.n_slots = 0;
	while (tell_record_next(r, &pos, &v)) {
		put_field(out, &v);
		h.n_slots++;
	}
	h.size = (uint32_t)(out->len - start);
	h.place = 0;
	if (!out->cut)
		memcpy(out->data + start, &h, sizeof(h));
}

bool tell_spool_entry_put(
	struct tell_buf *out, const struct tell_record *r, uint64_t number, uint32_t salt)
{
	const struct tell_place *p = tell_place(r->head->place);
	size_t start = out->len;
	struct tell_spool_entry e = { .magic = TELL_SPOOL_ENTRY,
		.line = p->line,
		.number = number,
		.file_len = (uint8_t)p->file_len,
		.func_len = (uint8_t)p->func_len,
		.logger_len = (uint8_t)p->logger_len };
	tell_buf_put(out, &e, sizeof(e));
	put_place(out, p);
	put_block(out, r);
	size_t n = out->len - start;
	if (out->cut || n > TELL_SPOOL_ENTRY_MAX) {
		out->len = start;
		return false;
	}
	e.bytes = (uint32_t)n;
	memcpy(out->data + start, &e, sizeof(e));
	e.crc = sum_of(out->data + start, e.bytes, salt);
	memcpy(out->data + start, &e, sizeof(e));
	return true;
}

/* ---- reading ---- */

static size_t place_bytes(const struct tell_spool_entry *e)
{
	return tell_pad8((size_t)e->file_len + e->func_len + e->logger_len);
}

size_t tell_spool_entry_check(const void *at, size_t len, uint32_t salt)
{
	struct tell_spool_entry e;
	if (len < sizeof(e))
		return 0;
	memcpy(&e, at, sizeof(e));
	if (e.magic != TELL_SPOOL_ENTRY || e.bytes % 8 || e.bytes > len ||
		e.bytes > TELL_SPOOL_ENTRY_MAX ||
		e.bytes < sizeof(e) + place_bytes(&e) + sizeof(struct tell_head) ||
		e.crc != sum_of(at, e.bytes, salt))
		return 0;
	return e.bytes;
}

static uint32_t place_of(const struct tell_spool_entry *e, const char *text)
{
	char names[3][UINT8_MAX + 1];
	const uint8_t len[3] = { e->file_len, e->func_len, e->logger_len };
	if (len[0] + len[1] + len[2] == 0 && e->line == 0)
		return 0;
	for (int i = 0; i < 3; text += len[i++]) {
		memcpy(names[i], text, len[i]);
		names[i][len[i]] = '\0';
	}
	struct tell_site site = {
		.line = e->line, .file = names[0], .func = names[1], .logger = names[2]
	};
	return tell_place_add(&site);
}

/* The names that encoders know by their numbers must have them. Numbers above those of every
 * process were given here when the name was first used; else it stays in the record. */
static uint16_t number_of(const char *name, size_t len)
{
	for (uint16_t id = TELL_KEY_MESSAGE_ID; id < TELL_KEY_FIRST_FREE; id++) {
		const struct tell_key *k = tell_key_by_id(id);
		if (k && k->len == len && memcmp(k->name, name, len) == 0)
			return id;
	}
	const struct tell_key *k = tell_key_of(name, len);
	return k && k->len == len && memcmp(k->name, name, len) == 0 ? k->id
								     : TELL_KEY_INLINE;
}

static void put_slot(struct tell_buf *out, const struct tell_value *v)
{
	uint16_t key = v->key != TELL_KEY_INLINE ? v->key
						 : number_of(v->name, v->name_len);
	if (key == TELL_KEY_INLINE) {
		put_field(out, v);
		return;
	}
	begin_slot(out, v, key);
	size_t start = out->len;
	tell_buf_put(out, v->data, v->len);
	put_padding(out, start);
}

/* Names that only this process numbers are none of another's block. */
static bool is_foreign(const struct tell_value *v)
{
	return v->key != TELL_KEY_INLINE && v->key != TELL_KEY_MESSAGE &&
		v->key != TELL_KEY_SERVICE;
}

/* The block as another made it is copied behind itself: there it is aligned and checked. */
static int put_numbered(struct tell_buf *out, const struct tell_record *r)
{
	uint32_t pos = 0;
	struct tell_value v;
	struct tell_head h = *r->head;
	tell_buf_put(out, &h, sizeof(h));
	for (h.n_slots = 0; tell_record_next(r, &pos, &v); h.n_slots++) {
		if (is_foreign(&v))
			return -EBADMSG;
		put_slot(out, &v);
	}
	h.size = (uint32_t)out->len;
	if (out->cut)
		return -ENOMEM;
	memcpy(out->data, &h, sizeof(h));
	return 0;
}

int tell_spool_entry_read(struct tell_buf *out, const void *entry)
{
	struct tell_spool_entry e;
	struct tell_record r;
	memcpy(&e, entry, sizeof(e));
	size_t at = sizeof(e) + place_bytes(&e), n = e.bytes - at;
	const char *block = (const char *)entry + at;
	struct tell_buf aligned;
	tell_buf_init(&aligned, TELL_SPOOL_ENTRY_MAX);
	if ((uintptr_t)block % 8) {
		tell_buf_put(&aligned, block, n);
		block = aligned.data;
	}
	tell_buf_clear(out);
	int error = !block ? -ENOMEM : tell_record_view(&r, block, n);
	if (error == 0 &&
		r.head->flags &
			(TELL_RECORD_TICKS | TELL_RECORD_DEFERRED |
				TELL_RECORD_UNFILTERED))
		error = -EBADMSG; /* of a queue only */
	if (error == 0)
		error = put_numbered(out, &r);
	if (error == 0)
		((struct tell_head *)out->data)->place = place_of(
			&e, (const char *)entry + sizeof(e));
	tell_buf_done(&aligned);
	return error;
}
