#include <string.h>
#include <telltale/log.h>
#include <time.h>
#include "base/digits.h"
#include "base/number.h"
#include "encode/encode.h"
#include "encode/line.h"
#include "encode/parts.h"
#include "encode/room.h"
#include "encode/value.h"
#include "record/level.h"

void tell_line_time(
	struct tell_buf *out, uint64_t realtime_ns, const struct tell_layout *l)
{
	char text[24];
	char *p = text;
	struct tm tm;
	time_t sec = (time_t)(realtime_ns / TELL_NS_PER_SEC);
	uint32_t ms = (uint32_t)(realtime_ns % TELL_NS_PER_SEC / TELL_NS_PER_MS);
	if (!(l->utc ? gmtime_r(&sec, &tm) : localtime_r(&sec, &tm)))
		return; /* years that do not fit in an int: not before 2554 */

	p = tell_put_2_digits(p, (uint32_t)(tm.tm_year + 1900) / 100);
	p = tell_put_2_digits(p, (uint32_t)(tm.tm_year + 1900) % 100);
	*p++ = '-';
	p = tell_put_2_digits(p, (uint32_t)tm.tm_mon + 1);
	*p++ = '-';
	p = tell_put_2_digits(p, (uint32_t)tm.tm_mday);
	*p++ = ' ';
	p = tell_put_2_digits(p, (uint32_t)tm.tm_hour);
	*p++ = ':';
	p = tell_put_2_digits(p, (uint32_t)tm.tm_min);
	*p++ = ':';
	p = tell_put_2_digits(p, (uint32_t)tm.tm_sec);
	*p++ = '.';
	*p++ = (char)('0' + ms / 100);
	p = tell_put_2_digits(p, ms % 100);
	tell_buf_put(out, text, (size_t)(p - text));
}

static bool needs_quotes(const char *s, size_t n)
{
	if (n == 0)
		return true;
	for (size_t i = 0; i < n; i++) /* control bytes need none: they are shown */
		if (s[i] == ' ' || s[i] == '"' || s[i] == '=')
			return true;
	return false;
}

/* Quotes inside are shown as \": a reader sees where the value ends. */
static void put_text_value(struct tell_buf *out, const char *s, size_t n)
{
	if (!needs_quotes(s, n)) {
		tell_text_escape(out, s, n, false);
		return;
	}
	tell_buf_putc(out, '"');
	while (n) {
		const char *quote = memchr(s, '"', n);
		size_t len = quote ? (size_t)(quote - s) : n;
		tell_text_escape(out, s, len, false);
		if (quote)
			tell_buf_puts(out, "\\\"");
		s += len + (quote != NULL);
		n -= len + (quote != NULL);
	}
	tell_buf_putc(out, '"');
}

void tell_line_value(struct tell_buf *out, const struct tell_value *v)
{
	char text[TELL_SHORT_MAX_CHARS];
	char *end = tell_put_short(text, v);
	if (end) {
		put_text_value(out, text, (size_t)(end - text));
		return;
	}
	if (v->type == TELL_TYPE_STR || v->type == TELL_TYPE_JSON) {
		put_text_value(out, v->data, v->len);
		return;
	}
	tell_logfmt_value(out, v, SIZE_MAX); /* base64, hex, a list: printable already */
}

void tell_line_field(struct tell_buf *out, const struct tell_value *v)
{
	tell_buf_putc(out, ' ');
	tell_buf_put(out, v->name, v->name_len);
	tell_buf_putc(out, '=');
	tell_line_value(out, v);
}

const char *tell_line_color(const struct tell_layout *l, unsigned level)
{
	static const char *const colors[8] = { "\x1b[1;31m", "\x1b[1;31m", "\x1b[1;31m",
		"\x1b[31m", "\x1b[33m", "\x1b[1m", "", "\x1b[2m" };
	return l->color ? colors[level & 7] : "";
}

static void put_place(struct tell_buf *out, const struct tell_place *place)
{
	char line[TELL_U64_MAX_CHARS];
	tell_buf_puts(out, " (");
	tell_text_escape(out, place->file, place->file_len, false);
	tell_buf_putc(out, ':');
	tell_buf_put(out, line, (size_t)(tell_put_u64(line, place->line) - line));
	tell_buf_putc(out, ')');
}

static void put_line(
	struct tell_buf *out, const struct tell_record *r, const struct tell_layout *l)
{
	const struct tell_head *h = r->head;
	const struct tell_place *place = tell_place(h->place);
	const char *color = tell_line_color(l, h->level);
	size_t n;
	const char *text = tell_record_text(r, &n);

	tell_line_time(out, h->realtime_ns, l);
	tell_buf_putc(out, ' ');
	tell_buf_puts(out, color);
	tell_buf_puts(out, tell_level_word(h->level));
	if (*color)
		tell_buf_puts(out, TELL_COLOR_OFF);
	tell_buf_putc(out, ' ');
	struct tell_author s = { place->logger, place->logger_len };
	if (!s.len)
		s = tell_author_of(r, l);
	tell_text_escape(out, s.name, s.len, false);
	tell_buf_puts(out, ": ");
	tell_text_escape(out, text, n, false);

	struct tell_value v;
	for (uint32_t pos = 0; l->message_full && tell_record_next(r, &pos, &v);)
		if (tell_value_is_shown(&v, l->message_all))
			tell_line_field(out, &v);
	if (h->flags & TELL_RECORD_CUT)
		tell_buf_puts(out, " cut=true");
	if (l->caller && place->file_len)
		put_place(out, place);
}

void tell_encode_text(
	struct tell_buf *out, const struct tell_record *r, const struct tell_layout *l)
{
	size_t start = out->len;
	if (l->template_text)
		tell_template_put(out, r, l);
	else
		put_line(out, r, l);
	if (out->cut)
		out->len = start;
}
