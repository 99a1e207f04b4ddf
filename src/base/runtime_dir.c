#include "base/runtime_dir.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>
#include "base/cleanup.h"

#define OTHERS (S_IRWXG | S_IRWXO)

/* A place, cut in two: what must be there already, and what is made in it. */
struct place {
	char above[TELL_RUNTIME_PATH_MAX];
	char shared
		[16]; /* made by root for all users, in above; "" where there is none */
	char own[32];
};

static bool place_at(const char *root, unsigned i, uid_t uid, struct place *ret)
{
	const char *above[TELL_RUNTIME_PLACES] = { secure_getenv("RUNTIME_DIRECTORY"),
		"/run", "/dev/shm" };
	if (i >= TELL_RUNTIME_PLACES || !above[i] || *above[i] != '/')
		return false;
	int len = (int)strcspn(above[i], i == 0 ? ":" : "");
	int n = snprintf(ret->above, sizeof(ret->above), "%s%.*s", i == 0 ? "" : root,
		len, above[i]);
	(void)snprintf(ret->shared, sizeof(ret->shared), "%s",
		i == 1 ? "telltale" : ""); /* fits */
	if (i == 0)
		(void)snprintf(ret->own, sizeof(ret->own), "telltale"); /* fits */
	else
		(void)snprintf(ret->own, sizeof(ret->own), "%s%ju",
			i == 2 ? "telltale-" : "", (uintmax_t)uid); /* fits */
	return n > 0 && (size_t)n < sizeof(ret->above);
}

static bool place_name(const struct place *p, char *path, size_t size)
{
	int n = snprintf(path, size, "%s%s%s/%s", p->above, *p->shared ? "/" : "",
		p->shared, p->own);
	return n > 0 && (size_t)n < size;
}

/* May others only take part here, but not meddle with what is ours? */
static bool is_safe_above(int dir)
{
	struct stat st;
	if (fstat(dir, &st) < 0 || (st.st_uid != 0 && st.st_uid != geteuid()))
		return false;
	return !(st.st_mode & (S_IWGRP | S_IWOTH)) ||
		(st.st_mode & S_ISVTX && st.st_uid == 0);
}

static bool is_safe_own(int dir, uid_t *ret_owner)
{
	struct stat st;
	if (fstat(dir, &st) < 0)
		return false;
	*ret_owner = st.st_uid;
	return !(st.st_mode & OTHERS) && (st.st_mode & S_IRWXU) == S_IRWXU;
}

static int open_above(const char *path)
{
	int dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return -errno;
	if (is_safe_above(dir))
		return dir;
	(void)close(dir); /* only a name */
	return -EPERM;
}

/* A directory in another, made where it is missing. No link: it may be anybody's. */
static int step(int above, const char *name, mode_t mode)
{
	int error = mkdirat(above, name, mode) < 0 ? -errno : 0;
	int dir = openat(above, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir < 0)
		return errno == ENOENT && error < 0 ? error : -errno;
	return dir;
}

/* The one that all users share is root's to make. */
static int open_shared(const char *path, const char *name)
{
	int above = open_above(path);
	if (above < 0 || !*name)
		return above;
	int dir = geteuid() == 0
		? step(above, name, 0755)
		: openat(above, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int error = dir < 0 ? -errno : is_safe_above(dir) ? 0 : -EPERM;
	(void)close(above); /* only a name */
	if (error < 0 && dir >= 0)
		(void)close(dir);
	return error < 0 ? error : dir;
}

static bool in_memory(int dir)
{
	struct statfs fs;
	return fstatfs(dir, &fs) == 0 && fs.f_type == TMPFS_MAGIC;
}

static int open_place(const struct place *p, bool tmpfs)
{
	TELL_CLEANUP(tell_closep) int above = open_shared(p->above, p->shared);
	if (above < 0)
		return above;
	if (tmpfs && !in_memory(above))
		return -ENODEV;
	TELL_CLEANUP(tell_closep) int dir = step(above, p->own, S_IRWXU);
	uid_t owner;
	if (dir < 0)
		return dir;
	if (!is_safe_own(dir, &owner) || owner != geteuid())
		return -EPERM;
	return tmpfs && !in_memory(dir) ? -ENODEV : tell_fd_take(&dir);
}

int tell_runtime_dir_below(const char *root, char *path, size_t size, bool tmpfs)
{
	int r = -ENOENT;
	for (unsigned i = 0; i < TELL_RUNTIME_PLACES; i++) {
		struct place p;
		if (!place_at(root, i, geteuid(), &p) || !place_name(&p, path, size))
			continue;
		r = open_place(&p, tmpfs);
		if (r >= 0)
			return r;
	}
	return r;
}

int tell_runtime_dir(char *path, size_t size, bool tmpfs)
{
	return tell_runtime_dir_below("", path, size, tmpfs);
}

bool tell_runtime_dir_name(
	const char *root, unsigned place, uid_t uid, char *path, size_t size)
{
	struct place p;
	return place_at(root, place, uid, &p) && place_name(&p, path, size);
}

int tell_runtime_dir_open(const char *path, uid_t *ret_owner)
{
	TELL_CLEANUP(tell_closep)
	int dir = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir < 0)
		return -errno;
	if (!is_safe_own(dir, ret_owner))
		return -EPERM;
	return tell_fd_take(&dir);
}
