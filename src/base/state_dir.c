#include "base/state_dir.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/cleanup.h"

/* Ours and nobody else's, made where it is missing. */
static int use(const char *path)
{
	struct stat st;
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return -errno;
	TELL_CLEANUP(tell_closep)
	int dir = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir < 0 || fstat(dir, &st) < 0)
		return -errno;
	if (st.st_uid != geteuid() || st.st_mode & (S_IWGRP | S_IWOTH))
		return -EPERM;
	return 0;
}

/* What lies above: made by who may, for all users or for this one. */
static void make_above(const char *path, const char *part, mode_t mode)
{
	char above[1024];
	int n = snprintf(above, sizeof(above), "%s%s", path, part);
	if (n > 0 && (size_t)n < sizeof(above))
		(void)mkdir(above, mode); /* else the next step fails */
}

static int format(char *path, size_t size, const char *above, const char *name)
{
	int n = snprintf(path, size, "%s%s", above, name);
	return n > 0 && (size_t)n < size ? 0 : -ENAMETOOLONG;
}

static int try_state(char *path, size_t size)
{
	char above[1024];
	const char *given = secure_getenv("STATE_DIRECTORY");
	if (!given || *given != '/')
		return -ENOENT;
	int n = snprintf(above, sizeof(above), "%.*s", (int)strcspn(given, ":"), given);
	int r = n < (int)sizeof(above) ? format(path, size, above, "/telltale")
				       : -ENAMETOOLONG;
	return r < 0 ? r : use(path);
}

static int try_var(char *path, size_t size)
{
	char uid[32];
	(void)snprintf(uid, sizeof(uid), "/%ju", (uintmax_t)geteuid()); /* fits */
	if (geteuid() == 0)
		make_above("/var/lib/telltale", "", 0755);
	int r = format(path, size, "/var/lib/telltale", uid);
	return r < 0 ? r : use(path);
}

static int try_home(char *path, size_t size)
{
	const char *state = secure_getenv("XDG_STATE_HOME");
	const char *home = secure_getenv("HOME");
	if (state && *state == '/') {
		int r = format(path, size, state, "/telltale");
		return r < 0 ? r : use(path);
	}
	if (!home || *home != '/')
		return -ENOENT;
	make_above(home, "/.local", 0700);
	make_above(home, "/.local/state", 0700);
	int r = format(path, size, home, "/.local/state/telltale");
	return r < 0 ? r : use(path);
}

int tell_state_dir(const char *given, char *path, size_t size)
{
	int r = given ? format(path, size, given, "") : try_state(path, size);
	if (given)
		return r < 0 ? r : use(path);
	if (r < 0)
		r = try_var(path, size);
	return r < 0 ? try_home(path, size) : r;
}

/* Whose it is, is not asked: the service may have another user than who looks. */
int tell_state_dir_look(const char *given)
{
	struct stat st;
	int r = lstat(given, &st) == 0 ? 0 : -errno;
	if (r == -ENOENT) { /* it will be made, but not what it lies in */
		TELL_CLEANUP(tell_freep) char *above = strdup(given);
		if (!above)
			return -ENOMEM;
		r = stat(dirname(above), &st) == 0 ? 0 : -errno;
	}
	return r < 0 || S_ISDIR(st.st_mode) ? r : -ENOTDIR;
}
