/* telltale cat --supervise COMMAND, and lines from stdin: the ways in which signals come to
 * the process that reads. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>
#include "base/cleanup.h"
#include "base/descriptor.h"
#include "tool/cat.h"
#include "tool/option.h"

#define SIGNAL_EXIT 128 /* what a shell adds to the number of a signal */
#define AT_ONCE	    16	/* signals read in one go */

struct supervisor {
	pid_t command;
	int status;
	bool ended;
	sigset_t mask;		/* as the command shall find it */
	struct sigaction child; /* SIGCHLD, likewise */
	struct sigaction pipe;
};

/* ---- stdin ------------------------------------------------------------------------------- */

static bool stop_reading(struct tell_cat *c)
{
	struct signalfd_siginfo info;
	if (read(c->wake_fd, &info, sizeof(info)) == (ssize_t)sizeof(info))
		*(int *)c->wake_arg = (int)info.ssi_signo;
	return *(int *)c->wake_arg == 0;
}

int tell_cat_stdin(struct tell_cat *c)
{
	int got = 0;
	sigset_t ends, mask;
	(void)sigemptyset(&ends); /* known signals: these cannot fail */
	(void)sigaddset(&ends, SIGTERM);
	(void)sigaddset(&ends, SIGINT);
	(void)sigaddset(&ends, SIGHUP);
	int code = tell_cat_open(c);
	if (code != EX_OK)
		return code;
	(void)sigprocmask(SIG_BLOCK, &ends, &mask);
	c->wake_fd = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
	c->wake = stop_reading;
	c->wake_arg = &got;
	c->grace_ms = TELL_CAT_JOIN_MS; /* who writes to us was told to end as well */
	if (c->wake_fd < 0)
		(void)sigprocmask(SIG_SETMASK, &mask, NULL); /* then it ends at once */
	code = tell_cat_read(c);
	tell_closep(&c->wake_fd);
	(void)sigprocmask(SIG_SETMASK, &mask, NULL);
	if (got)
		(void)raise(got); /* to end as who sent it expects */
	return code;
}

/* ---- a command as a child ------------------------------------------------------------------ */

/* The command has a job of its own, so that a terminal's ^C reaches it once; and the
 * terminal, if it is ours. */
static void take_terminal(void)
{
	bool ours = tcgetpgrp(STDIN_FILENO) == getpgrp();
	(void)setpgid(0, 0); /* fails only for a session's leader */
	if (ours)
		(void)tcsetpgrp(STDIN_FILENO, getpgrp()); /* SIGTTOU is blocked yet */
}

static _Noreturn void be_command(const struct supervisor *s, const struct tell_cat *c,
	char **command, const char *argv0, int failed)
{
	take_terminal();
	(void)sigaction(SIGCHLD, &s->child, NULL);
	(void)sigaction(SIGPIPE, &s->pipe, NULL);
	(void)sigprocmask(SIG_SETMASK, &s->mask, NULL);
	int why = tell_cat_become(c, command, argv0);
	(void)!write(failed, &why, sizeof(why)); /* else: the exit status says it */
	_exit(126);
}

static int pipe_above(int ends[2])
{
	int r = pipe2(ends, O_CLOEXEC) < 0 ? -errno : 0;
	for (int i = 0; i < 2 && r >= 0; i++)
		r = ends[i] = tell_descriptor_above(ends[i], STDERR_FILENO + 1);
	return r < 0 ? r : 0;
}

/* Pipes for what the command says; with --preload=only its output is its own. */
static int pipes_open(const struct tell_cat *c, int out[2], int err[2])
{
	if (c->preload == TELL_CAT_PRELOAD_ONLY) {
		out[0] = err[0] = -1;
		out[1] = STDOUT_FILENO;
		err[1] = STDERR_FILENO;
		return 0;
	}
	int r = pipe_above(out);
	return r < 0 ? r : pipe_above(err);
}

/* Start the command: its output is c->fd. 0, a negative errno of ours, or the positive one
 * for which it could not be executed. */
