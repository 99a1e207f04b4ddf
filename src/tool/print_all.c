/* The forms that show all an entry has: verbose, and the Journal Export Format. */
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/utf8.h"
#include "encode/encode.h"
#include "record/level.h"
#include "record/place.h"
#include "tool/print.h"

static void put_field(struct tell_print *p, struct tell_buf *out, const char *name,
	size_t name_len, const char *text, size_t len)
{
	if (!tell_print_wants(p, name, name_len))
		return;
	tell_buf_puts(out, "    ");
	tell_paint(p, out, name[0] == '_' ? TELL_PAINT_DIM : TELL_PAINT_NAME);
	for (size_t i = 0; i < name_len; i++) {
		char c = name[i];
		tell_buf_putc(out, c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
	}
	tell_paint(p, out, TELL_PAINT_NONE);
	tell_buf_putc(out, '=');
	tell_print_text(out, text, len, 4 + name_len + 1);
	tell_buf_putc(out, '\n');
}

static void put_word(
	struct tell_print *p, struct tell_buf *out, const char *name, const char *text)
{
	if (*text)
		put_field(p, out, name, strlen(name), text, strlen(text));
}

static void put_place(
	struct tell_print *p, const struct tell_entry *e, struct tell_buf *out)
{
	const struct tell_place *place = tell_place(e->record.head->place);
	put_word(p, out, "logger", place->logger);
	if (place->file_len) {
		tell_buf_clear(&p->line);
		tell_buf_printf(&p->line, "%s:%u%s%s", place->file, place->line,
			place->func_len ? " " : "", place->func);
		put_word(p, out, "caller", tell_buf_cstr(&p->line));
	}
}

static void put_record(
	struct tell_print *p, const struct tell_entry *e, struct tell_buf *out)
{
	struct tell_value v;
	for (uint32_t pos = 0; tell_record_next(&e->record, &pos, &v);) {
		tell_buf_clear(&p->line);
		tell_encode_value(&p->line, &v);
		put_field(
			p, out, v.name, v.name_len, tell_buf_cstr(&p->line), p->line.len);
	}
	put_place(p, e, out);
	tell_buf_clear(&p->line);
	tell_encode_seq(&p->line, e->record.head);
	put_word(p, out, "seq", tell_buf_cstr(&p->line));
}

/* A journal's fields: the message, then the program's, then the journal's own. */
static void put_raw(
	struct tell_print *p, const struct tell_entry *e, struct tell_buf *out)
{
	const struct tell_raw_field *message = tell_entry_raw(e, "MESSAGE");
	if (message)
		put_field(p, out, "message", 7, message->value, message->len);
	for (int trusted = 0; trusted <= 1; trusted++)
		for (size_t i = 0; i < e->n_raw; i++) {
			const struct tell_raw_field *f = &e->raw[i];
			if (f != message && (f->name[0] == '_') == trusted)
				put_field(p, out, f->name, f->name_len, f->value, f->len);
		}
}

static void put_cursor(
	struct tell_print *p, const struct tell_entry *e, struct tell_buf *out)
{
	char *cursor = tell_entry_cursor(e);
	if (!cursor)
		return;
	tell_paint(p, out, TELL_PAINT_DIM);
	tell_buf_printf(out, " [%s]", cursor);
	tell_paint(p, out, TELL_PAINT_NONE);
	free(cursor);
}

void tell_print_verbose(
	struct tell_print *p, const struct tell_entry *e, struct tell_buf *out)
{
	int level = e->record.head->level;
	tell_print_time(p, out, "%a %Y-%m-%d %H:%M:%S", true, tell_entry_time(e));
	tell_print_time(p, out, p->utc ? " UTC " : " %Z ", false, tell_entry_time(e));
	tell_paint_level(p, out, level);
	tell_buf_puts(out, tell_level_word(level));
	tell_paint(p, out, TELL_PAINT_NONE);
	if (*e->who.service) {
		tell_buf_putc(out, ' ');
		tell_print_text(out, e->who.service, strlen(e->who.service), 0);
	}
	if (e->record.head->pid)
		tell_buf_printf(out, "[%u]", e->record.head->pid);
	put_cursor(p, e, out);
	tell_buf_putc(out, '\n');
	if (e->journal)
		put_raw(p, e, out);
	else
		put_record(p, e, out);
}

/* Text without control characters, as journalctl(1) has it: C0 but tab, DEL, C1. */
static bool is_plain(const char *value, size_t len)
{
	if (tell_utf8_valid(value, len) < len)
		return false;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)value[i];
		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
		/* C1 is U+0080 to U+009F. */
		if (c == 0xc2 && (unsigned char)value[i + 1] < 0xa0)
			return false;
	}
	return true;
}

/* One field: "NAME=value\n", or before a value that is not plain its length in 64 bits,
 * little-endian. Source: systemd's Journal Export Formats. */
static void export_field(struct tell_buf *out, const char *name, size_t name_len,
	const char *value, size_t len)
{
	tell_buf_put(out, name, name_len);
	if (is_plain(value, len)) {
		tell_buf_putc(out, '=');
	} else {
		tell_buf_putc(out, '\n');
		for (int i = 0; i < 8; i++)
			tell_buf_putc(out, (char)((uint64_t)len >> (8 * i) & 0xff));
	}
	tell_buf_put(out, value, len);
	tell_buf_putc(out, '\n');
}

void tell_print_export(
	struct tell_print *p, const struct tell_entry *e, struct tell_buf *out)
{
	char *cursor = tell_entry_cursor(e);
	if (cursor)
		tell_buf_printf(out, "__CURSOR=%s\n", cursor);
	free(cursor);
	tell_buf_printf(
		out, "__REALTIME_TIMESTAMP=%llu\n", (unsigned long long)e->realtime_us);
	if (e->journal)
		tell_buf_printf(out, "__MONOTONIC_TIMESTAMP=%llu\n",
			(unsigned long long)tell_entry_monotonic_us(e));
	for (size_t i = 0; i < e->n_raw; i++) {
		const struct tell_raw_field *f = &e->raw[i];
		if (tell_print_wants(p, f->name, f->name_len) ||
			(f->name_len == 8 && memcmp(f->name, "_BOOT_ID", 8) == 0))
			export_field(out, f->name, f->name_len, f->value, f->len);
	}
	if (!e->journal) {
		struct tell_layout layout = { .who = &e->who, .work = &p->work };
		tell_buf_clear(&p->line);
		tell_encode_journal(&p->line, &e->record, &layout);
		tell_buf_put(out, p->line.data, p->line.len);
		if (e->record.head->pid)
			tell_buf_printf(out, "SYSLOG_PID=%u\n", e->record.head->pid);
	}
	tell_buf_putc(out, '\n');
}
