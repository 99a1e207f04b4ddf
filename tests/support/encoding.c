#include "support/encoding.h"
#include <stdlib.h>
#include <string.h>
#include "base/utf8.h"
#include "record/place.h"
#include "support/journal_entry.h"
#include "support/rfc5424_check.h"

void encoding_begin_n(struct encoding *e, const char *message, size_t n)
{
	static struct tell_site site = { .line = 142,
		.file = "src/cart.c",
		.func = "add_item",
		.logger = "shop.cart" };
	memset(e, 0, sizeof(*e));
	e->who = (struct tell_identity){ "shop", "host1", 4711, 3 };
	e->l = (struct tell_layout){ .who = &e->who, .work = &e->work, .utc = true };
	if (tell_record_begin(&e->r, TELL_INFO, TELL_KIND_LOG) < 0)
		abort();
	e->r.head->realtime_ns = UINT64_C(1795226767123456789);
	e->r.head->seq = 42;
	e->r.head->run = 0x1a2b3c4d;
	e->r.head->pid = 4711;
	e->r.head->tid = 4712;
	e->r.head->place = tell_place_add(&site);
	if (message)
		tell_record_message(&e->r, message, n);
}

void encoding_begin(struct encoding *e, const char *message)
{
	encoding_begin_n(e, message, message ? strlen(message) : 0);
}

void encoding_add(struct encoding *e, uint8_t slot_flags, struct tell_field f)
{
	tell_record_add(&e->r, &f, 1, slot_flags, NULL);
}

const char *encoding_text(struct encoding *e, const char *format)
{
	tell_buf_clear(&e->out);
	tell_encoder_of(format)(&e->out, &e->r, &e->l);
	return e->out.cut ? NULL : tell_buf_cstr(&e->out);
}

void encoding_end(struct encoding *e)
{
	tell_record_done(&e->r);
	tell_buf_done(&e->out);
	tell_buf_done(&e->work);
}

/* ---- from bytes ---- */

struct bytes {
	const uint8_t *s;
	size_t n;
};

static uint64_t take(struct bytes *b, size_t n)
{
	uint64_t v = 0;
	for (; n && b->n; n--, b->n--)
		v = v << 8 | *b->s++;
	return v;
}

static struct bytes take_text(struct bytes *b)
{
	size_t n = (size_t)take(b, 1);
	n = n < 224 ? n % 40 : n * 5; /* mostly short, now and then over a limit */
	n = n < b->n ? n : b->n;
	struct bytes text = { b->s, n };
	b->s += n;
	b->n -= n;
	return text;
}

/* A field of any type but those with elements; name is kept by the caller. */
static struct tell_field take_value(struct bytes *b, const char *name)
{
	struct tell_field f = tell_null(name);
	uint8_t type = (uint8_t)take(b, 1) % TELL_TYPE_LIST;
	if (type == TELL_TYPE_STR || type == TELL_TYPE_BYTES || type == TELL_TYPE_HEX ||
		type == TELL_TYPE_JSON || type == TELL_TYPE_SOCKADDR) {
		struct bytes text = take_text(b);
		f = tell_strn(name, text.s, text.n);
	} else if (type == TELL_TYPE_ID128 && b->n >= 16) {
		f = tell_id128(name, b->s);
		(void)take(b, 16);
	} else if (type == TELL_TYPE_ID128 || type == TELL_TYPE_ERRNO) {
		return tell_null(name);
	} else {
		f.v.u64 = take(b, 8);
	}
	f.type = type;
	return f;
}

static void take_field(struct encoding *e, struct bytes *b)
{
	static const uint8_t flags[4] = { 0, 0, TELL_SLOT_SCOPE, TELL_SLOT_ADDED };
	struct tell_field elements[8];
	char name[2048];
	struct bytes text = take_text(b);
	memcpy(name, text.s, text.n); /* at most 1275 */
	name[text.n] = '\0';
	uint8_t how = (uint8_t)take(b, 1);
	struct tell_field f = take_value(b, name);
	if (how % 16 == 15) {
		size_t n = how / 32;
		for (size_t i = 0; i < n; i++)
			elements[i] = take_value(b, "");
		f = tell_list_of(name, elements, n);
	}
	encoding_add(e, flags[how / 16 % 4], f);
}