static int start(
	struct supervisor *s, struct tell_cat *c, char **command, const char *argv0)
{
	int out[2], err[2], failed[2], why = 0;
	int r = pipes_open(c, out, err);
	if (r == 0)
		r = pipe_above(failed);
	if (r < 0)
		return r;
	s->command = fork();
	if (s->command < 0)
		return -errno;
	if (s->command == 0) {
		if (dup2(out[1], STDOUT_FILENO) < 0 || dup2(err[1], STDERR_FILENO) < 0)
			_exit(126);
		be_command(s, c, command, argv0, failed[1]);
	}
	if (out[0] >= 0) {
		(void)close(out[1]);
		(void)close(err[1]);
	}
	(void)close(failed[1]);
	ssize_t n;
	while ((n = read(failed[0], &why, sizeof(why))) < 0 && errno == EINTR)
		;
	(void)close(failed[0]);
	c->fd[0] = out[0];
	c->fd[1] = err[0];
	c->pid = (uint32_t)s->command;
	return n == (ssize_t)sizeof(why) ? why : 0;
}

/* Whoever ended: the command, or an orphan that became ours. */
static void reap(struct supervisor *s)
{
	int status;
	pid_t pid;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0 || (pid < 0 && errno == EINTR))
		if (pid == s->command) {
			s->status = status;
			s->ended = true;
		}
}

static bool on_signals(struct tell_cat *c)
{
	struct supervisor *s = c->wake_arg;
	struct signalfd_siginfo info[AT_ONCE];
	ssize_t n = read(c->wake_fd, info, sizeof(info));
	for (ssize_t i = 0; i < n / (ssize_t)sizeof(*info); i++)
		if (info[i].ssi_signo != SIGCHLD && !s->ended)
			(void)kill(s->command, (int)info[i].ssi_signo);
	reap(s);
	return !s->ended;
}

/* Signals wait for signalfd; the two whose inherited meaning would be in the way are
 * reset. */
static int catch_signals(struct supervisor *s)
{
	static const int ours[] = { SIGPIPE, SIGTTIN, SIGTTOU };
	struct sigaction usual = { .sa_handler = SIG_DFL },
			 ignore = { .sa_handler = SIG_IGN };
	sigset_t all;
	tell_cat_signals(&all);
	(void)sigprocmask(SIG_BLOCK, &all, &s->mask);
	(void)sigaction(SIGCHLD, &usual, &s->child);
	(void)sigaction(SIGPIPE, &ignore, &s->pipe);
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		(void)sigdelset(&all, ours[i]);
	int fd = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : tell_descriptor_above(fd, STDERR_FILENO + 1);
}

static int exit_code(int status)
{
	return WIFSIGNALED(status) ? SIGNAL_EXIT + WTERMSIG(status) : WEXITSTATUS(status);
}

int tell_cat_supervise(struct tell_cat *c, char **command, const char *argv0)
{
	struct supervisor s = { 0 };
	int code = tell_cat_open(c);
	if (code != EX_OK)
		return code;
	/* Orphans come to PID 1 by themselves, to others by asking. */
	if (getpid() != 1)
		(void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); /* Linux 3.4 */
	c->wake_fd = catch_signals(&s);
	int r = c->wake_fd < 0 ? c->wake_fd : start(&s, c, command, argv0);
	if (r < 0)
		return tell_cli_error(
			EX_OSERR, "cat", "cannot start the command: %s", strerror(-r));
	if (r > 0)
		return tell_cat_cannot_run(command[0], r);
	c->wake = on_signals;
	c->wake_arg = &s;
	c->stay = true;
	(void)tell_cat_read(c); /* records that were lost are said */
	tell_closep(&c->wake_fd);
	while (!s.ended) { /* the loop ended by an error: no more lines, but a command */
		pid_t pid = waitpid(-1, &s.status, 0);
		s.ended = pid == s.command || (pid < 0 && errno == ECHILD);
	}
	return exit_code(s.status);
}
