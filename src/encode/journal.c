#include <string.h>
#include <telltale/log.h>
#include "base/number.h"
#include "base/utf8.h"
#include "encode/encode.h"
#include "encode/parts.h"
#include "encode/room.h"
#include "encode/value.h"

/* journald's native protocol: `NAME=value\n`, or with a line feed in the value
 * `NAME\n<64-bit little-endian length>value\n` (systemd.io, Native Journal Protocol).
 * Values are byte-exact: nothing is escaped. Room as in encode/room.h. */

/* journald drops an entry with more fields (ENTRY_FIELD_COUNT_MAX). */
#define FIELDS_MAX 1024
/* Fields of our own that an entry may have at most; see TELL_SLOTS_MAX. */
#define FIELDS_OURS 16

struct entry {
	struct tell_buf *out;
	char *p;
	unsigned spare; /* fields that lists may still add beyond one each */
};

static char *put_le64(char *p, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		p[i] = (char)(v >> (8 * i));
	return p + 8;
}

static char *put_name(char *p, const struct tell_value *v)
{
	const struct tell_key *key = tell_key_by_id(v->key);
	if (__builtin_expect(key != NULL, 1)) {
		memcpy(p, key->upper, TELL_NAME_MAX); /* it has so many */
		return p + key->len;
	}
	for (size_t i = 0; i < v->name_len; i++) {
		char c = v->name[i];
		*p++ = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
	}
	return p;
}

/* The value behind a name, and the end of the field. */
static void put_value(struct entry *e, const char *s, size_t n)
{
	e->p = tell_room(e->out, e->p, n + TELL_SLACK);
	if (!e->p)
		return;
	if (n && memchr(s, '\n', n)) {
		*e->p++ = '\n';
		e->p = put_le64(e->p, n);
	} else {
		*e->p++ = '=';
	}
	if (n)
		e->p = tell_put_bytes(e->p, s, n);
	*e->p++ = '\n';
}

/* A field of ours; the name is a literal. */
#define PUT_TEXT(e, name, s, n)                                                          \
	do {                                                                             \
		(e)->p = tell_room((e)->out, (e)->p, TELL_SLACK);                        \
		if ((e)->p)                                                              \
			(e)->p = TELL_PUT((e)->p, name);                                 \
		put_value((e), (s), (n));                                                \
	} while (0)

static void put_list(struct entry *e, const struct tell_value *v);

/* `NAME=value` of one value; name from `named`, which for elements is their list. */
static void put_field(
	struct entry *e, const struct tell_value *named, const struct tell_value *v)
{
	char text[TELL_SHORT_MAX_CHARS];
	e->p = tell_room(e->out, e->p, TELL_SLACK);
	if (!e->p)
		return;
	e->p = put_name(e->p, named);
	char *end = tell_put_short(text, v);
	if (end) {
		put_value(e, text, (size_t)(end - text));
		return;
	}
	if (v->type != TELL_TYPE_HEX && v->type != TELL_TYPE_LIST) {
		put_value(e, v->data, v->len); /* text, JSON and bytes as they are */
		return;
	}
	*e->p++ = '='; /* hex and JSON have no line feed */
	size_t start = e->out->len;
	tell_room_end(e->out, e->p, start);
	tell_encode_value(e->out, v);
	if (e->out->cut)
		e->p = NULL;
	else
		e->p = tell_room_begin(e->out, TELL_SLACK);
	if (e->p)
		*e->p++ = '\n';
}

/* A field for each element; too many for an entry, or none: one field with a JSON array. */
static void put_list(struct entry *e, const struct tell_value *list)
{
	struct tell_value v;
	unsigned n = 0;
	for (uint32_t pos = 0; n <= FIELDS_MAX && tell_value_next(list, &pos, &v);)
		n++;
	if (n == 0 || n - 1 > e->spare) {
		put_field(e, list, list);
		return;
	}
	e->spare -= n - 1;
	for (uint32_t pos = 0; e->p && tell_value_next(list, &pos, &v);)
		put_field(e, list, &v);
}

/* MESSAGE with fields behind it, and TELL_TEXT without. How long it gets is
 * known when it is written: the length goes in afterwards. */
static void put_full_message(
	struct entry *e, const struct tell_record *r, const struct tell_layout *l)
{
	size_t n;
	const char *text = tell_record_text(r, &n);
	bool lines = n && memchr(text, '\n', n);
	e->p = tell_room(e->out, e->p, n + TELL_SLACK);
	if (!e->p)
		return;
	e->p = lines ? TELL_PUT(e->p, "MESSAGE\n........") : TELL_PUT(e->p, "MESSAGE=");
	size_t begin = (size_t)(e->p - e->out->data);
	e->p = tell_put_bytes(e->p, text, n);
	tell_room_end(e->out, e->p, begin);
	tell_encode_message_fields(e->out, r, l->message_all);
	if (e->out->cut) {
		e->p = NULL;
		return;
	}
	size_t full = e->out->len - begin;
	if (lines)
		(void)put_le64(e->out->data + begin - 8, full); /* over the dots */
	e->p = tell_room_begin(e->out, TELL_SLACK);
	if (!e->p)
		return;
	*e->p++ = '\n';
	if (full > n)
		PUT_TEXT(e, "TELL_TEXT", text, n);
}

