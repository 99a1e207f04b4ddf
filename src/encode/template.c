#include <string.h>
#include <telltale/log.h>
#include "base/number.h"
#include "encode/encode.h"
#include "encode/line.h"
#include "encode/parts.h"
#include "encode/room.h"
#include "encode/value.h"
#include "record/level.h"

struct template
{
	struct tell_buf *out;
	const struct tell_record *r;
	const struct tell_layout *l;
	const struct tell_place *place;
};

static void put_number(struct tell_buf *out, uint64_t v)
{
	char text[TELL_U64_MAX_CHARS];
	tell_buf_put(out, text, (size_t)(tell_put_u64(text, v) - text));
}

static void put_text(struct tell_buf *out, const char *s, size_t n)
{
	tell_text_escape(out, s, n, false);
}

static void put_time(const struct template *t)
{
	tell_line_time(t->out, t->r->head->realtime_ns, t->l);
}

static void put_level(const struct template *t)
{
	tell_buf_puts(t->out, tell_level_word(t->r->head->level));
}

static void put_service(const struct template *t)
{
	struct tell_author s = tell_author_of(t->r, t->l);
	put_text(t->out, s.name, s.len);
}

static void put_logger(const struct template *t)
{
	put_text(t->out, t->place->logger, t->place->logger_len);
}

static void put_message(const struct template *t)
{
	size_t n;
	const char *text = tell_record_text(t->r, &n);
	put_text(t->out, text, n);
}

/* All fields, a blank between. */
static void put_fields(const struct template *t)
{
	struct tell_value v;
	size_t start = t->out->len;
	for (uint32_t pos = 0; tell_record_next(t->r, &pos, &v);)
		if (tell_key_is_field(v.key))
			tell_line_field(t->out, &v);
	size_t n = t->out->len - start;
	if (n == 0)
		return;
	char *first = t->out->data + start;
	memmove(first, first + 1, n - 1);
	t->out->len--;
}

static void put_file(const struct template *t)
{
	put_text(t->out, t->place->file, t->place->file_len);
}

static void put_line(const struct template *t)
{
	if (t->place->file_len)
		put_number(t->out, t->place->line);
}

static void put_func(const struct template *t)
{
	put_text(t->out, t->place->func, t->place->func_len);
}

static void put_pid(const struct template *t)
{
	put_number(t->out, tell_pid_of(t->r->head, t->l));
}

static void put_tid(const struct template *t)
{
	put_number(t->out, t->r->head->tid);
}

static void put_seq(const struct template *t)
{
	tell_encode_seq(t->out, t->r->head);
}

static void put_kind(const struct template *t)
{
	tell_buf_puts(t->out, tell_kind_word(t->r->head->kind));
}

static const struct {
	const char *name;
	void (*put)(const struct template *t);
} placeholders[] = {
	{ "time", put_time },
	{ "level", put_level },
	{ "service", put_service },
	{ "logger", put_logger },
	{ "message", put_message },
	{ "fields", put_fields },
	{ "file", put_file },
	{ "line", put_line },
	{ "func", put_func },
	{ "pid", put_pid },
	{ "tid", put_tid },
	{ "seq", put_seq },
	{ "kind", put_kind },
};

static void put_named(const struct template *t, const char *name, size_t n)
{
	struct tell_value v;
	for (size_t i = 0; i < sizeof(placeholders) / sizeof(placeholders[0]); i++)
		if (strlen(placeholders[i].name) == n &&
			memcmp(placeholders[i].name, name, n) == 0) {
			placeholders[i].put(t);
			return;
		}
	if (tell_record_get(t->r, name, n, &v))
		tell_line_value(t->out, &v);
}

/* Blanks up to the width; characters are counted, not bytes or columns. */
static void pad(struct tell_buf *out, size_t start, size_t width)
{
	size_t n = 0;
	for (size_t i = start; i < out->len; i++)
		n += ((unsigned char)out->data[i] & 0xc0) != 0x80;
	for (; n < width; n++)
		tell_buf_putc(out, ' ');
}

/* A placeholder at s, which begins with '{': the bytes it takes; 0: it is none. */
static size_t put_placeholder(const struct template *t, const char *s)
{
	size_t n = strspn(s + 1, "abcdefghijklmnopqrstuvwxyz0123456789_");
	const char *after = s + 1 + n;
	uint64_t width = 0;
	if (*after == ':') {
		size_t digits = strspn(after + 1, "0123456789");
		if (!tell_parse_u64(after + 1, digits, &width))
			return 0;
		after += 1 + digits;
	}
	if (n == 0 || *after != '}')
		return 0;
	size_t start = t->out->len;
	put_named(t, s + 1, n);
	pad(t->out, start, width < TELL_WIDTH_MAX ? (size_t)width : TELL_WIDTH_MAX);
	return (size_t)(after + 1 - s);
}

void tell_template_put(
	struct tell_buf *out, const struct tell_record *r, const struct tell_layout *l)
{
	const struct template t = { out, r, l, tell_place(r->head->place) };
	const char *color = tell_line_color(l, r->head->level);
	tell_buf_puts(out, color);
	for (const char *s = l->template_text; *s;) {
		size_t n = *s == '{' ? put_placeholder(&t, s) : 0;
		if (n) {
			s += n;
			continue;
		}
		tell_buf_putc(out, *s == '\n' ? ' ' : *s); /* a record is one line */
		s += 1 + ((*s == '{' || *s == '}') && s[1] == *s);
	}
	if (*color)
		tell_buf_puts(out, TELL_COLOR_OFF);
}
