#pragma once
#include <sys/types.h>

/* A log file, opened so that nobody can lead us elsewhere: no link at its place, no pipe,
 * no device, no second name, and for root no directory that others rule
 * (CVE-2016-1247: a log directory of the service's user, root opens the file in it).
 *
 * Threads: pure but for the file system. */

/* Open the last part of path (absolute) in its directory for appending, create it with
 * exactly mode when it is not there. The descriptor, or -errno; then *ret_why is a
 * sentence where the errno's text would not say it, else NULL. */
int tell_logfile_open(const char *path, mode_t mode, const char **ret_why);

/* Is what stands at path now the file with these numbers? 0 yes, 1 another, or -errno. */
int tell_logfile_moved(const char *path, dev_t dev, ino_t ino);
