#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/nearest.h"
#include "stack/chain.h"

#define FILE_MAX  ((size_t)1 << 20)
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

/* A file that is looked at, and where to say what is wrong with it. */
struct look {
	const char *path;
	const struct tell_spot *at; /* of the line that includes it; NULL: none */
	struct tell_report *report;
};

__attribute__((format(printf, 4, 5))) static int refuse(
	const struct look *l, int error, const char *fix, const char *fmt, ...)
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

static int refuse_errno(const struct look *l)
{
	return refuse(l, errno, NULL, "%s", strerror(errno));
}

static int check_file(const struct look *l, int fd, struct stat *ret)
{
	if (fstat(fd, ret) < 0)
		return refuse_errno(l);
	if (!S_ISREG(ret->st_mode))
		return refuse(l, EPERM, "a stack is a file", "not a regular file");
	if (!is_trusted_owner(ret))
		return refuse(l, EPERM, "chown root it",
			"belongs to user %u, not to root or the service",
			(unsigned)ret->st_uid);
	if (others_write(ret))
		return refuse(l, EPERM, "chmod go-w it",
			"others may write to it (mode %04o)",
			(unsigned)ret->st_mode & 07777);
	if ((uintmax_t)ret->st_size > FILE_MAX)
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
	const struct look *l, const char *file, const struct stat *st, int n)
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
static int check_way_up(const struct look *l, const char *file, int dir)
{
	char up[sizeof(".") + DEPTH_MAX * sizeof("..")] = ".";
	struct stat st, below, root;
	for (int n = 0; n < DEPTH_MAX; n++) {
		if (fstatat(dir, up, &st, 0) < 0)
			return refuse_errno(l);
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
static int check_directories(const struct look *l, const char *file, struct stat *ret)
{
	TELL_CLEANUP(tell_freep) char *name = directory_of(file);
	if (!name)
		return -ENOMEM;
	TELL_CLEANUP(tell_closep) int dir = open(name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	const char *slash = strrchr(file, '/');
	if (dir < 0 ||
		fstatat(dir, slash ? slash + 1 : file, ret, AT_SYMLINK_NOFOLLOW) < 0)
		return refuse_errno(l);
	return check_way_up(l, file, dir);
}

/* Where its name is, and where it really is (ConfigMaps are links). */
static int check_place(const struct look *l, const struct stat *opened)
{
	struct stat st;
	int r = check_directories(l, l->path, &st);
	if (r == 0 && S_ISLNK(st.st_mode)) {
		TELL_CLEANUP(tell_freep) char *real = realpath(l->path, NULL);
		r = real ? check_directories(l, real, &st) : refuse_errno(l);
	}
	if (r == 0 && !same_file(&st, opened))
		return refuse(l, EPERM, "try again", "changed meanwhile");
	return r;
}

/* As many bytes as fstat() said, and not one more: then it is complete. */
static int read_all(int fd, struct tell_pool *pool, size_t size, struct tell_text *ret)
{
	char *text = tell_pool_get(pool, size + 2);
	if (!text)
		return -ENOMEM;
	size_t len = 0;
	do {
		ssize_t n = read(fd, text + len, size + 1 - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		len += (size_t)n;
	} while (len < size);
	if (len > size)
		return -EAGAIN;
	ret->text = text;
	ret->len = len;
	return 0;
}

int tell_lookup_file(const char *path, struct tell_pool *pool, const struct tell_spot *at,
	struct tell_report *report, struct tell_text *ret)
{
	const struct look l = { .path = path, .at = at, .report = report };
	/* O_NONBLOCK: a FIFO of that name must not stop the service. */
	TELL_CLEANUP(tell_closep)
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return -ENOENT;
	if (fd < 0)
		return refuse_errno(&l);
	struct stat st;
	int r = check_file(&l, fd, &st);
	if (r == 0)
		r = check_place(&l, &st);
	if (r < 0)
		return r;
	ret->path = tell_pool_text(pool, path, strlen(path));
	if (!ret->path)
		return -ENOMEM;
	r = read_all(fd, pool, (size_t)st.st_size, ret);
	if (r < 0 && r != -ENOMEM) {
		errno = -r;
		return refuse_errno(&l);
	}
	return r;
}

/* The one place to look, where somebody said so. */
static const char *own_directory(void)
{
	const char *own = secure_getenv("TELLTALE_CONFDIR");
	return own && *own ? own : NULL;
}

/* The nearest file name in a directory, kept in word. */
static void offer_names(struct tell_nearest *best, const char *name, const char *path,
	char word[NAME_MAX + 1])
{
	DIR *dir = opendir(path);
	const struct dirent *d;
	while (dir && (d = readdir(dir))) {
		tell_nearest_offer(best, name, d->d_name);
		if (best->word != d->d_name)
			continue;
		(void)snprintf(word, NAME_MAX + 1, "%s", d->d_name); /* fits */
		best->word = word;
	}
	if (dir)
		(void)closedir(dir); /* only read */
}

void tell_lookup_fix(const char *name, const struct tell_spot *at, char *fix, size_t size)
{
	const char *own = own_directory(), *file = at->file;
	const char *slash = strrchr(file, '/');
	int n = slash ? (int)(slash - file) : 1;
	const char *beside = slash ? file : ".";
	char paths[4][PATH_MAX];
	(void)snprintf(paths[0], PATH_MAX, "%s/%s", TELL_VENDORDIR, name);
	(void)snprintf(paths[1], PATH_MAX, "%s/%s", TELL_CONFDIR, name);
	(void)snprintf(paths[2], PATH_MAX, "%.*s/%s", n, beside, name);
	(void)snprintf(paths[3], PATH_MAX, "%.*s/../%s", n, beside, name);
	for (size_t i = 0; i < 4 && *name != '/'; i++) {
		if (access(paths[i], R_OK) < 0)
			continue;
		(void)snprintf(fix, size, "copy it: cp %s %s/", paths[i],
			own ? own : TELL_CONFDIR);
		return;
	}
	struct tell_nearest best = { 0 };
	char word[NAME_MAX + 1];
	offer_names(&best, name, own ? own : TELL_CONFDIR, word);
	if (!own)
		offer_names(&best, name, TELL_VENDORDIR, word);
	if (best.word)
		(void)snprintf(fix, size, "did you mean '%s'?", best.word);
	else if (*name == '/')
		(void)snprintf(fix, size, "make it, or write another path");
	else if (own)
		(void)snprintf(fix, size,
			"names are looked up in $TELLTALE_CONFDIR, %s, and nowhere else",
			own);
	else
		(void)snprintf(fix, size,
			"names are looked up in " TELL_CONFDIR
			", then in " TELL_VENDORDIR);
}

/* A name is one file in the directories, no way out of them. */
static bool is_plain_name(const char *name)
{
	return *name && *name != '.' && !strchr(name, '/');
}

static int look_in(const char *dir, const char *name, struct tell_pool *pool,
	const struct tell_spot *at, struct tell_report *report, struct tell_text *ret)
{
	size_t len = strlen(dir), n = strlen(name) + 1;
	char *path = tell_pool_get(pool, len + 1 + n);
	if (!path)
		return -ENOMEM;
	memcpy(path, dir, len);
	path[len] = '/';
	memcpy(path + len + 1, name, n);
	return tell_lookup_file(path, pool, at, report, ret);
}

int tell_lookup(const char *name, struct tell_pool *pool, const struct tell_spot *at,
	struct tell_report *report, struct tell_text *ret)
{
	if (at && *name == '/')
		return tell_lookup_file(name, pool, at, report, ret);
	if (!is_plain_name(name))
		return -ENOENT;
	const char *own = own_directory();
	if (own)
		return look_in(own, name, pool, at, report, ret);
	int r = look_in(TELL_CONFDIR, name, pool, at, report, ret);
	return r == -ENOENT ? look_in(TELL_VENDORDIR, name, pool, at, report, ret) : r;
}
