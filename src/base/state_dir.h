#pragma once
#include <stddef.h>

/* The state directory: where a process keeps what must outlive it and the machine's next start.
 *
 * Places:  $STATE_DIRECTORY/telltale (the first of its list), /var/lib/telltale/<uid>,
 *          $XDG_STATE_HOME/telltale, else $HOME/.local/state/telltale; variables not in
 *          set-user-ID programs. uid: the effective one.
 * Safety:  it belongs to its user, others may not write there, the last name is no link.
 * Threads: any; nothing is remembered.
 * Source:  systemd.exec(5), StateDirectory=; XDG Base Directory Specification. */

/* given, or the first place that is there or can be made; its name in path. 0, or why the last
 * one would not do. */
int tell_state_dir(const char *given, char *path, size_t size);

/* Could a directory that is given be one, or be made? 0 or -errno. */
int tell_state_dir_look(const char *given);
