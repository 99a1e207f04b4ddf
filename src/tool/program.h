#pragma once
#include <limits.h>
#include <stdbool.h>

/* What a command is, before it is run: found as execvp(3) finds it, its file read.
 *
 * Threads: pure but for the file system. Source: elf(5), execve(2), ld.so(8). */
#define TELL_PROGRAM_PATH_MAX PATH_MAX

enum tell_program_kind {
	TELL_PROGRAM_UNKNOWN, /* not to be read, or nothing that is known here */
	TELL_PROGRAM_DYNAMIC, /* loaded by the loader that loads us: it takes our libraries */
	TELL_PROGRAM_STATIC,  /* no loader: no PT_INTERP */
	TELL_PROGRAM_FOREIGN, /* another machine's, or another loader */
	TELL_PROGRAM_SECURE,  /* gets rights its caller has not: AT_SECURE */
};

/* Where the command is. False: nowhere, or not to be run. */
bool tell_program_find(const char *command, char path[TELL_PROGRAM_PATH_MAX]);

/* Of a script what its interpreter is. */
enum tell_program_kind tell_program_kind(const char *path);
