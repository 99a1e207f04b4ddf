#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-id128.h>
#include <systemd/sd-journal.h>
#include <telltale/log.h>
#include "base/clock.h"
#include "base/number.h"
#include "source/entry.h"
#include "decode/field_arg.h"

/* Copy all fields: libsystemd's pointers last only until its next call. Offsets become
 * pointers when the memory no longer grows. */
static int copy_fields(struct tell_entry *e, sd_journal *j)
{
	const void *data;
	size_t len;
	tell_buf_clear(&e->memory);
	e->n_raw = 0;
	e->cut = false;
	sd_journal_restart_data(j);
	while (e->n_raw < TELL_ENTRY_RAW_MAX &&
		sd_journal_enumerate_available_data(j, &data, &len) > 0) {
		const char *equals = memchr(data, '=', len);
		if (!equals)
			continue;
		if (!tell_buf_reserve(&e->memory, len + 1)) {
			if (e->memory.limit && e->memory.len + len < e->memory.limit)
				return -ENOMEM;
			e->cut = true; /* without this one */
			continue;
		}
		tell_buf_put(&e->memory, data, len);
		tell_buf_putc(&e->memory, '\0');
		struct tell_raw_field *f = &e->raw[e->n_raw++];
		f->name_len = (size_t)(equals - (const char *)data);
		f->len = len - f->name_len - 1;
	}
	return 0;
}

/* Point to what was copied, and judge each name. The first of several is a part. */
static void judge_fields(struct tell_entry *e)
{
	tell_journal_names_rest(&e->names);
	e->serial++;
	for (size_t i = 0; i < TELL_JOURNAL_N_PARTS; i++)
		e->parts[i] = TELL_ENTRY_RAW_MAX;
	const char *p = e->memory.data;
	for (uint32_t i = 0; i < e->n_raw; i++) {
		struct tell_raw_field *f = &e->raw[i];
		f->name = p;
		f->value = p + f->name_len + 1;
		p = f->value + f->len + 1;
		struct tell_journal_name *n = f->judged = tell_journal_name(
			&e->names, f->name, f->name_len);
		if (!n || n->seen == e->serial)
			continue;
		n->seen = e->serial;
		n->first = i;
		if (n->part < TELL_JOURNAL_N_PARTS)
			e->parts[n->part] = i;
	}
}

static const char *text_of(const struct tell_entry *e, enum tell_journal_part which)
{
	const struct tell_raw_field *f = tell_entry_part(e, which);
	return f ? f->value : NULL;
}

static uint32_t number_of(const struct tell_entry *e, enum tell_journal_part which)
{
	const struct tell_raw_field *f = tell_entry_part(e, which);
	uint64_t n;
	return f && tell_parse_u64(f->value, f->len, &n) && n <= UINT32_MAX ? (uint32_t)n
									    : 0;
}

/* Anybody can write the field: it is believed of a record that waited in a queue or a spool, or
 * whose machine's clock was set meanwhile, and no further. */
#define LATE_US	 (UINT64_C(31) * 86400 * 1000000)
#define EARLY_US (UINT64_C(600) * 1000000)

static bool is_likely(uint64_t ns, uint64_t realtime_us)
{
	uint64_t us = ns / 1000;
	return us <= realtime_us ? realtime_us - us <= LATE_US
				 : us - realtime_us <= EARLY_US;
}

/* TELL_TIME is when a late record was made: RFC 3339, or ns since 1970. 0: it says nothing. */
static uint64_t late_time(const struct tell_entry *e, uint64_t realtime_us)
{
	const struct tell_raw_field *f = tell_entry_part(e, TELL_JOURNAL_TIME);
	uint64_t ns;
	if (f &&
		(tell_parse_rfc3339(f->value, f->len, &ns) ||
			tell_parse_u64(f->value, f->len, &ns)) &&
		is_likely(ns, realtime_us))
		return ns;
	return 0;
}

static void load_head(struct tell_entry *e, uint64_t realtime_us)
{
	struct tell_head *h = e->record.head;
	uint64_t late_ns = late_time(e, realtime_us);
	h->realtime_ns = late_ns ? late_ns : realtime_us * 1000;
	h->flags |= late_ns ? TELL_RECORD_LATE : 0;
	h->flags |= e->cut ? TELL_RECORD_CUT : 0;
	h->flags |= tell_entry_part(e, TELL_JOURNAL_RECOVERED) ? TELL_RECORD_RECOVERED
							       : 0;
	h->pid = number_of(e, TELL_JOURNAL_SYSLOG_PID);
	if (h->pid == 0)
		h->pid = number_of(e, TELL_JOURNAL_PID);
	h->tid = number_of(e, TELL_JOURNAL_TID);

	const struct tell_raw_field *seq = tell_entry_part(e, TELL_JOURNAL_SEQ);
	e->own = seq && tell_entry_seq(h, seq->value, seq->len);
	const struct tell_raw_field *kind = tell_entry_part(e, TELL_JOURNAL_KIND);
	if (kind)
		tell_entry_kind(h, kind->value, kind->len);
	tell_entry_place(e, text_of(e, TELL_JOURNAL_FILE),
		number_of(e, TELL_JOURNAL_LINE), text_of(e, TELL_JOURNAL_FUNC),
		e->own ? text_of(e, TELL_JOURNAL_LOGGER) : NULL);
}

