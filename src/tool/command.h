#pragma once
#include <limits.h>
#include <stdbool.h>

/* What a command is, before it is run: found as execvp(3) finds it, its file read.
 *
 * Threads: pure but for the file system. Source: elf(5), execve(2), ld.so(8). */
#define TELL_COMMAND_PATH_MAX PATH_MAX

enum tell_command_kind {
	TELL_COMMAND_UNKNOWN, /* not to be read, or nothing that is known here */
	TELL_COMMAND_DYNAMIC, /* loaded by the loader that loads us: it takes our libraries */
	TELL_COMMAND_STATIC,  /* no loader: no PT_INTERP */
	TELL_COMMAND_FOREIGN, /* another machine's, or another loader */
	TELL_COMMAND_SECURE,  /* gets rights its caller has not: AT_SECURE */
};

/* Where the command is. False: nowhere, or not to be run. */
bool tell_command_find(const char *command, char path[TELL_COMMAND_PATH_MAX]);

/* Of a script what its interpreter is. */
enum tell_command_kind tell_command_kind(const char *path);
