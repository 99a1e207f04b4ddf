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

#define FILE_MAX ((size_t)1 << 20)

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

static struct tell_spot spot_of(const struct tell_spot *at, const char *path)
{
	return at ? *at : (struct tell_spot){ .file = path };
}

__attribute__((format(printf, 6, 7))) static int refuse(struct tell_report *report,
	const struct tell_spot *at, const char *path, int error, const char *fix,
	const char *fmt, ...)
{
	char what[PATH_MAX + 200];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, ap); /* cut is fine */
	va_end(ap);
	struct tell_spot spot = spot_of(at, path);
	if (at)
		tell_report_error(report, &spot, fix, "%s: %s", path, what);
	else
		tell_report_error(report, &spot, fix, "%s", what);
	return -error;
}

/* The directory itself may be written by its owner only; those above it may be shared when
 * they are root's and sticky, as /tmp is: nobody can rename what is ours in there. */
static int check_directories(const char *real, const char *path,
	const struct tell_spot *at, struct tell_report *report)
{
	char dir[PATH_MAX];
	(void)snprintf(dir, sizeof(dir), "%s", real); /* realpath() fits */
	bool first = true;
	for (char *slash = strrchr(dir, '/'); slash; slash = strrchr(dir, '/')) {
		slash[slash == dir] = '\0'; /* of "/x" the "/" stays */
		struct stat st;
		if (stat(dir, &st) < 0)
			return refuse(report, at, path, errno, NULL, "%s: %s", dir,
				strerror(errno));
		if (!is_trusted_owner(&st))
			return refuse(report, at, path, EPERM, "chown root it",
				"directory %s belongs to user %u", dir,
				(unsigned)st.st_uid);
		bool shared = !first && st.st_uid == 0 && st.st_mode & S_ISVTX;
		if (others_write(&st) && !shared)
			return refuse(report, at, path, EPERM, "chmod go-w it",
				"others may write in directory %s", dir);
		if (slash == dir)
			break;
		first = false;
	}
	return 0;
}

static int check_file(int fd, const char *path, const struct tell_spot *at,
	struct tell_report *report, struct stat *ret)
{
	if (fstat(fd, ret) < 0)
		return refuse(report, at, path, errno, NULL, "%s", strerror(errno));
	if (!S_ISREG(ret->st_mode))
		return refuse(report, at, path, EPERM, "a stack is a file",
			"not a regular file");
	if (!is_trusted_owner(ret))
		return refuse(report, at, path, EPERM, "chown root it",
			"belongs to user %u, not to root or the service",
			(unsigned)ret->st_uid);
	if (others_write(ret))
		return refuse(report, at, path, EPERM, "chmod go-w it",
			"others may write to it (mode %04o)",
			(unsigned)ret->st_mode & 07777);
	if ((uintmax_t)ret->st_size > FILE_MAX)
		return refuse(report, at, path, EFBIG, "a stack has at most 1 MiB",
			"is too large");
	return 0;
}

/* Where it really is (ConfigMaps are links), and where the name for it is. */
static int check_place(const char *path, const struct stat *opened,
	const struct tell_spot *at, struct tell_report *report)
{
	char real[PATH_MAX], name_dir[PATH_MAX];
	struct stat st;
	if (!realpath(path, real) || stat(real, &st) < 0)
		return refuse(report, at, path, errno, NULL, "%s", strerror(errno));
	if (st.st_dev != opened->st_dev || st.st_ino != opened->st_ino)
		return refuse(report, at, path, EPERM, "try again", "changed meanwhile");
	int r = check_directories(real, path, at, report);
	if (r < 0)
		return r;
	const char *slash = strrchr(path, '/');
	size_t n = slash ? (size_t)(slash - path) : 0;
	char dir[PATH_MAX] = ".";
	if (n >= sizeof(dir))
		return refuse(
			report, at, path, ENAMETOOLONG, NULL, "the name is too long");
	if (slash)
		(void)snprintf(dir, sizeof(dir), "%.*s", n ? (int)n : 1, path);
	if (!realpath(dir, name_dir))
		return refuse(report, at, path, errno, NULL, "%s", strerror(errno));
	size_t len = strlen(name_dir);
	if (len + 3 > sizeof(name_dir))
		return refuse(
			report, at, path, ENAMETOOLONG, NULL, "the name is too long");
	memcpy(name_dir + len, "/x", 3);
	return check_directories(name_dir, path, at, report);
}

static int read_all(int fd, struct tell_pool *pool, size_t size, struct tell_text *ret)
{
	/* One byte more, to see a file that grows. */
	char *text = tell_pool_get(pool, size + 2);
	if (!text)
		return -ENOMEM;
	size_t len = 0;
	while (len <= size) {
		ssize_t n = read(fd, text + len, size + 1 - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	if (len > size)
		return -EAGAIN;
	ret->text = text;
	ret->len = len;
	return 0;
}

int tell_lookup_file(const char *path, struct tell_pool *pool, const struct tell_spot *at,
	struct tell_report *report, struct tell_text *ret)
{
	/* O_NONBLOCK: a FIFO of that name must not stop the service. */
	TELL_CLEANUP(tell_closep)
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return -ENOENT;
	if (fd < 0)
		return refuse(report, at, path, errno, NULL, "%s", strerror(errno));
	struct stat st;
	int r = check_file(fd, path, at, report, &st);
	if (r == 0)
		r = check_place(path, &st, at, report);
	if (r < 0)
		return r;
	ret->path = tell_pool_text(pool, path, strlen(path));
	if (!ret->path)
		return -ENOMEM;
	r = read_all(fd, pool, (size_t)st.st_size, ret);
	if (r < 0 && r != -ENOMEM)
		return refuse(report, at, path, -r, NULL, "%s", strerror(-r));
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

int tell_lookup(const char *name, struct tell_pool *pool, const struct tell_spot *at,
	struct tell_report *report, struct tell_text *ret)
{
	if (at && *name == '/')
		return tell_lookup_file(name, pool, at, report, ret);
	if (!is_plain_name(name))
		return -ENOENT;
	const char *own = own_directory();
	const char *const dirs[] = { own ? own : TELL_CONFDIR,
		own ? NULL : TELL_VENDORDIR };
	for (size_t i = 0; i < 2 && dirs[i]; i++) {
		char path[PATH_MAX];
		int n = snprintf(path, sizeof(path), "%s/%s", dirs[i], name);
		if (n < 0 || (size_t)n >= sizeof(path))
			return refuse(report, at, name, ENAMETOOLONG, NULL,
				"the name is too long");
		int r = tell_lookup_file(path, pool, at, report, ret);
		if (r != -ENOENT)
			return r;
	}
	return -ENOENT;
}