void encoding_from_bytes(struct encoding *e, const uint8_t *bytes, size_t n)
{
	struct bytes b = { bytes, n };
	uint8_t head = (uint8_t)take(&b, 1);
	struct bytes text = take_text(&b);
	encoding_begin_n(e, (const char *)text.s, text.n);
	e->r.head->level = head & 7;
	e->r.head->kind = (head >> 3) % 9;
	e->r.head->flags = (uint16_t)(take(&b, 1) & 0x1f);
	uint8_t how = (uint8_t)take(&b, 1);
	e->l.message_full = how & 1;
	e->l.raw_newlines = how & 2;
	e->l.bom = how & 4;
	e->l.caller = how & 8;
	e->l.limit = how & 16 ? 480 + (size_t)take(&b, 1) : 0;
	if (how & 32)
		e->r.head->place = 0;
	while (b.n)
		take_field(e, &b);
	tell_record_trim(&e->r);
}

/* ---- what must hold ---- */

/* Of a line for people and machines: UTF-8 that only shows itself. */
static bool is_clean(const char *s, size_t n, bool lf_allowed)
{
	uint32_t cp;
	if (tell_utf8_valid(s, n) != n)
		return false;
	for (size_t at = 0; at < n; at += (size_t)tell_utf8_next(s + at, n - at, &cp)) {
		(void)tell_utf8_next(s + at, n - at, &cp);
		if (tell_cp_unsafe(cp) && !(cp == '\n' && lf_allowed))
			return false;
	}
	return true;
}

/* FORWARDING's rules beyond the grammar. */
static const char *rfc5424_fault(struct encoding *e)
{
	static struct rfc5424 m;
	if (!rfc5424_read(&m, e->out.data, e->out.len))
		return m.fault;
	if (e->out.len > (e->l.limit ? e->l.limit : 8192))
		return "rfc5424: over the limit";
	if (m.msg.len == 0)
		return "rfc5424: no MSG";
	if (m.timestamp.len != 27)
		return "rfc5424: not six digits of a second";
	if (e->l.bom && !m.bom)
		return "rfc5424: BOM";
	for (size_t i = 0; i < m.n_params; i++) {
		const struct rfc5424_param *p = &m.params[i];
		for (size_t j = 0; j < i; j++)
			if (m.params[j].id.at == p->id.at &&
				m.params[j].name.len == p->name.len &&
				memcmp(m.params[j].name.at, p->name.at, p->name.len) == 0)
				return "rfc5424: a name twice in an element";
		if (!is_clean(p->value.at, p->value.len, false))
			return "rfc5424: a control byte in a parameter";
	}
	return is_clean(m.msg.at, m.msg.len, e->l.raw_newlines) ? NULL : "rfc5424: MSG";
}

/* Are all values that are bytes in the entry, as they were? */
static const char *journal_fault(struct encoding *e)
{
	static struct journal_entry entry;
	struct tell_value v;
	if (!journal_entry_read(&entry, e->out.data, e->out.len))
		return "journal: no entry";
	const struct journal_field *message = journal_entry_find(&entry, "MESSAGE", NULL);
	if (!message || journal_entry_find(&entry, "MESSAGE", message))
		return "journal: not one MESSAGE";
	for (uint32_t pos = 0; tell_record_next(&e->r, &pos, &v);) {
		char name[TELL_NAME_MAX + 1];
		if (v.key == TELL_KEY_MESSAGE ||
			(v.type != TELL_TYPE_STR && v.type != TELL_TYPE_BYTES))
			continue;
		for (size_t i = 0; i < v.name_len; i++)
			name[i] = (char)(v.name[i] >= 'a' ? v.name[i] - 32 : v.name[i]);
		name[v.name_len] = '\0';
		const struct journal_field *f = journal_entry_find(&entry, name, NULL);
		if (!f || f->value_len != v.len || memcmp(f->value, v.data, v.len) != 0)
			return "journal: a value is not byte-exact";
	}
	return NULL;
}

const char *encoding_fault(struct encoding *e)
{
	static const char *const lines[] = { "json", "logfmt", "text", "rfc3164" };
	static const char *const faults[] = { "json: not clean", "logfmt: not clean",
		"text: not clean", "rfc3164: not clean" };
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (!encoding_text(e, lines[i]))
			return "cut";
		if (!is_clean(e->out.data, e->out.len, false))
			return faults[i];
	}
	if (!encoding_text(e, "rfc5424"))
		return "rfc5424: cut";
	const char *fault = rfc5424_fault(e);
	if (fault)
		return fault;
	return encoding_text(e, "journal") ? journal_fault(e) : "journal: cut";
}
