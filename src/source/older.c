#include "source/older.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/cleanup.h"
#include "source/unpack.h"

static bool is_file(int dir, const char *name, dev_t dev, ino_t ino)
{
	struct stat st;
	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_dev == dev &&
		st.st_ino == ino;
}

/* Being compressed a generation is there twice for a moment; the plain one is first. */
static void take_once(struct tell_generations *all)
{
	size_t n = 0;
	for (size_t i = 0; i < all->n; i++)
		if (i == 0 || all->list[i].number != all->list[n - 1].number)
			all->list[n++] = all->list[i];
	all->n = n;
}

int tell_older_open(struct tell_older *o, const char *path, dev_t dev, ino_t ino)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;

	*o = (struct tell_older){ .dir = -1 };
	TELL_CLEANUP(tell_freep)
	char *parent = !slash	? strdup(".")
		: slash == path ? strdup("/")
				: strndup(path, (size_t)(slash - path));
	if (!parent)
		return -ENOMEM;
	TELL_CLEANUP(tell_closep)
	int dir = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return errno == EACCES ? 0 : -errno;
	int r = tell_generations_list(&o->all, dir, base);
	if (r < 0)
		return r;
	take_once(&o->all);
	for (size_t i = 0; i < o->all.n; i++)
		if (is_file(dir, o->all.list[i].name, dev, ino))
			o->all.n = i;
	o->dir = tell_fd_take(&dir);
	return 0;
}

void tell_older_done(struct tell_older *o)
{
	tell_closep(&o->dir);
	tell_generations_done(&o->all);
	o->dir = -1;
}

void tell_older_behind(struct tell_older *o, dev_t dev, ino_t ino)
{
	struct tell_generations *all = &o->all;

	for (size_t i = all->n; i-- > 0;) {
		if (!is_file(o->dir, all->list[i].name, dev, ino))
			continue;
		all->n -= i + 1;
		memmove(all->list, all->list + i + 1, all->n * sizeof(*all->list));
		return;
	}
}

uint64_t tell_older_number(const struct tell_older *o, dev_t dev, ino_t ino)
{
	for (size_t i = 0; i < o->all.n; i++)
		if (is_file(o->dir, o->all.list[i].name, dev, ino))
			return o->all.list[i].number;
	return 0;
}

static int unpacked(int fd)
{
	TELL_CLEANUP(tell_closep) int packed = fd;
	enum tell_packed form = tell_packed_of(fd);

	return form == TELL_PACKED_NOT ? tell_fd_take(&packed) : tell_unpack(fd, form);
}

int tell_older_get(struct tell_older *o, size_t i)
{
	static const char *const endings[] = { "", ".zst", ".gz" };
	const struct tell_generation *g = &o->all.list[i];
	char name[TELL_GENERATION_MAX + 8];
	int fd = openat(o->dir, g->name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	/* Compressed since it was listed? */
	for (size_t k = 1; fd < 0 && errno == ENOENT && k < 3 && !g->form; k++) {
		(void)snprintf(name, sizeof(name), "%s%s", g->name, endings[k]);
		fd = openat(o->dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	}
	return fd < 0 ? -errno : unpacked(fd);
}

static int open_renamed(DIR *d, const char *base, dev_t dev, ino_t ino)
{
	size_t len = strlen(base);
	const struct dirent *e;
	while ((e = readdir(d)) != NULL) {
		struct stat st;
		if (strncmp(e->d_name, base, len) != 0 || e->d_name[len] != '.' ||
			!is_file(dirfd(d), e->d_name, dev, ino))
			continue;
		TELL_CLEANUP(tell_closep)
		int fd = openat(dirfd(d), e->d_name,
			O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
		if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
			return tell_fd_take(&fd);
	}
	return -ENOENT;
}

int tell_older_renamed(const struct tell_older *o, const char *path, dev_t dev, ino_t ino)
{
	const char *slash = strrchr(path, '/');
	TELL_CLEANUP(tell_closep)
	int fd = o->dir < 0 ? -1
			    : openat(o->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	if (!d)
		return -ENOENT;
	(void)tell_fd_take(&fd);
	int r = open_renamed(d, slash ? slash + 1 : path, dev, ino);
	(void)closedir(d); /* read only */
	return r;
}
