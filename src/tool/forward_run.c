/* The processes of `telltale forward`: one a way, so that one that waits or breaks is alone. */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>
#include "base/clock.h"
#include "tool/forward.h"
#include "tool/option.h"

#define WAYS_MAX  32
#define SILENT_NS (150 * TELL_NS_PER_SEC) /* an idle minute, and a request's time-out */
#define MINUTE_NS (60 * TELL_NS_PER_SEC)

static volatile sig_atomic_t signalled;

static void on_signal(int number)
{
	signalled = number;
}

/* ---- what is said ---- */

struct watcher {
	const struct tell_forward *f;
	const char *name; /* of the way, where there are several */
	bool terminal, shown;
	uint64_t *beat; /* of several: when it last lived, shared with the parent */
	uint64_t said_ns, from_ns, from_sent;
};

static void clear_line(struct watcher *w)
{
	if (w->shown)
		fputs("\r\033[K", stderr);
	w->shown = false;
}

static void say(void *arg, const char *text)
{
	struct watcher *w = arg;
	clear_line(w);
	(void)tell_cli_error(0, "forward", "%s%s%s", w->name ? w->name : "",
		w->name ? ": " : "", text);
}

static void put_behind(char text[64], uint64_t behind_us)
{
	uint64_t s = behind_us / 1000000;
	if (s < 5)
		(void)snprintf(text, 64, "up to date");
	else if (s < 3600)
		(void)snprintf(
			text, 64, "%" PRIu64 " min %" PRIu64 " s behind", s / 60, s % 60);
	else
		(void)snprintf(text, 64, "%" PRIu64 " h %" PRIu64 " min behind", s / 3600,
			s % 3600 / 60);
}

/* What the journal should have and has not. */
static void put_missing(char text[64], const struct tell_pipe_counts *c)
{
	*text = '\0';
	if (c->missing)
		(void)snprintf(text, 64, ", at most %" PRIu64 " lost", c->missing);
}

static void put_summary(char text[200], const struct tell_pipe_counts *c, uint64_t rate,
	uint64_t behind_us)
{
	char behind[64], refused[64] = "", missing[64];
	put_behind(behind, behind_us);
	put_missing(missing, c);
	if (c->ship.refused || c->unfit)
		(void)snprintf(refused, sizeof(refused), ", %" PRIu64 " refused",
			c->ship.refused + c->unfit);
	(void)snprintf(text, 200, "%" PRIu64 " sent%s%s, %" PRIu64 "/s, %s", c->ship.sent,
		refused, missing, rate, behind);
}

/* For a terminal at once, for a log each minute, for the service manager both. */
static void tell(void *arg, const struct tell_pipe_counts *c, uint64_t behind_us)
{
	struct watcher *w = arg;
	char text[200];
	uint64_t now = tell_clock_monotonic_ns();
	uint64_t ns = now - w->from_ns ? now - w->from_ns : 1;
	uint64_t rate = (c->ship.sent - w->from_sent) * 1000 / (ns / 1000000 + 1);
	if (w->beat)
		__atomic_store_n(w->beat, now, __ATOMIC_RELAXED);
	else
		(void)sd_notify(0, "WATCHDOG=1"); /* nobody listens, or it does */
	if (ns < TELL_NS_PER_SEC / 4)
		return;
	put_summary(text, c, rate, behind_us);
	if (w->terminal) {
		fprintf(stderr, "\r\033[K%s", text);
		w->shown = true;
	} else if (w->f->verbose && now - w->said_ns >= MINUTE_NS) {
		say(w, text);
		w->said_ns = now;
	}
	(void)sd_notifyf(0, "STATUS=%s", text);
	if (ns >= 2 * TELL_NS_PER_SEC) {
		w->from_ns = now;
		w->from_sent = c->ship.sent;
	}
}

/* ---- one way ---- */

