/* One way of `telltale forward`, from a source to a receiver, and what is said of it. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <systemd/sd-daemon.h>
#include <telltale/log.h>
#include "api/init.h"
#include "base/clock.h"
#include "forward/target.h"
#include "tool/forward.h"
#include "tool/forward_numbers.h"
#include "tool/forward_progress.h"
#include "tool/option.h"

#define MINUTE_NS (60 * TELL_NS_PER_SEC)
#define DRAW_NS	  (TELL_NS_PER_SEC / 8)

/* ---- what is said ---- */

struct watcher {
	const struct tell_forward *f;
	struct tell_board *board;
	struct tell_way *way;
	uint64_t
		before[TELL_WAY_N_COUNTS]; /* what the way counted in earlier processes */
	bool several, terminal;
	struct tell_pace pace;
	uint64_t said_ns, drawn_ns;
};

static void say(void *arg, const char *text)
{
	struct watcher *w = arg;
	const char *name = w->several ? w->way->name : "";
	tell_progress_begin(w->board);
	(void)tell_cli_error(0, "forward", "%s%s%s", name, *name ? ": " : "", text);
	tell_progress_end(w->board);
}

/* What is counted is the same as before, and what came since. Its own entries are nobody's news. */
static void put_counts(struct watcher *w, const struct tell_pipe_counts *c)
{
	const uint64_t now[TELL_WAY_N_COUNTS] = {
		[TELL_WAY_READ] = c->read - c->own,
		[TELL_WAY_SENT] = c->ship.sent,
		[TELL_WAY_REQUESTS] = c->ship.requests,
		[TELL_WAY_RETRIES] = c->ship.again,
		[TELL_WAY_BYTES] = c->ship.bytes,
		[TELL_WAY_FILTERED] = c->filtered - c->own,
		[TELL_WAY_OLD] = c->old,
		[TELL_WAY_UNFIT] = c->unfit,
		[TELL_WAY_REFUSED] = c->ship.refused,
		[TELL_WAY_ASIDE] = c->ship.aside,
		[TELL_WAY_ASTRAY] = c->astray,
		[TELL_WAY_LESSENED] = c->ship.lessened,
		[TELL_WAY_GAPS] = c->gaps,
		[TELL_WAY_DAMAGED] = c->damaged,
		[TELL_WAY_MISSING] = c->missing,
	};
	for (size_t i = 0; i < TELL_WAY_N_COUNTS; i++)
		if (i != TELL_WAY_RESTARTS) /* who starts it counts those */
			tell_way_set(&w->way->counts[i], w->before[i] + now[i]);
}

static void put_line(struct tell_buf *out, struct watcher *w)
{
	const struct tell_progress_look look = { 0 };
	tell_progress_line(out, w->way, &w->pace, look, tell_clock_monotonic_ns());
}

/* For a terminal at once, for a log each minute, for the service manager both. Of several ways
 * the parent says how they are, but for the log. */
static void show(struct watcher *w)
{
	struct tell_buf line = { 0 };
	uint64_t now = tell_clock_monotonic_ns();
	/* When nothing waits any more that is the last word for a while. */
	if (now - w->drawn_ns < DRAW_NS && tell_way_get(&w->way->oldest_us))
		return;
	w->drawn_ns = now;
	put_line(&line, w);
	if (w->terminal)
		tell_progress_draw(w->board, &w->pace);
	else if (w->f->verbose && now - w->said_ns >= MINUTE_NS) {
		say(w, tell_buf_cstr(&line));
		w->said_ns = now;
	}
	if (!w->several)
		(void)sd_notifyf(0, "STATUS=%s", tell_buf_cstr(&line));
	tell_buf_done(&line);
}

static void tell(void *arg, const struct tell_pipe_news *news)
{
	struct watcher *w = arg;
	put_counts(w, news->counts);
	tell_way_set(&w->way->oldest_us, news->oldest_us);
	tell_way_set(&w->way->away_us, news->away_us);
	tell_way_set(&w->way->left, news->left);
	tell_way_set(&w->way->left_most, news->left_most);
	tell_way_set(&w->way->beat_ns, tell_clock_monotonic_ns());
	tell_way_set(&w->way->told, 1);
	if (!w->several)
		(void)sd_notify(0, "WATCHDOG=1"); /* nobody listens, or it does */
	show(w);
}

/* What is seldom, and wants to be seen; "" where there is nothing of it. */
static void put_odd(char text[120], const struct tell_pipe_counts *c)
{
	int n = 0;
	*text = '\0';
	if (c->astray)
		n = snprintf(text, 120, ", %" PRIu64 " of no valid tenant", c->astray);
	if (c->ship.lessened)
		(void)snprintf(text + n, 120 - (size_t)n,
			", %" PRIu64 " with fewer labels", c->ship.lessened);
}

