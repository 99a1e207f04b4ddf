#pragma once
#include <telltale/module.h>

/* The process's own stderr or stdout, as the service was started: what sink/stderr.c and
 * sink/stdout.c share. The descriptor stays the host's: it is looked at again when it
 * becomes another file, written as it is, never closed, its flags never changed.
 *
 * auto:     a terminal gets text, the journal's stream native records ($JOURNAL_STREAM,
 *           systemd.exec(5)), all else JSON lines.
 * Readers:  one that stopped, of a pipe or a terminal, costs no more than the deadline; a
 *           line up to PIPE_BUF (4096) is never mixed with others' (pipe(7)). How:
 *           sink/outlet.h.
 * Threads:  run by any number; the rest by one at a time. */
extern const struct tell_option tell_console_options[];

int tell_console_open(void **ret, const struct tell_args *args, int fd);
enum tell_verdict tell_console_run(void *state, struct tell_run *run);
void tell_console_close(void *state);
int tell_console_reopen(void *state);
void tell_console_child(void *state);
