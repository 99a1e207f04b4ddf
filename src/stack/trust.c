#include "stack/trust.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/cleanup.h"

#define DEPTH_MAX 100 /* directories above one another */

/* Who may write here decides what leaves this process, so the rules are those of sshd's
 * StrictModes: see tell_lookup_file(). */
static bool is_trusted_owner(const struct stat *st)
{
	return st->st_uid == 0 || st->st_uid == geteuid();
}

static bool others_write(const struct stat *st)
{
	return st->st_mode & (S_IWGRP | S_IWOTH);
}

__attribute__((format(printf, 4, 5))) static int refuse(
	const struct tell_trust *l, int error, const char *fix, const char *fmt, ...)
{
	char what[PATH_MAX + 200];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, ap); /* cut is fine */
	va_end(ap);
	struct tell_spot file = { .file = l->path };
	if (l->at)
		tell_report_error(l->report, l->at, fix, "%s: %s", l->path, what);
	else
		tell_report_error(l->report, &file, fix, "%s", what);
	return -error;
}

int tell_trust_errno(const struct tell_trust *l)
{
	return refuse(l, errno, NULL, "%s", strerror(errno));
}

static int check_file(const struct tell_trust *l, int fd, struct stat *ret)
{
	if (fstat(fd, ret) < 0)
		return tell_trust_errno(l);
	if (!S_ISREG(ret->st_mode))
		return refuse(l, EPERM, "a file belongs here", "not a regular file");
	if (!is_trusted_owner(ret))
		return refuse(l, EPERM, "chown root it",
			"belongs to user %u, not to root or the service",
			(unsigned)ret->st_uid);
	if (others_write(ret))
		return refuse(l, EPERM, "chmod go-w it",
			"others may write to it (mode %04o)",
			(unsigned)ret->st_mode & 07777);
	if ((uintmax_t)ret->st_size > l->most)
		return refuse(l, EFBIG, "a stack has at most 1 MiB", "is too large");
	return 0;
}

/* The directory a file is in. NULL: memory is out. */
static char *directory_of(const char *file)
{
	const char *slash = strrchr(file, '/');
	if (!slash)
		return strdup(".");
	return strndup(file, slash == file ? 1 : (size_t)(slash - file));
}

/* What a report calls the directory that is n above the one the file is in. */
static char *name_above(const char *file, int n)
{
	TELL_CLEANUP(tell_freep) char *dir = directory_of(file);
	char *name = dir ? realpath(dir, NULL) : NULL;
	for (char *slash; n > 0 && name && (slash = strrchr(name, '/')); n--)
		slash[slash == name] = '\0'; /* of "/x" the "/" stays */
	return name;
}

/* The directory itself may be written by its owner only; those above it may be shared when
 * they are root's and sticky, as /tmp is: nobody can rename what is ours in there. */
static int check_directory(
	const struct tell_trust *l, const char *file, const struct stat *st, int n)
{
	bool ours = is_trusted_owner(st);
	bool shared = n > 0 && st->st_uid == 0 && st->st_mode & S_ISVTX;
	if (ours && (shared || !others_write(st)))
		return 0;
	TELL_CLEANUP(tell_freep) char *name = name_above(file, n);
	const char *dir = name ? name : "above it";
	if (!ours)
		return refuse(l, EPERM, "chown root it",
			"directory %s belongs to user %u", dir, (unsigned)st->st_uid);
	return refuse(l, EPERM, "chmod go-w it", "others may write in directory %s", dir);
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* From a directory that is held up to the root, by "..": no link and no renaming on the way
 * can show us other directories than those the file is in. */
static int check_way_up(const struct tell_trust *l, const char *file, int dir)
{
	char up[sizeof(".") + DEPTH_MAX * sizeof("..")] = ".";
	struct stat st, below, root;
	for (int n = 0; n < DEPTH_MAX; n++) {
		if (fstatat(dir, up, &st, 0) < 0)
			return tell_trust_errno(l);
		/* Alone it may be a directory that is mounted on one of its own. */
		if (n > 0 && same_file(&st, &below) && stat("/", &root) == 0 &&
			same_file(&st, &root))
			return 0;
		int r = check_directory(l, file, &st, n);
		if (r < 0)
			return r;
		below = st;
		memcpy(up + 1 + 3 * n, "/..", 4);
	}
	return refuse(l, ELOOP, NULL, "is more than %d directories deep", DEPTH_MAX);
}

/* Check the directories a file is in; what stands there under its name. */
static int check_directories(
	const struct tell_trust *l, const char *file, struct stat *ret)
{
	TELL_CLEANUP(tell_freep) char *name = directory_of(file);
	if (!name)
		return -ENOMEM;
	TELL_CLEANUP(tell_closep) int dir = open(name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	const char *slash = strrchr(file, '/');
	if (dir < 0 ||
		fstatat(dir, slash ? slash + 1 : file, ret, AT_SYMLINK_NOFOLLOW) < 0)
		return tell_trust_errno(l);
	return check_way_up(l, file, dir);
}

/* Where its name is, and where it really is (ConfigMaps are links). */
static int check_place(const struct tell_trust *l, const struct stat *opened)
{
	struct stat st;
	int r = check_directories(l, l->path, &st);
	if (r == 0 && S_ISLNK(st.st_mode)) {
		TELL_CLEANUP(tell_freep) char *real = realpath(l->path, NULL);
		r = real ? check_directories(l, real, &st) : tell_trust_errno(l);
	}
	if (r == 0 && !same_file(&st, opened))
		return refuse(l, EPERM, "try again", "changed meanwhile");
	return r;
}

int tell_trust_file(const struct tell_trust *l, int fd, struct stat *ret)
{
	int r = check_file(l, fd, ret);
	return r < 0 ? r : check_place(l, ret);
}
