/* The drawn parts of a table: bars, small bars, numbers and cut text. */
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include "base/utf8.h"
#include "encode/parts.h"
#include "tool/by_show.h"

#define EIGHTHS 8

/* U+2588 is a whole block, U+258F an eighth of one from the left. */
static void put_char(struct tell_buf *out, uint32_t cp)
{
	char text[TELL_UTF8_MAX_BYTES];
	tell_buf_put(out, text, tell_utf8_put(text, cp));
}

void tell_by_bar(struct tell_buf *out, bool utf8, double share, unsigned n)
{
	share = share > 1 ? 1 : share;
	if (!(share > 0))
		return;
	unsigned parts = (unsigned)(share * n * EIGHTHS + 0.5);
	parts = parts ? parts : 1; /* something is something */
	if (!utf8)
		parts = (parts + EIGHTHS - 1) / EIGHTHS * EIGHTHS;
	for (; parts >= EIGHTHS; parts -= EIGHTHS)
		utf8 ? put_char(out, 0x2588) : tell_buf_putc(out, '#');
	if (parts)
		put_char(out, 0x2590 - parts);
}

/* U+2581 is an eighth of a block from below. */
static void put_level(struct tell_buf *out, bool utf8, double share)
{
	static const char ascii[] = "_.-=+*#@";
	int level = share > 0 ? 1 + (int)(share * EIGHTHS * (1 - 1e-9)) : 0;
	level = level > EIGHTHS ? EIGHTHS : level;
	if (level == 0)
		tell_buf_putc(out, ' ');
	else if (utf8)
		put_char(out, 0x2580 + (uint32_t)level);
	else
		tell_buf_putc(out, ascii[level - 1]);
}

/* Of spans that share a column: of a gauge the last one, else all together. */
static double column(const struct tell_by_view *v, const struct tell_by_group *g,
	size_t *at, uint64_t end)
{
	double n = 0;
	for (; *at < g->n_cells && g->cells[*at].at < end; (*at)++)
		n = v->set->kind == TELL_BY_GAUGE ? g->cells[*at].n : n + g->cells[*at].n;
	return n;
}

void tell_by_spark(const struct tell_by_view *v, struct tell_buf *out,
	const struct tell_by_group *g, uint64_t each)
{
	double most = 0;
	for (int draw = 0; draw < 2; draw++) {
		size_t cell = 0;
		for (uint64_t at = v->set->min_at; at <= v->set->max_at; at += each) {
			double n = column(v, g, &cell, at + each);
			if (draw)
				put_level(out, v->utf8, most > 0 ? n / most : 0);
			most = n > most ? n : most;
		}
	}
}

void tell_by_put_number(struct tell_buf *out, double n)
{
	char text[32];
	double size = n < 0 ? -n : n;
	if (size >= 1e15 || (size > 0 && size < 1e-4)) {
		tell_buf_printf(out, "%.2e", n);
		return;
	}
	int digits = size >= 100 ? 0 : 2;
	for (double limit = 10; size >= limit && digits > 0; limit *= 10)
		digits--;
	for (double limit = 1; size > 0 && size < limit; limit /= 10)
		digits++;
	int len = snprintf(text, sizeof(text), "%.*f", digits, n);
	while (digits > 0 && len > 0 && text[len - 1] == '0')
		len--;
	len -= len > 0 && text[len - 1] == '.';
	tell_buf_put(out, text, (size_t)len);
}

unsigned tell_by_put_text(struct tell_buf *out, bool utf8, const char *text, unsigned max)
{
	struct tell_buf shown = { 0 };
	tell_text_escape(&shown, text, strlen(text), false);
	unsigned used = 0;
	for (size_t i = 0; i < shown.len;) {
		uint32_t cp;
		size_t n = (size_t)tell_utf8_next(shown.data + i, shown.len - i, &cp);
		int w = utf8 ? wcwidth((wchar_t)cp) : 1;
		unsigned wide = w < 0 ? 1 : (unsigned)w;
		if (used + wide + (i + n < shown.len) > max) {
			utf8 ? put_char(out, 0x2026) : tell_buf_putc(out, '~');
			used++;
			break;
		}
		tell_buf_put(out, shown.data + i, n);
		used += wide;
		i += n;
	}
	tell_buf_done(&shown);
	return used;
}