static void say_faults(const struct tell_report *report)
{
	for (size_t i = 0; i < report->n; i++) {
		struct tell_buf line = { 0 };
		tell_fault_line(&line, &report->faults[i]);
		(void)tell_cli_error(0, "forward", "%s", tell_buf_cstr(&line));
		tell_buf_done(&line);
	}
}

#define TOLD_TO_END -1

/* 0, TOLD_TO_END or an exit code, said. */
static int open_way(struct tell_pipe *p, const struct tell_pipe_wish *wish)
{
	struct tell_report report;
	struct tell_refusal why = { 0 };
	tell_report_init(&report);
	int r = tell_pipe_open(p, wish, &report, &why);
	say_faults(&report);
	bool faults = report.n_errors > 0;
	tell_report_done(&report);
	if (r == 0 || r == -ECANCELED)
		return r == 0 ? 0 : TOLD_TO_END;
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
	default:
		return EX_UNAVAILABLE;
	}
}

static int run_way(
	const struct tell_forward *f, size_t source, size_t sink, uint64_t *beat)
{
	const bool several = beat != NULL;
	static struct tell_pipe p; /* large, and one a process */
	struct watcher w = { .f = f,
		.beat = beat,
		.terminal = !several && !f->quiet && isatty(STDERR_FILENO),
		.from_ns = tell_clock_monotonic_ns() };
	struct tell_pipe_wish wish = f->wish;
	wish.source = source;
	wish.sink = sink;
	wish.stop = &signalled;
	wish.say = say;
	wish.tell = tell;
	wish.arg = &w;
	int r = open_way(&p, &wish);
	if (r != 0)
		return r == TOLD_TO_END ? 0 : r;
	w.name = several ? p.name : NULL;
	if (!several)
		(void)sd_notify(0, "READY=1");
	r = tell_pipe_run(&p);
	r = r == -ENOMEM ? EX_OSERR : r < 0 ? EX_IOERR : 0;
	if (w.terminal || f->verbose || f->wish.catch_up) {
		char text[240], missing[64];
		clear_line(&w);
		put_missing(missing, &p.counts);
		(void)snprintf(text, sizeof(text),
			"%" PRIu64 " sent, %" PRIu64 " filtered, %" PRIu64
			" too old, %" PRIu64 " refused%s, in %" PRIu64 " requests",
			p.counts.ship.sent, p.counts.filtered, p.counts.old,
			p.counts.ship.refused + p.counts.unfit, missing,
			p.counts.ship.requests);
		if (!f->quiet)
			say(&w, text);
	}
	tell_pipe_close(&p);
	return r;
}

/* ---- several ---- */

/* 0: it could not be, and is to be tried again. */
static pid_t start(
	const struct tell_forward *f, size_t i, size_t n_sinks, uint64_t *beats)
{
	beats[i] = tell_clock_monotonic_ns();
	pid_t pid = fork();
	if (pid < 0)
		(void)tell_cli_error(0, "forward", "cannot start a way: %s; again in 1 s",
			strerror(errno));
	if (pid != 0)
		return pid < 0 ? 0 : pid;
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM); /* without its parent it would go on */
	_exit(run_way(f, i / n_sinks, i % n_sinks, &beats[i]));
}

/* The service manager is told that all is well while each of them lives. */
static void ping(const pid_t *pids, const uint64_t *beats, size_t n)
{
	uint64_t now = tell_clock_monotonic_ns();
	for (size_t i = 0; i < n; i++)
		if (pids[i] > 0 &&
			now - __atomic_load_n(&beats[i], __ATOMIC_RELAXED) > SILENT_NS)
			return;
	(void)sd_notify(0, "WATCHDOG=1"); /* nobody listens, or it does */
}