static void say_end(struct watcher *w, const struct tell_pipe_counts *c)
{
	char text[480], more[100] = "", missing[60] = "", odd[120];
	put_odd(odd, c);
	if (c->missing)
		(void)snprintf(missing, sizeof(missing), ", at most %" PRIu64 " lost",
			c->missing);
	if (c->ship.again)
		(void)snprintf(more, sizeof(more),
			"; %" PRIu64 " more had no answer, or were put off",
			c->ship.again);
	(void)snprintf(text, sizeof(text),
		"%" PRIu64 " %s, %" PRIu64 " filtered, %" PRIu64 " too old, %" PRIu64
		" refused%s%s, in %" PRIu64 " requests%s",
		c->ship.sent, w->f->wish.dry ? "would be sent" : "sent", c->filtered,
		c->old, c->ship.refused + c->unfit, odd, missing, c->ship.requests, more);
	say(w, text);
	if (c->damaged) {
		(void)snprintf(text, sizeof(text),
			"%" PRIu64 " damaged entries could not be read", c->damaged);
		say(w, text);
	}
}

/* ---- one way ---- */

/* Who wrote a command line knows no lines and columns of it: the word itself is shown, but for a
 * value that may have a password. */
static void put_word(struct tell_buf *out, const struct tell_fault *f)
{
	size_t at = f->column ? f->column - 1 : 0;
	const char *word = at < strlen(f->source) ? f->source + at : "";
	bool bracket = *word == '[';
	size_t n = bracket ? strcspn(word, "]") : strcspn(word, " \t");
	word += bracket;
	n -= bracket;
	const char *equals = memchr(word, '=', n);
	bool hidden = equals && memchr(word, '@', n);
	if (hidden)
		n = (size_t)(equals - word) + 1;
	if (n && f->column)
		tell_buf_printf(out, "\"%.*s%s\": ", (int)n, word, hidden ? "..." : "");
	tell_buf_puts(out, f->message);
	if (*f->fix)
		tell_buf_printf(out, "; %s", f->fix);
}

static void say_faults(const struct tell_report *report)
{
	for (size_t i = 0; i < report->n; i++) {
		const struct tell_fault *f = &report->faults[i];
		struct tell_buf line = { 0 };
		if (strcmp(f->file, TELL_PIPE_COMMAND_LINE) == 0)
			put_word(&line, f);
		else
			tell_fault_line(&line, f);
		(void)tell_cli_error(0, "forward", "%s", tell_buf_cstr(&line));
		tell_buf_done(&line);
	}
}

int tell_forward_open(struct tell_pipe *p, const struct tell_pipe_wish *wish)
{
	struct tell_report report;
	struct tell_refusal why = { 0 };
	tell_report_init(&report);
	int r = tell_pipe_open(p, wish, &report, &why);
	say_faults(&report);
	bool faults = report.n_errors > 0;
	tell_report_done(&report);
	if (r == 0 || r == -ECANCELED)
		return r == 0 ? 0 : TELL_FORWARD_ENDS;
	if (!faults)
		(void)tell_cli_error(
			0, "forward", "%s%s%s", why.what, *why.fix ? "; " : "", why.fix);
	switch (faults ? -EINVAL : r) {
	case -EBUSY:
		return EX_TEMPFAIL;
	case -ENOENT:
		return EX_NOINPUT;
	case -EACCES:
	case -EPERM:
		return EX_NOPERM;
	case -EINVAL:
		return EX_CONFIG;
	case -ENOMEM: /* of several ways it is started again */
		return EX_OSERR;
	default:
		return EX_UNAVAILABLE;
	}
}

void tell_forward_serve(const struct tell_forward *f, struct tell_board *board)
{
	if (f->wish.dry || tell__init_forwarder(TELL_FORWARD_SERVICE, f->wish.text) < 0)
		return;				/* its own log says why */
	(void)tell_forward_numbers_open(board); /* without memory some are missing */
}

int tell_forward_way(struct tell_forward *f, struct tell_board *board, size_t i,
	size_t n_sinks, bool several)
{
	static struct tell_pipe p; /* large, and one a process */
	static struct watcher w;
	w = (struct watcher){ .f = f,
		.board = board,
		.way = &board->ways[i],
		.several = several,
		.terminal = !several && f->terminal,
		.said_ns = tell_clock_monotonic_ns() };
	memcpy(w.before, w.way->counts, sizeof(w.before));
	struct tell_pipe_wish wish = f->wish;
	wish.source = i / n_sinks;
	wish.sink = i % n_sinks;
	wish.say = say;
	wish.tell = tell;
	wish.arg = &w;
	int r = tell_forward_open(&p, &wish);
	if (r != 0)
		return r == TELL_FORWARD_ENDS ? 0 : r;
	if (!several) {
		tell_forward_serve(f, board);
		(void)sd_notify(0, "READY=1");
	}
	r = tell_pipe_run(&p);
	r = r == -ENOMEM ? EX_OSERR : r < 0 ? EX_IOERR : 0;
	if (!f->quiet && (f->terminal || f->verbose || f->wish.catch_up))
		say_end(&w, &p.counts);
	tell_pipe_close(&p);
	if (!several)
		tell_close();
	return r;
}
