#pragma once
#include <stdbool.h>
#include <stddef.h>

/* What this program is called, for a service whose name nobody said.
 *
 * argv[0] says so, but that is the caller's: in a program with rights that its caller has
 * not (getauxval(3), AT_SECURE) it would choose the stack, and whose records these are. So
 * would AT_EXECFN, the path as the caller wrote it, perhaps of a symbolic link. There it is
 * the file that runs, as the kernel knows it: /proc/self/exe, without the directory. Only a
 * hard link gives that another name, and making one of another's file is refused by default
 * (proc_sys_fs(5), protected_hardlinks). Without /proc: TELL_PROGRAM_UNKNOWN.
 *
 * Threads: pure. */
#define TELL_PROGRAM_MAX     256 /* NAME_MAX and NUL */
#define TELL_PROGRAM_UNKNOWN "unnamed"

/* The name, in buf or static. */
const char *tell_program_name(char buf[TELL_PROGRAM_MAX]);

/* The same for a program that has such rights (secure) or has not. */
const char *tell_program_name_if(bool secure, char buf[TELL_PROGRAM_MAX]);

/* The name in the text of an exe link: behind the last '/', without the " (deleted)" of a
 * file that was replaced meanwhile. False, buf untouched: there is none. */
bool tell_program_of(char buf[TELL_PROGRAM_MAX], const char *exe, size_t len);