static void put_message(
	struct entry *e, const struct tell_record *r, const struct tell_layout *l)
{
	size_t n;
	if (l->message_full) {
		put_full_message(e, r, l);
		return;
	}
	const char *text = tell_record_text(r, &n);
	PUT_TEXT(e, "MESSAGE", text, n);
}

static void put_place(struct entry *e, const struct tell_place *place)
{
	char line[TELL_U64_MAX_CHARS];
	if (place->logger_len)
		PUT_TEXT(e, "LOGGER", place->logger, place->logger_len);
	if (!place->file_len)
		return;
	size_t n = (size_t)(tell_put_u64(line, place->line) - line);
	PUT_TEXT(e, "CODE_FILE", place->file, place->file_len);
	PUT_TEXT(e, "CODE_LINE", line, n);
	if (place->func_len)
		PUT_TEXT(e, "CODE_FUNC", place->func, place->func_len);
}

/* What journald is told about a record that did not come straight from its maker. */
static void put_delivery(
	struct entry *e, const struct tell_record *r, const struct tell_layout *l)
{
	const struct tell_head *h = r->head;
	char text[TELL_RFC3339_CHARS + TELL_U64_MAX_CHARS];
	if (h->flags & TELL_RECORD_LATE) {
		size_t n = (size_t)(tell_put_timestamp(text, h, l) - text);
		PUT_TEXT(e, "TELL_TIME", text, n);
	}
	if (h->flags & TELL_RECORD_RECOVERED)
		PUT_TEXT(e, "TELL_RECOVERED", "1", 1);
	if (h->flags & (TELL_RECORD_RECOVERED | TELL_RECORD_OTHER_PID)) {
		size_t n = (size_t)(tell_put_u64(text, tell_pid_of(h, l)) - text);
		PUT_TEXT(e, "SYSLOG_PID", text, n);
	}
	if (h->flags & TELL_RECORD_CUT)
		PUT_TEXT(e, "TELL_CUT", "1", 1);
}

static void put_head(
	struct entry *e, const struct tell_record *r, const struct tell_layout *l)
{
	const struct tell_head *h = r->head;
	unsigned pri = tell_pri_of(h, l);
	char text[TELL_SEQ_MAX_CHARS];
	e->p = tell_room(e->out, e->p, TELL_SLACK);
	if (!e->p)
		return;
	e->p = TELL_PUT(e->p, "PRIORITY=");
	*e->p++ = (char)('0' + (pri & 7));
	e->p = TELL_PUT(e->p, "\nSYSLOG_FACILITY=");
	e->p = tell_put_u64(e->p, pri >> 3);
	if (h->tid) {
		e->p = TELL_PUT(e->p, "\nTID=");
		e->p = tell_put_u64(e->p, h->tid);
	}
	*e->p++ = '\n';
	struct tell_author s = tell_author_of(r, l);
	PUT_TEXT(e, "SYSLOG_IDENTIFIER", s.name, s.len);
	if (h->seq)
		PUT_TEXT(e, "TELL_SEQ", text, (size_t)(tell_put_seq(text, h) - text));
	if (h->kind != TELL_KIND_LOG) {
		const char *word = tell_kind_word(h->kind);
		PUT_TEXT(e, "TELL_KIND", word, strlen(word));
	}
}

void tell_encode_journal(
	struct tell_buf *out, const struct tell_record *r, const struct tell_layout *l)
{
	size_t start = out->len;
	unsigned used = FIELDS_OURS + r->head->n_slots;
	struct entry e = {
		.out = out,
		.p = tell_room_begin(out, 2 * (size_t)r->head->size + 4 * TELL_SLACK),
		.spare = used < FIELDS_MAX ? FIELDS_MAX - used : 0,
	};
	put_message(&e, r, l);
	put_head(&e, r, l);
	put_place(&e, tell_place(r->head->place));
	put_delivery(&e, r, l);

	struct tell_value v;
	for (uint32_t pos = 0; e.p && tell_record_next(r, &pos, &v);) {
		if (!tell_key_is_field(v.key))
			continue;
		if (v.type == TELL_TYPE_LIST)
			put_list(&e, &v);
		else
			put_field(&e, &v, &v);
	}
	tell_room_end(out, e.p, start);
}
