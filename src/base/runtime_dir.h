#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The runtime directory: where a process keeps what others shall find only while it runs
 * (its ring, its control socket), or until somebody has looked after it.
 *
 *	char path[TELL_RUNTIME_PATH_MAX];
 *	int dir = tell_runtime_dir(path, sizeof(path), true);
 *	int fd = openat(dir, "shop.4711.ring", O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
 *
 * Places:  $RUNTIME_DIRECTORY/telltale (the first of its list; not in set-user-ID
 *          programs), /run/telltale/<uid>, /dev/shm/telltale-<uid>. uid: the effective one.
 * Safety:  each belongs to its user and is closed to all others (0700); the directory it
 *          lies in belongs to root or that user, and others may write there only when it is
 *          sticky. The last names are never links. Whoever makes such a name first can keep
 *          a user out of that place, and nothing else: the next is tried.
 * Threads: any; nothing is remembered.
 * Source:  systemd.exec(5), RuntimeDirectory=; file-hierarchy(7), /run and /dev/shm. */
#define TELL_RUNTIME_PLACES   3
#define TELL_RUNTIME_PATH_MAX 1024

/* The first place that is there, or can be made, and is safe; tmpfs: and is in memory
 * (statfs(2), TMPFS_MAGIC). Returns a descriptor opened with O_PATH, its name in path; or
 * why the last place would not do: -ENOENT, -EACCES, -EPERM (unsafe), -ENODEV (no tmpfs). */
int tell_runtime_dir(char *path, size_t size, bool tmpfs);

/* The same below a directory of a test's own instead of "/". */
int tell_runtime_dir_below(const char *root, char *path, size_t size, bool tmpfs);

/* For who looks for what others left: the name of a user's place, 0 to TELL_RUNTIME_PLACES -
 * 1. False: there is none ($RUNTIME_DIRECTORY is not set), or it is too long. */
bool tell_runtime_dir_name(
	const char *root, unsigned place, uid_t uid, char *path, size_t size);

/* Open a directory that should be such a place, by any name; nothing is made. Returns as
 * tell_runtime_dir(), and whose it is: a reader trusts it no more than that user. */
int tell_runtime_dir_open(const char *path, uid_t *ret_owner);
