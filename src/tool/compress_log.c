#include "tool/compress.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/cleanup.h"
#include "base/crash.h"
#include "sink/beside.h"
#include "base/generation.h"
#include "sink/logfile.h"
#include "sink/rotate.h"

struct job {
	int dir;
	enum tell_packed form;
	const char *name; /* of the generation */
	char final[TELL_GENERATION_MAX + 8], temporary[TELL_GENERATION_MAX + 16];
	struct tell_compressed *sum;
};

/* The generation, nobody else's any more. -EAGAIN: it is in use. */
static int open_own(const struct job *j, struct stat *st)
{
	TELL_CLEANUP(tell_closep)
	int fd = openat(j->dir, j->name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 || fstat(fd, st) < 0)
		return -errno;
	if (!S_ISREG(st->st_mode) || st->st_nlink != 1)
		return -EINVAL;
	int r = tell_rotate_own(fd);
	return r < 0 ? r : tell_fd_take(&fd);
}

/* With the owner, mode and times of the original. Who has that has our name to himself. */
static int make_temporary(const struct job *j, const struct stat *st)
{
	(void)unlinkat(j->dir, j->temporary, 0); /* of a run that was killed */
	int fd = openat(j->dir, j->temporary,
		O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	if ((st->st_uid != geteuid() || st->st_gid != getegid()) &&
		fchown(fd, st->st_uid, st->st_gid) < 0 && geteuid() == 0) {
		int r = -errno;
		(void)close(fd); /* empty */
		return r;
	}
	(void)fchmod(fd, st->st_mode & 0777); /* else it stays stricter */
	/* Who clears up sees that we work on it. Was he faster, then its name is gone, and the
	 * next run does it. */
	(void)tell_rotate_own(fd);
	return fd;
}

static int fill(const struct job *j, int from, int to, const struct stat *st)
{
	const struct timespec times[2] = { st->st_atim, st->st_mtim };
	int r = tell_pack(from, to, j->form);

	if (r < 0)
		return r;
	(void)futimens(to, times); /* the name says the time as well */
	return fsync(to) < 0 ? -errno : 0;
}

/* The compressed file takes the place of the original, unless that was deleted meanwhile. */
static int replace(const struct job *j, int from)
{
	if (!tell_beside_same(j->dir, j->name, from))
		return -ENOENT;
	TELL_CRASH_POINT("packed-before-rename");
	if (renameat(j->dir, j->temporary, j->dir, j->final) < 0)
		return -errno;
	TELL_CRASH_POINT("packed-before-unlink");
	if (fsync(j->dir) < 0 && errno != EINVAL) /* then both stay */
		return -errno;
	return unlinkat(j->dir, j->name, 0) < 0 ? -errno : 0;
}

static int compress(const struct job *j)
{
	struct stat st, packed;

	TELL_CLEANUP(tell_closep) int from = open_own(j, &st);
	if (from < 0)
		return from;
	TELL_CLEANUP(tell_closep) int to = make_temporary(j, &st);
	if (to < 0)
		return to;
	int r = fill(j, from, to, &st);
	if (r == 0)
		r = replace(j, from);
	if (r < 0) {
		(void)unlinkat(j->dir, j->temporary, 0); /* or the next run does */
		return r;
	}
	j->sum->files++;
	j->sum->before += (uint64_t)st.st_size;
	j->sum->after += fstat(to, &packed) == 0 ? (uint64_t)packed.st_size : 0;
	return 0;
}

/* ---- what a killed run left ---- */

/* NAME.000042.20261127T015800Z.zst.tmp, and no other name. */
static bool is_temporary(const char *name, const char *base)
{
	char final[TELL_GENERATION_MAX + 8];
	struct tell_generation g;
	size_t n = strlen(name), ending = sizeof(TELL_GENERATION_TEMP) - 1;

	if (n <= ending || n - ending >= sizeof(final) ||
		strcmp(name + n - ending, TELL_GENERATION_TEMP) != 0)
		return false;
	memcpy(final, name, n - ending);
	final[n - ending] = '\0';
	size_t len = tell_generation_base(final, &g);
	return len == strlen(base) && strncmp(name, base, len) == 0 &&
		g.form != TELL_GENERATION_PLAIN;
}

static void remove_left(int dir, const char *name)
{
	struct stat st;

	TELL_CLEANUP(tell_closep)
	int fd = openat(dir, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_nlink != 1)
		return;
	/* Locked until it is gone: nobody works on it, and nobody begins to. */
	if (tell_rotate_own(fd) == 0 && tell_beside_same(dir, name, fd))
		(void)unlinkat(dir, name, 0); /* or the next run does */
}

/* Where the original is there no more, or packed otherwise by now, nobody else does it. */
static void clear_up(int dir, const char *base)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;

	while (d && (e = readdir(d)) != NULL)
		if (is_temporary(e->d_name, base))
			remove_left(dir, e->d_name);
	if (d)
		(void)closedir(d); /* read only */
	else if (fd >= 0)
		(void)close(fd); /* read only */
}

static void count(struct tell_compressed *sum, int error, const char *name)
{
	if (error == -EAGAIN)
		sum->busy++;
	else if (error < 0 && error != -ENOENT && !sum->error) { /* deleted: fine */
		sum->error = -error;
		(void)snprintf(sum->name, sizeof(sum->name), "%s", name);
	}
}

void tell_compress_log(
	const char *path, enum tell_packed form, struct tell_compressed *sum)
{
	const char *why, *base = strrchr(path, '/') + 1;
	struct tell_generations all;
	struct job j = { .form = form, .sum = sum };

	TELL_CLEANUP(tell_closep) int dir = tell_logfile_dir(path, &why);
	int r = dir < 0 ? dir : tell_generations_list(&all, dir, base);
	if (r < 0) {
		count(sum, r, path);
		return;
	}
	j.dir = dir;
	clear_up(dir, base);
	for (size_t i = 0; i < all.n; i++) {
		j.name = all.list[i].name;
		if (all.list[i].form != TELL_GENERATION_PLAIN)
			continue;
		(void)snprintf(j.final, sizeof(j.final), "%s%s", j.name,
			form == TELL_PACKED_ZSTD ? ".zst" : ".gz");
		(void)snprintf(j.temporary, sizeof(j.temporary), "%s%s", j.final,
			TELL_GENERATION_TEMP);
		count(sum, compress(&j), j.name);
	}
	tell_generations_done(&all);
}