static void load_identity(struct tell_entry *e)
{
	const char *service = text_of(e, TELL_JOURNAL_IDENTIFIER);
	if (!service)
		service = text_of(e, TELL_JOURNAL_COMM);
	const char *host = text_of(e, TELL_JOURNAL_HOSTNAME);
	const char *facility = text_of(e, TELL_JOURNAL_FACILITY);
	e->who = (struct tell_identity){ .service = service ? service : "",
		.host = host ? host : "",
		.pid = number_of(
			e, TELL_JOURNAL_PID), /* what journald saw, not what was said */
		.facility = facility ? (uint8_t)number_of(e, TELL_JOURNAL_FACILITY) : 1 };
}

/* Is it a field of the record, rather than of its head or the journal's own? */
static bool is_field(const struct tell_entry *e, const struct tell_journal_name *n)
{
	return n->part == TELL_JOURNAL_FIELD ||
		(n->part == TELL_JOURNAL_TRUSTED && e->trusted) ||
		(n->part == TELL_JOURNAL_LOGGER && !e->own) || /* user_logger, visibly */
		n->part == TELL_JOURNAL_MESSAGE_ID;
}

static struct tell_field value_of(
	const struct tell_entry *e, const struct tell_raw_field *f)
{
	if (!e->own)
		return tell_strn("", f->value, f->len);
	if (f->len == 4 && memcmp(f->value, "null", 4) == 0)
		return tell_null("");
	return tell_field_typed("", f->value, f->len);
}

/* A name that comes again is a list (journal fields may repeat). */
static void add_field(struct tell_entry *e, uint32_t i)
{
	const struct tell_journal_name *name = e->raw[i].judged;
	uint32_t n = 0;
	for (uint32_t k = i; k < e->n_raw; k++)
		if (e->raw[k].judged == name)
			e->fields[n++] = value_of(e, &e->raw[k]);
	struct tell_field f = n == 1 ? e->fields[0] : tell_list_of("", e->fields, n);
	f.key = name->lower;
	f.key_len = name->n_lower;
	bool plain = name->part == TELL_JOURNAL_FIELD ||
		name->part == TELL_JOURNAL_LOGGER;
	tell_record_add(&e->record, &f, 1, plain ? 0 : TELL_SLOT_ADDED, &name->key);
}

/* An entry may have several of MESSAGE (sd_journal_send(3) says nothing against it); journald does
 * not keep which was first. */
static void add_more_messages(struct tell_entry *e)
{
	uint32_t n = 0;
	for (uint32_t i = e->parts[TELL_JOURNAL_MESSAGE] + 1; i < e->n_raw; i++)
		if (e->raw[i].judged && e->raw[i].judged->part == TELL_JOURNAL_MESSAGE)
			e->fields[n++] = tell_strn("", e->raw[i].value, e->raw[i].len);
	if (n == 0)
		return;
	struct tell_field f = n == 1 ? e->fields[0] : tell_list_of("", e->fields, n);
	f.key = "message_2";
	f.key_len = 9;
	tell_record_add(&e->record, &f, 1, 0, NULL);
}

static void load_fields(struct tell_entry *e)
{
	const struct tell_raw_field *text = tell_entry_part(e, TELL_JOURNAL_TEXT);
	if (!text || !e->own)
		text = tell_entry_part(e, TELL_JOURNAL_MESSAGE);
	tell_record_message(&e->record, text ? text->value : "", text ? text->len : 0);
	add_more_messages(e);
	for (uint32_t i = 0; i < e->n_raw; i++) {
		const struct tell_journal_name *n = e->raw[i].judged;
		if (n && n->first == i && is_field(e, n))
			add_field(e, i);
	}
}

char *tell_entry_cursor(const struct tell_entry *e)
{
	char *cursor;
	if (!e->journal || sd_journal_get_cursor(e->where, &cursor) < 0)
		return NULL;
	return cursor;
}

uint64_t tell_entry_monotonic_us(const struct tell_entry *e)
{
	sd_id128_t boot; /* among the fields as well: _BOOT_ID */
	uint64_t us;
	if (!e->journal || sd_journal_get_monotonic_usec(e->where, &us, &boot) < 0)
		return 0;
	return us;
}

int tell_entry_from_journal(struct tell_entry *e, sd_journal *j)
{
	int r = sd_journal_get_realtime_usec(j, &e->realtime_us);
	if (r < 0)
		return r;
	r = copy_fields(e, j);
	if (r < 0)
		return r;
	judge_fields(e);

	int level = TELL_INFO;
	const struct tell_raw_field *priority = tell_entry_part(e, TELL_JOURNAL_PRIORITY);
	if (priority && priority->len == 1 && *priority->value >= '0' &&
		*priority->value <= '7')
		level = *priority->value - '0';
	r = tell_record_begin(&e->record, level, TELL_KIND_LOG);
	if (r < 0)
		return r;
	e->journal = true;
	e->where = j;
	load_head(e, e->realtime_us);
	load_identity(e);
	load_fields(e);
	return 0;
}
