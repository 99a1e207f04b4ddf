#pragma once

/* A runtime directory of the test's own, in memory, where rings are made; $RUNTIME_DIRECTORY
 * names what is above it, for this process and its children. It is removed with all that is
 * in it when the process that made it ends; a test may end without.
 *
 *	if (!memory_dir())
 *		return;	(no tmpfs here: no queue)
 *
 * Returns the path rings are in, the same for each call. Threads: one. */
const char *memory_dir(void);

/* How many files of this suffix (".ring") are in it. */
unsigned memory_dir_files(const char *suffix);

void memory_dir_remove(void);