/* What became of the i-th: true, it has ended for good. */
static bool has_ended(const struct tell_forward *f, pid_t *pid, size_t i, size_t n_sinks,
	uint64_t *beats, int *worst)
{
	int status;
	if (*pid == 0) { /* not started yet */
		*pid = signalled ? -1 : start(f, i, n_sinks, beats);
		return signalled;
	}
	if (*pid < 0 || waitpid(*pid, &status, WNOHANG) <= 0)
		return false;
	bool starved = WIFEXITED(status) && WEXITSTATUS(status) == EX_OSERR;
	if ((WIFSIGNALED(status) || starved) && !signalled) {
		(void)tell_cli_error(0, "forward",
			"a way ended by %s and is started again",
			starved ? "want of memory" : strsignal(WTERMSIG(status)));
		*pid = 0; /* at the next look, in a second: it may break at once again */
		return false;
	}
	*pid = -1;
	if (WIFEXITED(status) && WEXITSTATUS(status) > *worst)
		*worst = WEXITSTATUS(status);
	return true;
}

/* Until told to stop; one that broke is started again. */
static int watch(const struct tell_forward *f, size_t n, size_t n_sinks)
{
	pid_t pids[WAYS_MAX];
	int worst = 0;
	uint64_t *beats = mmap(NULL, WAYS_MAX * sizeof(*beats), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (beats == MAP_FAILED)
		return tell_cli_error(EX_OSERR, "forward", "out of memory");
	for (size_t i = 0; i < n; i++)
		pids[i] = start(f, i, n_sinks, beats);
	(void)sd_notify(0, "READY=1");
	for (size_t left = n; left;) {
		const struct timespec second = { 1, 0 };
		ping(pids, beats, n);
		(void)ppoll(NULL, 0, &second, f->wish.mask);
		for (size_t i = 0; i < n; i++) {
			if (signalled && pids[i] > 0)
				(void)kill(pids[i], SIGTERM);
			left -= has_ended(f, &pids[i], i, n_sinks, beats, &worst);
		}
	}
	(void)munmap(beats, WAYS_MAX * sizeof(*beats));
	return worst;
}

static void catch_signals(sigset_t *ret_mask)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP };
	struct sigaction action = { .sa_handler = on_signal };
	sigset_t blocked;
	(void)sigemptyset(&blocked);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		(void)sigaddset(&blocked, numbers[i]);
		(void)sigaction(numbers[i], &action, NULL);
	}
	(void)signal(SIGPIPE, SIG_IGN);
	(void)sigprocmask(SIG_BLOCK, &blocked, ret_mask);
}

/* Whoever runs the way says it. */
static void hush(void *arg, const char *text)
{
	(void)arg;
	(void)text;
}

/* How many ways the stack has; each is opened once, so that all faults are said at once. */
static int look(struct tell_forward *f, size_t *ret_n, size_t *ret_n_sinks)
{
	static struct tell_pipe p;
	*ret_n = *ret_n_sinks = 1;
	int worst = 0;
	for (size_t i = 0; i < *ret_n && worst == 0; i++) {
		struct tell_pipe_wish wish = f->wish;
		wish.source = i / *ret_n_sinks;
		wish.sink = i % *ret_n_sinks;
		wish.say = hush;
		wish.stop = &signalled;
		worst = open_way(&p, &wish);
		if (worst != 0)
			break;
		*ret_n_sinks = p.n_sinks;
		*ret_n = p.n_sinks * p.n_sources;
		tell_pipe_close(&p);
		if (*ret_n > WAYS_MAX)
			return tell_cli_error(EX_CONFIG, "forward",
				"%zu sources to %zu sinks are more than %d ways",
				p.n_sources, p.n_sinks, WAYS_MAX);
	}
	return worst;
}

int tell_forward_run(struct tell_forward *f)
{
	static sigset_t mask;
	size_t n, n_sinks;
	catch_signals(&mask);
	f->wish.mask = &mask;
	int r = look(f, &n, &n_sinks);
	if (r != 0)
		return r == TOLD_TO_END ? 0 : r;
	return n == 1 ? run_way(f, 0, 0, NULL) : watch(f, n, n_sinks);
}
