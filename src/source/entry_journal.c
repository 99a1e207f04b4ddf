#include <stdlib.h>
#include <string.h>
#include <systemd/sd-id128.h>
#include <systemd/sd-journal.h>
#include <telltale/log.h>
#include "base/clock.h"
#include "base/number.h"
#include "record/name.h"
#include "source/entry.h"
#include "decode/field_arg.h"

/* Copy all fields: libsystemd's pointers last only until its next call. Offsets become
 * pointers when the memory no longer grows. */
static void copy_fields(struct tell_entry *e, sd_journal *j)
{
	const void *data;
	size_t len;
	tell_buf_clear(&e->memory);
	e->n_raw = 0;
	sd_journal_restart_data(j);
	while (e->n_raw < TELL_ENTRY_RAW_MAX &&
		sd_journal_enumerate_available_data(j, &data, &len) > 0) {
		const char *equals = memchr(data, '=', len);
		if (!equals || !tell_buf_reserve(&e->memory, len + 1))
			continue;
		tell_buf_put(&e->memory, data, len);
		tell_buf_putc(&e->memory, '\0');
		size_t name_len = (size_t)(equals - (const char *)data);
		e->raw[e->n_raw++] = (struct tell_raw_field){ .name_len = name_len,
			.len = len - name_len - 1 };
	}
	const char *p = e->memory.data;
	for (size_t i = 0; i < e->n_raw; i++) {
		struct tell_raw_field *f = &e->raw[i];
		f->name = p;
		f->value = p + f->name_len + 1;
		p = f->value + f->len + 1;
	}
}

static const char *text_of(const struct tell_entry *e, const char *name)
{
	const struct tell_raw_field *f = tell_entry_raw(e, name);
	return f ? f->value : NULL;
}

static uint32_t number_of(const struct tell_entry *e, const char *name)
{
	const struct tell_raw_field *f = tell_entry_raw(e, name);
	uint64_t n;
	return f && tell_parse_u64(f->value, f->len, &n) && n <= UINT32_MAX ? (uint32_t)n
									    : 0;
}

/* TELL_TIME is when a late record was made: RFC 3339, or ns since 1970. */
static uint64_t late_time(const struct tell_entry *e)
{
	const struct tell_raw_field *f = tell_entry_raw(e, "TELL_TIME");
	uint64_t ns;
	if (f &&
		(tell_parse_rfc3339(f->value, f->len, &ns) ||
			tell_parse_u64(f->value, f->len, &ns)))
		return ns;
	return 0;
}

static void load_head(struct tell_entry *e, uint64_t realtime_us)
{
	struct tell_head *h = e->record.head;
	uint64_t late_ns = late_time(e);
	h->realtime_ns = late_ns ? late_ns : realtime_us * 1000;
	h->flags |= late_ns ? TELL_RECORD_LATE : 0;
	h->flags |= text_of(e, "TELL_RECOVERED") ? TELL_RECORD_RECOVERED : 0;
	h->pid = number_of(e, "SYSLOG_PID");
	if (h->pid == 0)
		h->pid = number_of(e, "_PID");
	h->tid = number_of(e, "TID");

	const struct tell_raw_field *seq = tell_entry_raw(e, "TELL_SEQ");
	e->own = seq && tell_entry_seq(h, seq->value, seq->len);
	const struct tell_raw_field *kind = tell_entry_raw(e, "TELL_KIND");
	if (kind)
		tell_entry_kind(h, kind->value, kind->len);
	tell_entry_place(e, text_of(e, "CODE_FILE"), number_of(e, "CODE_LINE"),
		text_of(e, "CODE_FUNC"), e->own ? text_of(e, "LOGGER") : NULL);
}

static void load_identity(struct tell_entry *e)
{
	const char *service = text_of(e, "SYSLOG_IDENTIFIER");
	if (!service)
		service = text_of(e, "_COMM");
	const char *host = text_of(e, "_HOSTNAME");
	const char *facility = text_of(e, "SYSLOG_FACILITY");
	e->who = (struct tell_identity){ .service = service ? service : "",
		.host = host ? host : "",
		.pid = e->record.head->pid,
		.facility = facility ? (uint8_t)number_of(e, "SYSLOG_FACILITY") : 1 };
}

/* Is it a field of the record, rather than of its head or the journal's own? Names come
 * back in lower case. */
static bool is_field(
	const struct tell_entry *e, const struct tell_raw_field *f, char *name)
{
	if (f->name_len > TELL_NAME_MAX || f->name[0] == '_')
		return false;
	for (size_t i = 0; i < f->name_len; i++) {
		char c = f->name[i];
		name[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	if (!e->own && f->name_len == 6 && memcmp(name, "logger", 6) == 0)
		return true; /* becomes user_logger, visibly */
	return !tell_name_reserved(name, f->name_len);
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
static void add_field(struct tell_entry *e, size_t i, const char *name)
{
	const struct tell_raw_field *first = &e->raw[i];
	uint32_t n = 0;
	for (size_t k = i; k < e->n_raw; k++)
		if (e->raw[k].name_len == first->name_len &&
			memcmp(e->raw[k].name, first->name, first->name_len) == 0)
			e->fields[n++] = value_of(e, &e->raw[k]);
	struct tell_field f = n == 1 ? e->fields[0] : tell_list_of("", e->fields, n);
	f.key = name;
	f.key_len = (uint16_t)first->name_len;
	tell_record_add(&e->record, &f, 1, 0, NULL);
}

static bool seen_before(const struct tell_entry *e, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (e->raw[k].name_len == e->raw[i].name_len &&
			memcmp(e->raw[k].name, e->raw[i].name, e->raw[i].name_len) == 0)
			return true;
	return false;
}

static void load_fields(struct tell_entry *e)
{
	const struct tell_raw_field *text = tell_entry_raw(e, "TELL_TEXT");
	if (!text || !e->own)
		text = tell_entry_raw(e, "MESSAGE");
	tell_record_message(&e->record, text ? text->value : "", text ? text->len : 0);

	char name[TELL_NAME_MAX];
	for (size_t i = 0; i < e->n_raw; i++)
		if (is_field(e, &e->raw[i], name) && !seen_before(e, i))
			add_field(e, i, name);
}

/* What libsystemd knows beside the fields. */
static void load_address(struct tell_entry *e, sd_journal *j)
{
	sd_id128_t boot; /* among the fields as well: _BOOT_ID */
	free(e->cursor);
	e->cursor = NULL;
	(void)sd_journal_get_cursor(j, &e->cursor); /* NULL: not known */
	if (sd_journal_get_monotonic_usec(j, &e->monotonic_us, &boot) < 0)
		e->monotonic_us = 0;
}

int tell_entry_from_journal(struct tell_entry *e, sd_journal *j)
{
	int r = sd_journal_get_realtime_usec(j, &e->realtime_us);
	if (r < 0)
		return r;
	copy_fields(e, j);

	int level = TELL_INFO;
	const struct tell_raw_field *priority = tell_entry_raw(e, "PRIORITY");
	if (priority && priority->len == 1 && *priority->value >= '0' &&
		*priority->value <= '7')
		level = *priority->value - '0';
	r = tell_record_begin(&e->record, level, TELL_KIND_LOG);
	if (r < 0)
		return r;
	e->journal = true;
	load_head(e, e->realtime_us);
	load_identity(e);
	load_fields(e);
	load_address(e, j);
	return 0;
}
