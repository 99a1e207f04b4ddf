#include "tool/forward_progress.h"
#include <inttypes.h>
#include <langinfo.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "base/clock.h"

#define BAR_CELLS 20
#define NEAR_US	  UINT64_C(5000000) /* that is up to date */
#define PACE_NS	  (2 * TELL_NS_PER_SEC)

/* ---- words ---- */

static void put_time(struct tell_buf *out, uint64_t s)
{
	if (s < 60)
		tell_buf_printf(out, "%" PRIu64 " s", s);
	else if (s < 3600)
		tell_buf_printf(out, "%" PRIu64 " min %" PRIu64 " s", s / 60, s % 60);
	else if (s < 48 * 3600)
		tell_buf_printf(
			out, "%" PRIu64 " h %" PRIu64 " min", s / 3600, s % 3600 / 60);
	else
		tell_buf_printf(
			out, "%" PRIu64 " d %" PRIu64 " h", s / 86400, s % 86400 / 3600);
}

static void put_bytes(struct tell_buf *out, uint64_t n)
{
	if (n < 1 << 20)
		tell_buf_printf(out, "%" PRIu64 " KiB", (n + 1023) / 1024);
	else
		tell_buf_printf(out, "%.1f MiB", (double)n / (1 << 20));
}

static void put_bar(struct tell_buf *out, unsigned percent, bool utf8)
{
	tell_buf_putc(out, '[');
	for (unsigned i = 0; i < BAR_CELLS; i++) {
		bool full = i * 100 < percent * BAR_CELLS;
		tell_buf_puts(
			out, utf8 ? (full ? "\u2588" : "\u2591") : (full ? "#" : "-"));
	}
	tell_buf_printf(out, "] %3u%%  ", percent);
}

/* ---- a line ---- */

static void step(struct tell_pace *p, uint64_t sent, uint64_t now_ns)
{
	uint64_t ns = now_ns - p->from_ns;
	if (!p->from_ns) {
		*p = (struct tell_pace){ .from_ns = now_ns, .from_sent = sent };
		return;
	}
	if (ns >= TELL_NS_PER_SEC / 4)
		p->rate = (sent - p->from_sent) * 1000 / (ns / 1000000);
	if (ns >= PACE_NS) {
		p->from_ns = now_ns;
		p->from_sent = sent;
	}
}

/* At the pace so far. */
static void put_time_left(struct tell_buf *out, const struct tell_way *w, uint64_t for_ns)
{
	uint64_t left = tell_way_get(&w->left), most = tell_way_get(&w->left_most);
	if (most <= left || for_ns < TELL_NS_PER_SEC)
		return;
	double s = (double)left / (double)(most - left) * (double)for_ns /
		(double)TELL_NS_PER_SEC;
	if (s < 0 || s > 1e7)
		return;
	tell_buf_puts(out, ", ");
	put_time(out, (uint64_t)s + 1);
	tell_buf_puts(out, " left");
}

static void put_counts(
	struct tell_buf *out, const struct tell_way *w, const struct tell_pace *pace)
{
	uint64_t refused = tell_way_get(&w->counts[TELL_WAY_REFUSED]) +
		tell_way_get(&w->counts[TELL_WAY_UNFIT]);
	uint64_t missing = tell_way_get(&w->counts[TELL_WAY_MISSING]);
	tell_buf_printf(out, "%" PRIu64 " sent", tell_way_get(&w->counts[TELL_WAY_SENT]));
	if (refused)
		tell_buf_printf(out, ", %" PRIu64 " refused", refused);
	if (missing)
		tell_buf_printf(out, ", at most %" PRIu64 " lost", missing);
	tell_buf_printf(out, ", %" PRIu64 "/s", pace->rate);
}

static void put_away(struct tell_buf *out, uint64_t away_us)
{
	tell_buf_puts(out, ", receiver away for ");
	put_time(out, away_us / 1000000 + (away_us < 1000000));
}

