#pragma once
#include <signal.h>
#include "tool/cat_reader.h"

/* The ways `telltale cat` gets at lines; each returns an exit code, failures were said.
 *
 * Threads: one. */

/* Lines of fd[0]. The signals that end a command end it too, once what was there is read
 * and delivered. */
int tell_cat_stdin(struct tell_cat *c);

/* Become the command, argv0 its name for itself (NULL: command[0]); another process reads
 * what it writes. Returns only when that failed. */
int tell_cat_exec(struct tell_cat *c, char **command, const char *argv0);

/* Run the command as a child, hand on the signals that come, reap what it leaves behind
 * (as PID 1 of a container must), and end with its exit status, or 128 and its signal. */
int tell_cat_supervise(struct tell_cat *c, char **command, const char *argv0);

/* Take this process's place, its stdout and stderr being those of the command. Returns only
 * when that failed: the errno of execvp(3), or of setting the environment for --preload. */
int tell_cat_become(const struct tell_cat *c, char **command, const char *argv0);

/* What a shell says of a command it cannot start (POSIX 2.8.2); said on stderr. */
int tell_cat_cannot_run(const char *command, int error);

/* All signals but the ones that report a fault of our own. */
void tell_cat_signals(sigset_t *ret);
