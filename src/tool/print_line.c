/* The forms for people that are one line: short... and cat. */
#include <stdio.h>
#include <string.h>
#include <telltale/log.h>
#include <time.h>
#include "base/clock.h"
#include "encode/encode.h"
#include "encode/parts.h"
#include "record/level.h"
#include "tool/print.h"

void tell_paint_level(const struct tell_print *p, struct tell_buf *out, int level)
{
	static const char *const codes[] = { "\033[1;31m", "\033[1;31m", "\033[1;31m",
		"\033[1;31m", "\033[33m", "\033[1m", "", "\033[2m" };
	if (p->color)
		tell_buf_puts(out, codes[level & 7]);
}

void tell_paint(const struct tell_print *p, struct tell_buf *out, enum tell_paint part)
{
	static const char *const codes[] = { "\033[0m", "\033[2m", "\033[36m" };
	if (p->color)
		tell_buf_puts(out, codes[part]);
}

void tell_print_text(struct tell_buf *out, const char *text, size_t len, size_t indent)
{
	while (len > 0) {
		const char *newline = memchr(text, '\n', len);
		size_t n = newline ? (size_t)(newline - text) : len;
		tell_text_escape(out, text, n, false);
		if (!newline)
			return;
		tell_buf_putc(out, '\n');
		for (size_t i = 0; i < indent; i++)
			tell_buf_putc(out, ' ');
		text = newline + 1;
		len -= n + 1;
	}
}

void tell_print_time(const struct tell_print *p, struct tell_buf *out, const char *format,
	bool precise, uint64_t ns)
{
	time_t sec = (time_t)(ns / TELL_NS_PER_SEC);
	struct tm tm;
	char text[64];
	if (!(p->utc ? gmtime_r(&sec, &tm) : localtime_r(&sec, &tm)))
		return;
		/* The format comes from this file's callers, all literals. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	size_t n = strftime(text, sizeof(text), format, &tm);
#pragma GCC diagnostic pop
	tell_buf_put(out, text, n);
	if (precise)
		tell_buf_printf(out, ".%06u", (unsigned)(ns % TELL_NS_PER_SEC / 1000));
}

static void put_when(
	struct tell_print *p, const struct tell_entry *e, struct tell_buf *out)
{
	uint64_t ns = tell_entry_time(e);
	bool precise = strstr(p->format, "-precise") != NULL;
	if (strncmp(p->format, "short-iso", 9) == 0) {
		tell_print_time(p, out, "%Y-%m-%dT%H:%M:%S", precise, ns);
		tell_print_time(p, out, "%z", false, ns);
	} else {
		tell_print_time(p, out, "%b %e %H:%M:%S", precise, ns);
	}
}

/* "Nov 21 02:06:07 host service[123]: " */
static size_t put_prefix(
	struct tell_print *p, const struct tell_entry *e, struct tell_buf *out)
{
	size_t from = out->len;
	put_when(p, e, out);
	if (p->hostname && *e->who.host) {
		tell_buf_putc(out, ' ');
		tell_print_text(out, e->who.host, strlen(e->who.host), 0);
	}
	tell_buf_putc(out, ' ');
	const char *service = *e->who.service ? e->who.service : "unknown";
	tell_print_text(out, service, strlen(service), 0);
	if (e->record.head->pid)
		tell_buf_printf(out, "[%u]", e->record.head->pid);
	tell_buf_puts(out, ": ");
	return out->len - from;
}

void tell_print_short(
	struct tell_print *p, const struct tell_entry *e, struct tell_buf *out)
{
	int level = e->record.head->level;
	size_t indent = put_prefix(p, e, out);
	size_t len;
	const char *text = tell_record_text(&e->record, &len);
	while (len && text[len - 1] == '\n')
		len--;
	tell_paint_level(p, out, level);
	tell_print_text(out, text, len, indent);
	tell_paint(p, out, TELL_PAINT_NONE);

	/* Fields of other programs are theirs and systemd's bookkeeping: see verbose. */
	if (!e->journal || e->own) {
		tell_buf_clear(&p->line);
		tell_encode_message_fields(&p->line, &e->record, true);
		if (p->line.len) {
			tell_paint(p, out, TELL_PAINT_NAME);
			tell_buf_put(out, p->line.data, p->line.len);
			tell_paint(p, out, TELL_PAINT_NONE);
		}
	}
	tell_buf_putc(out, '\n');
}

void tell_print_cat(
	struct tell_print *p, const struct tell_entry *e, struct tell_buf *out)
{
	size_t len;
	const char *text = tell_record_text(&e->record, &len);
	if (p->n_fields == 0 || tell_print_wants(p, "message", 7)) {
		tell_paint_level(p, out, e->record.head->level);
		tell_print_text(out, text, len, 0);
		tell_paint(p, out, TELL_PAINT_NONE);
		tell_buf_putc(out, '\n');
	}
	struct tell_value v;
	for (uint32_t pos = 0; p->n_fields && tell_record_next(&e->record, &pos, &v);) {
		if (v.key == TELL_KEY_MESSAGE || !tell_print_wants(p, v.name, v.name_len))
			continue;
		tell_buf_clear(&p->line);
		tell_encode_value(&p->line, &v);
		tell_print_text(out, tell_buf_cstr(&p->line), p->line.len, 0);
		tell_buf_putc(out, '\n');
	}
}