static void put_behind(struct tell_buf *out, const struct tell_way *w, uint64_t lag_us)
{
	if (lag_us < NEAR_US) {
		tell_buf_puts(out, ", up to date");
		return;
	}
	tell_buf_puts(out, ", ");
	put_time(out, lag_us / 1000000);
	tell_buf_puts(out, " behind");
	if (tell_way_get(&w->left)) {
		tell_buf_puts(out, ", ");
		put_bytes(out, tell_way_get(&w->left));
		tell_buf_puts(out, " to read");
	}
}

void tell_progress_line(struct tell_buf *out, const struct tell_way *w,
	struct tell_pace *pace, struct tell_progress_look look, uint64_t now_ns)
{
	uint64_t now_us = tell_clock_realtime_ns() / 1000;
	uint64_t lag_us = tell_way_lag_us(w, now_us);
	uint64_t away_us = tell_way_away_us(w, now_us);
	uint64_t left = tell_way_get(&w->left), most = tell_way_get(&w->left_most);
	step(pace, tell_way_get(&w->counts[TELL_WAY_SENT]), now_ns);
	if (lag_us < NEAR_US || !pace->began_ns)
		pace->began_ns = now_ns;
	bool bar = look.bar && most && lag_us >= NEAR_US && left <= most;
	if (look.name)
		tell_buf_printf(out, "%s: ", w->name);
	if (bar)
		put_bar(out, (unsigned)((most - left) * 100 / most), look.utf8);
	put_counts(out, w, pace);
	if (tell_way_get(&w->ended))
		tell_buf_puts(out, ", has ended");
	else if (!tell_way_get(&w->told))
		tell_buf_puts(out, ", starting");
	else if (away_us)
		put_away(out, away_us);
	else if (bar)
		put_time_left(out, w, now_ns - pace->began_ns);
	else
		put_behind(out, w, lag_us);
}

/* ---- a terminal ---- */

static unsigned columns(void)
{
	struct winsize size;
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col < 2)
		return 80;
	return size.ws_col;
}

/* At most so many columns: one that goes over would be two lines. */
static void put_cut(struct tell_buf *out, const struct tell_buf *line, unsigned most)
{
	unsigned n = 0;
	for (size_t i = 0; i < line->len; i++) {
		unsigned char c = (unsigned char)line->data[i];
		n += (c & 0xc0) != 0x80;
		if (n > most)
			return;
		tell_buf_putc(out, (char)c);
	}
}

static void put_clear(struct tell_buf *out, const struct tell_board *b)
{
	if (b->rows > 1)
		tell_buf_printf(out, "\033[%uA", b->rows - 1);
	if (b->rows)
		tell_buf_puts(out, "\r\033[J");
}

void tell_progress_draw(struct tell_board *b, struct tell_pace *paces)
{
	struct tell_buf all = { 0 };
	uint64_t now_ns = tell_clock_monotonic_ns();
	struct tell_progress_look look = { b->n > 1, true,
		strcmp(nl_langinfo(CODESET), "UTF-8") == 0 };
	tell_board_lock(b);
	put_clear(&all, b);
	for (size_t i = 0; i < b->n; i++) {
		struct tell_buf line = { 0 };
		tell_progress_line(&line, &b->ways[i], &paces[i], look, now_ns);
		tell_buf_puts(&all, i ? "\r\n" : "");
		put_cut(&all, &line, columns() - 1);
		tell_buf_done(&line);
	}
	(void)fputs(tell_buf_cstr(&all), stderr); /* for people only */
	b->rows = (unsigned)b->n;
	tell_board_unlock(b);
	tell_buf_done(&all);
}

void tell_progress_begin(struct tell_board *b)
{
	struct tell_buf clear = { 0 };
	tell_board_lock(b);
	put_clear(&clear, b);
	if (clear.len)
		(void)fputs(tell_buf_cstr(&clear), stderr); /* for people only */
	b->rows = 0;
	tell_buf_done(&clear);
}

void tell_progress_end(struct tell_board *b)
{
	tell_board_unlock(b);
}
