#include "api/line.h"
#include <stdio.h>
#include <string.h>
#include "api/deliver.h"
#include "api/relay.h"
#include "base/utf8.h"
#include "record/place.h"

#define FIRST_ROOM 256

int tell_line_append(struct tell_line *l, const char *fmt, va_list ap)
{
	struct tell_buf *text = &l->text;
	va_list again;
	va_copy(again, ap);
	size_t room = tell_buf_reserve(text, FIRST_ROOM) ? text->cap - text->len : 0;
	int n = vsnprintf(room ? text->data + text->len : NULL, room, fmt, ap);
	if (n > 0 && (size_t)n >= room && tell_buf_reserve(text, (size_t)n + 1)) {
		room = (size_t)n + 1;
		(void)vsnprintf(text->data + text->len, room, fmt, again); /* fits */
	}
	if (n > 0 && room > 0)
		text->len += (size_t)n < room ? (size_t)n : room - 1;
	va_end(again);
	return n;
}

static bool says_level(const char *fmt)
{
	if (fmt[0] != '<')
		return false;
	if (fmt[1] >= '0' && fmt[1] <= '7')
		return fmt[2] == '>';
	return fmt[1] == '%' && fmt[2] && strchr("diu", fmt[2]) && fmt[3] == '>';
}

int tell_line_level(struct tell_line *l, const char *fmt, int level)
{
	struct tell_buf *text = &l->text;
	if (!says_level(fmt) || text->len < 3 || text->data[1] < '0' ||
		text->data[1] > '7' || text->data[2] != '>')
		return level;
	level = text->data[1] - '0';
	text->len -= 3;
	memmove(text->data, text->data + 3, text->len);
	return level;
}

static void send_record(struct tell_site *site, int level, const char *text, size_t len,
	const struct tell_field *fields, size_t n)
{
	struct tell_call c;
	if (!tell_call_open(&c, NULL, site, &level))
		return;
	(void)tell_relay(&c, site, /* counted in the ledger */
		&(struct tell_relay){ .level = level,
			.facility = -1,
			.message = text,
			.message_len = len,
			.fields = fields,
			.n_fields = n });
	tell_deliver_notes(c.thread, c.service, c.stack);
	tell_call_close(&c);
}

static bool ends_line(char c)
{
	return c == '\n' || c == '\r';
}

/* Without the blank lines around it. */
static void send_text(struct tell_site *site, int level, const char *text, size_t len)
{
	while (len && ends_line(text[len - 1]))
		len--;
	for (; len && ends_line(*text); text++)
		len--;
	while (len) {
		size_t n = len > TELL_LINE_MAX ? tell_utf8_cut(text, len, TELL_LINE_MAX)
					       : len;
		send_record(site, level, text, n, NULL, 0);
		text += n;
		len -= n;
	}
}

static void send_first(struct tell_line *l, struct tell_site *site, size_t n)
{
	send_text(site, l->level, l->text.data, n);
	l->text.len -= n;
	memmove(l->text.data, l->text.data + n, l->text.len);
}

/* What a later call needs to know of this one. Starts the service: its rules decide. */
static void begin(struct tell_line *l, struct tell_thread *t, struct tell_site *site)
{
	l->begun = (struct tell_site){ .state = TELL__ON, .level = TELL__LEVEL_VARIES };
	if (!tell_service_enter(&tell_process.main, t))
		return;
	if (__atomic_load_n(&site->state, __ATOMIC_RELAXED) == TELL__UNRESOLVED)
		(void)tell_level_resolve(site);
	l->begun.threshold = __atomic_load_n(&site->threshold, __ATOMIC_RELAXED);
	l->begun.forced = __atomic_load_n(&site->forced, __ATOMIC_RELAXED);
	l->begun.id = tell_place_add(site);
	tell_service_leave(t);
}

void tell_line_send(struct tell_line *l, struct tell_thread *t, struct tell_site *site,
	int level, size_t before, bool now)
{
	struct tell_buf *text = &l->text;
	const char *last = NULL;
	if (text->len > before)
		last = memrchr(text->data + before, '\n', text->len - before);
	if (before == 0)
		l->level = level;
	if (last) {
		send_first(l, before ? &l->begun : site, (size_t)(last + 1 - text->data));
		before = 0;
		l->level = level;
	}
	if (text->len > TELL_LINE_MAX || (now && text->len)) {
		send_first(l, before ? &l->begun : site, text->len);
		before = 0;
	}
	if (text->len && before == 0)
		begin(l, t, site);
}

void tell_line_finish(struct tell_line *l, struct tell_site *site, int level,
	const struct tell_field *fields, size_t n)
{
	struct tell_buf *text = &l->text;
	while (text->len && ends_line(text->data[text->len - 1]))
		text->len--;
	send_record(site, level, text->len ? text->data : "", text->len, fields, n);
	tell_buf_clear(text);
}

void tell_line_flush(struct tell_line *l)
{
	if (l->text.len)
		send_text(&l->begun, l->level, l->text.data, l->text.len);
	tell_buf_clear(&l->text);
}
