/* telltale cat COMMAND: the command takes this process's place, so that its pid, its
 * signals, sd_notify(3) and its exit status are its own. Who reads the pipes is no child of
 * it: a command that waits for all its children must not wait for one it never made. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>
#include "base/cleanup.h"
#include "base/descriptor.h"
#include "tool/cat.h"
#include "tool/option.h"

#define PIPE_BYTES (1 << 20) /* what a user may ask for: pipe(7), pipe-max-size */

enum { EXIT_NOT_RUN = 126, EXIT_NOT_FOUND = 127 };

/* Pipes to the reader, and one on which it says that it is ready. Ends are 3 or above: 0 to
 * 2 may be closed for the command, and stay so. */
struct pipes {
	int out[2], err[2], ready[2];
};

int tell_cat_cannot_run(const char *command, int error)
{
	return tell_cli_error(error == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_RUN, "cat",
		"cannot run %s: %s", command, strerror(error));
}

static int pipe_above(int ends[2])
{
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	for (int i = 0; i < 2; i++) {
		ends[i] = tell_descriptor_above(ends[i], STDERR_FILENO + 1);
		if (ends[i] < 0)
			return ends[i];
	}
	(void)fcntl(ends[0], F_SETPIPE_SZ, PIPE_BYTES); /* less room works, too */
	return 0;
}

static int pipes_open(struct pipes *p)
{
	int r = pipe_above(p->out);
	if (r == 0)
		r = pipe_above(p->err);
	if (r == 0)
		r = pipe_above(p->ready);
	return r;
}

void tell_cat_signals(sigset_t *ret)
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS };
	(void)sigfillset(ret); /* known signals: these cannot fail */
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		(void)sigdelset(ret, faults[i]);
}

/* The reader outlives the command: what ends or stops that, or its unit (KillSignal= may be
 * any), must not lose its last words. */
static void ignore_signals(const sigset_t *all)
{
	for (int s = 1; s <= SIGRTMAX; s++)
		if (sigismember(all, s) == 1 && s != SIGCHLD)
			(void)signal(s, SIG_IGN); /* KILL and STOP cannot be */
	(void)sigprocmask(SIG_UNBLOCK, all, NULL);
}

/* Only the reader's own descriptors stay open in it: a socket, a lock or a pipe that the
 * command was given ends with the command. */
static int keep_own(struct pipes *p)
{
	int *own[] = { &p->out[0], &p->err[0], &p->ready[1] };
	int n = sizeof(own) / sizeof(own[0]), least = STDERR_FILENO + 1;
	for (int i = 0; i < n; i++) {
		*own[i] = fcntl(*own[i], F_DUPFD_CLOEXEC, least + n);
		if (*own[i] < 0)
			return -errno;
	}
	for (int i = 0; i < n; i++) {
		if (dup3(*own[i], least + i, O_CLOEXEC) < 0)
			return -errno;
		*own[i] = least + i;
	}
	tell_descriptors_close(least + n);
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (null >= 0)
		(void)dup2(null, STDIN_FILENO);
	tell_closep(&null);
	return 0;
}

/* Say the exit code to who waits for it; 0 is ready. */
static void say_ready(int fd, int code)
{
	unsigned char byte = (unsigned char)code;
	while (write(fd, &byte, 1) < 0 && errno == EINTR)
		;
	(void)close(fd);
}

static _Noreturn void reader_main(
	struct tell_cat *c, struct pipes *p, char **command, const sigset_t *all)
{
	(void)setsid(); /* out of the command's job; fails only for a leader */
	ignore_signals(all);
	int r = keep_own(p);
	/* The command's words are its own secrets, and journald keeps the command line of who
	 * sends to it. */
	for (char **word = command + 1; *command && *word; word++)
		tell_arg_hide(*word);
	int code = r < 0
		? tell_cli_error(EX_OSERR, "cat", "no descriptors: %s", strerror(-r))
		: tell_cat_open(c);
	say_ready(p->ready[1], code);
	if (code != EX_OK)
		exit(code);
	(void)!chdir("/"); /* what is mounted here is no longer in use by us */
	c->fd[0] = p->out[0];
	c->fd[1] = p->err[0];
	exit(tell_cat_read(c));
}

/* 0 once the reader is ready, or an exit code that was said. */
static int start_reader(
	struct tell_cat *c, struct pipes *p, char **command, const sigset_t *all)
{
	pid_t child = fork();
	if (child == 0) {
		pid_t reader = fork();
		if (reader == 0)
			reader_main(c, p, command, all);
		_exit(reader < 0 ? errno : 0);
	}
	int status = 0;
	/* ECHILD: SIGCHLD is ignored here and will be for the command. */
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	int error = child < 0 ? errno : WIFEXITED(status) ? WEXITSTATUS(status) : 0;
	tell_closep(&p->ready[1]);
	p->ready[1] = -1;
	if (error)
		return tell_cli_error(
			EX_OSERR, "cat", "cannot fork: %s", strerror(error));

	unsigned char code;
	ssize_t n;
	while ((n = read(p->ready[0], &code, 1)) < 0 && errno == EINTR)
		;
	return n == 1 ? code
		      : tell_cli_error(EX_OSERR, "cat", "who reads the lines is gone");
}

/* The signal mask as it was, and no sign of the child we had. */
static void restore_signals(const sigset_t *mask, bool had_sigchld)
{
	sigset_t child;
	const struct timespec now = { 0 };
	(void)sigemptyset(&child);
	(void)sigaddset(&child, SIGCHLD);
	if (!had_sigchld)
		(void)sigtimedwait(&child, NULL, &now); /* none: it was ignored */
	(void)sigprocmask(SIG_SETMASK, mask, NULL);
}

int tell_cat_become(const struct tell_cat *c, char **command, const char *argv0)
{
	const char *path = command[0];
	int r = tell_cat_preload_set(c->preload, c->service, &c->fields);
	if (r < 0)
		return -r;
	if (argv0)
		command[0] = (char *)(uintptr_t)argv0; /* execvp() changes none of them */
	(void)execvp(path, command);
	command[0] = (char *)(uintptr_t)path;
	return errno;
}

int tell_cat_exec(struct tell_cat *c, char **command, const char *argv0)
{
	sigset_t all, mask, pending;
	struct pipes p;
	if (c->preload == TELL_CAT_PRELOAD_ONLY)
		return tell_cat_cannot_run(
			command[0], tell_cat_become(c, command, argv0));
	int r = pipes_open(&p);
	if (r < 0)
		return tell_cli_error(EX_OSERR, "cat", "no pipes: %s", strerror(-r));
	c->pid = (uint32_t)getpid();
	tell_cat_signals(&all);
	(void)sigpending(&pending);
	(void)sigprocmask(SIG_BLOCK, &all, &mask);
	int code = start_reader(c, &p, command, &all);
	restore_signals(&mask, sigismember(&pending, SIGCHLD) == 1);
	if (code != EX_OK)
		return code;

	int saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (dup2(p.out[1], STDOUT_FILENO) < 0 || dup2(p.err[1], STDERR_FILENO) < 0)
		return tell_cli_error(EX_OSERR, "cat", "no pipes: %s", strerror(errno));
	int why = tell_cat_become(c, command, argv0);
	if (saved >= 0)
		(void)dup2(saved, STDERR_FILENO); /* else it goes the way of the lines */
	return tell_cat_cannot_run(command[0], why);
}
