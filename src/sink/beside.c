#include "sink/beside.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool tell_beside_same(int dir, const char *name, int fd)
{
	struct stat ours, there;

	return fstat(fd, &ours) == 0 &&
		fstatat(dir, name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
		ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

/* 1: it points there; 0: elsewhere, or nothing stands there. */
static int points(int dir, const char *name, const char *target)
{
	char is[NAME_MAX + 1];
	ssize_t n = readlinkat(dir, name, is, sizeof(is));

	if (n < 0 && errno == ENOENT)
		return 0;
	if (n < 0)
		return errno == EINVAL ? -EEXIST : -errno;
	return (size_t)n == strlen(target) && memcmp(is, target, (size_t)n) == 0;
}

int tell_beside_link(int dir, const char *name, const char *target)
{
	char temporary[NAME_MAX + 1];

	int r = points(dir, name, target);
	if (r != 0)
		return r < 0 ? r : 0;
	int n = snprintf(temporary, sizeof(temporary), ".%s.%ld", name, (long)getpid());
	if (n < 0 || (size_t)n >= sizeof(temporary))
		return -ENAMETOOLONG;
	(void)unlinkat(
		dir, temporary, 0); /* of a process of this number that was killed */
	if (symlinkat(target, dir, temporary) < 0)
		return -errno;
	if (renameat(dir, temporary, dir, name) == 0)
		return 0;
	r = -errno;
	(void)unlinkat(dir, temporary, 0); /* or it stays, and is replaced */
	return r;
}
