#pragma once
#include <stdbool.h>

/* The journal files of a directory, counted without libsystemd, which does not say how many
 * it found or was refused.
 *
 * Shape:   the files in a directory and in its subdirectories, one level down, which are
 *          MACHINE or MACHINE.NAMESPACE (systemd-journald.service(8), Files).
 * Threads: one. */
struct tell_journals {
	const char *name_space; /* of subdirectories; NULL: the default one */
	bool any;		/* all subdirectories, whatever they are called */
	/* Journal files; a closed directory counts as one that cannot be read. */
	unsigned there, readable;
};

/* Add those below path; a missing directory has none. */
void tell_journals_look(struct tell_journals *j, const char *path);
