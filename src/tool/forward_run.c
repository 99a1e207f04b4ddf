/* The processes of `telltale forward`: one a way, so that one that waits or breaks is alone. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <systemd/sd-daemon.h>
#include <telltale/log.h>
#include <unistd.h>
#include "base/clock.h"
#include "tool/forward.h"
#include "tool/forward_progress.h"
#include "tool/option.h"

#define SILENT_NS (150 * TELL_NS_PER_SEC) /* an idle minute, and a request's time-out */

static volatile sig_atomic_t signalled;

static void on_signal(int number)
{
	signalled = number;
}

/* ---- several ---- */

struct ways {
	struct tell_forward *f;
	struct tell_board *board;
	size_t n_sinks;
	pid_t pids[TELL_WAYS_MAX]; /* 0: to be started; -1: it has ended */
	struct tell_pace paces[TELL_WAYS_MAX];
	int worst;
};

/* 0: it could not be, and is to be tried again. */
static pid_t start(struct ways *all, size_t i)
{
	pid_t parent = getpid();
	tell_way_set(&all->board->ways[i].beat_ns, tell_clock_monotonic_ns());
	pid_t pid = fork();
	if (pid < 0)
		(void)tell_cli_error(0, "forward", "cannot start a way: %s; again in 1 s",
			strerror(errno));
	if (pid != 0)
		return pid < 0 ? 0 : pid;
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM); /* without its parent it would go on */
	all->f->wish.pid = parent;
	_exit(tell_forward_way(all->f, all->board, i, all->n_sinks, true));
}

/* The service manager is told that all is well while each of them lives. */
static void ping(const struct ways *all)
{
	uint64_t now = tell_clock_monotonic_ns();
	for (size_t i = 0; i < all->board->n; i++)
		if (all->pids[i] > 0 &&
			now > tell_way_get(&all->board->ways[i].beat_ns) + SILENT_NS)
			return;
	(void)sd_notify(0, "WATCHDOG=1"); /* nobody listens, or it does */
}

static void put_status(struct ways *all)
{
	struct tell_buf text = { 0 };
	for (size_t i = 0; i < all->board->n; i++) {
		const struct tell_progress_look look = { .name = true };
		tell_buf_puts(&text, i ? "; " : "");
		tell_progress_line(&text, &all->board->ways[i], &all->paces[i], look,
			tell_clock_monotonic_ns());
	}
	(void)sd_notifyf(0, "STATUS=%s", tell_buf_cstr(&text));
	tell_buf_done(&text);
}

/* What became of the i-th: true, it has ended for good. */
static bool has_ended(struct ways *all, size_t i)
{
	int status;
	pid_t *pid = &all->pids[i];
	struct tell_way *way = &all->board->ways[i];
	if (*pid == 0) { /* not started yet */
		*pid = signalled ? -1 : start(all, i);
		return signalled;
	}
	if (*pid < 0 || waitpid(*pid, &status, WNOHANG) <= 0)
		return false;
	bool starved = WIFEXITED(status) && WEXITSTATUS(status) == EX_OSERR;
	if ((WIFSIGNALED(status) || starved) && !signalled) {
		tell_progress_begin(all->board);
		(void)tell_cli_error(0, "forward",
			"%s: it ended by %s and is started again", way->name,
			starved ? "want of memory" : strsignal(WTERMSIG(status)));
		tell_progress_end(all->board);
		tell_way_set(&way->counts[TELL_WAY_RESTARTS],
			tell_way_get(&way->counts[TELL_WAY_RESTARTS]) + 1);
		*pid = 0; /* at the next look, in a second: it may break at once again */
		return false;
	}
	*pid = -1;
	tell_way_set(&way->ended, 1);
	if (WIFEXITED(status) && WEXITSTATUS(status) > all->worst)
		all->worst = WEXITSTATUS(status);
	return true;
}

/* Until told to stop; one that broke is started again. */
static int watch(struct tell_forward *f, struct tell_board *board, size_t n_sinks)
{
	static struct ways all;
	all = (struct ways){ .f = f, .board = board, .n_sinks = n_sinks };
	for (size_t i = 0; i < board->n; i++)
		all.pids[i] = start(&all, i);
	tell_forward_serve(f, board); /* behind fork(2): it has threads */
	(void)sd_notify(0, "READY=1");
	for (size_t left = board->n; left;) {
		const struct timespec second = { 1, 0 };
		ping(&all);
		put_status(&all);
		if (f->terminal)
			tell_progress_draw(board, all.paces);
		(void)ppoll(NULL, 0, &second, f->wish.mask);
		for (size_t i = 0; i < board->n; i++) {
			if (signalled && all.pids[i] > 0)
				(void)kill(all.pids[i], SIGTERM);
			left -= has_ended(&all, i);
		}
	}
	tell_progress_begin(board);
	tell_progress_end(board);
	tell_close();
	return all.worst;
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

/* How many ways the stack has, and their names; each is opened once, so that all faults are said
 * at once. */
static int look(struct tell_forward *f, struct tell_board *board, size_t *ret_n_sinks)
{
	static struct tell_pipe p;
	int worst = 0;
	board->n = *ret_n_sinks = 1;
	for (size_t i = 0; i < board->n && worst == 0; i++) {
		struct tell_pipe_wish wish = f->wish;
		wish.source = i / *ret_n_sinks;
		wish.sink = i % *ret_n_sinks;
		wish.say = hush;
		worst = tell_forward_open(&p, &wish);
		if (worst != 0)
			break;
		*ret_n_sinks = p.n_sinks;
		board->n = p.n_sinks * p.n_sources;
		memcpy(board->ways[i].name, p.name, sizeof(board->ways[i].name));
		tell_pipe_close(&p);
		if (board->n > TELL_WAYS_MAX)
			return tell_cli_error(EX_CONFIG, "forward",
				"%zu sources to %zu sinks are more than %d ways",
				p.n_sources, p.n_sinks, TELL_WAYS_MAX);
	}
	return worst;
}

int tell_forward_run(struct tell_forward *f)
{
	static sigset_t mask;
	size_t n_sinks;
	struct tell_board *board = tell_board_make();
	if (!board)
		return tell_cli_error(EX_OSERR, "forward", "out of memory");
	catch_signals(&mask);
	f->wish.mask = &mask;
	f->wish.stop = &signalled;
	f->terminal = !f->quiet && isatty(STDERR_FILENO);
	int r = look(f, board, &n_sinks);
	if (r != 0)
		return r == TELL_FORWARD_ENDS ? 0 : r;
	return board->n == 1 ? tell_forward_way(f, board, 0, 1, false)
			     : watch(f, board, n_sinks);
}
