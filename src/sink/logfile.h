#pragma once
#include <sys/types.h>
#include <telltale/module.h>

/* A log file, opened so that nobody can lead us elsewhere: no link at its place, no pipe,
 * no device, no second name, and for root no directory that others rule
 * (CVE-2016-1247: a log directory of the service's user, root opens the file in it).
 *
 * Threads: pure but for the file system. */

#define TELL_LOGFILE_PATH_MAX 4096

/* Open the last part of path (absolute) in its directory for appending, create it with
 * exactly mode when it is not there. The descriptor, or -errno; then *ret_why is a
 * sentence where the errno's text would not say it, else NULL. */
int tell_logfile_open(const char *path, mode_t mode, const char **ret_why);

/* The directory of path (absolute), safe to make files in: the descriptor, or as above. It
 * can be read where the user may. */
int tell_logfile_dir(const char *path, const char **ret_why);

/* As tell_logfile_open(), for a name in that directory. */
int tell_logfile_open_at(int dir, const char *name, mode_t mode, const char **ret_why);

/* What a stack says to that error: 0 where it may pass by itself until the first record or
 * later (no such directory, no room), else the refusal, with the fix. */
int tell_logfile_refuse(
	const char *path, int error, const char *words, struct tell_refusal *why);

/* What tell_logfile_open() would meet as this user, without making anything: 0, or -errno
 * and *ret_why as there, with *ret_what the path it is about: the file or its directory
 * (text of the caller). Whose the directories are is not asked: the service's user may be
 * another. */
int tell_logfile_look(
	const char *path, char what[TELL_LOGFILE_PATH_MAX], const char **ret_why);

/* Is what stands at path now the file with these numbers? 0 yes, 1 another, or -errno. */
int tell_logfile_moved(const char *path, dev_t dev, ino_t ino);
