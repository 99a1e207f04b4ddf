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
#include "stack/trust.h"

#define FILE_MAX ((size_t)1 << 20)

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
	const struct tell_trust l = {
		.path = path, .at = at, .report = report, .most = FILE_MAX
	};
	struct tell_watch *watch = report ? &report->watch : NULL;
	/* O_NONBLOCK: a FIFO of that name must not stop the service. */
	TELL_CLEANUP(tell_closep)
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	int error = fd < 0 ? errno : 0;
	struct stat st;
	if (fd >= 0 && fstat(fd, &st) == 0)
		tell_watch_note(watch, path, &st);
	else
		tell_watch_note_path(watch, path);
	if (error == ENOENT || error == ENOTDIR)
		return -ENOENT;
	errno = error;
	if (fd < 0)
		return tell_trust_errno(&l);
	int r = tell_trust_file(&l, fd, &st);
	if (r < 0)
		return r;
	ret->path = tell_pool_text(pool, path, strlen(path));
	if (!ret->path)
		return -ENOMEM;
	r = read_all(fd, pool, (size_t)st.st_size, ret);
	if (r < 0 && r != -ENOMEM) {
		errno = -r;
		return tell_trust_errno(&l);
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
