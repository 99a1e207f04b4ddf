#include "queue/adopt.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/crash.h"
#include "base/runtime_dir.h"
#include "queue/merge.h"
#include "queue/orphan.h"
#include "queue/rings.h"

struct found {
	uint8_t dir; /* its place in dirs */
	uint32_t pid;
	char name[256];
};

struct tell_adopt {
	int dirs[TELL_RUNTIME_PLACES];
	unsigned n_dirs;
	struct found list[TELL_ADOPT_MAX];
	size_t n, next;
	struct tell_orphan *at; /* the one at hand; NULL: none yet */
	struct tell_merge merge;
	bool dry; /* all of it was handed out */
	size_t n_done, n_bad;
	char service[256]; /* of the file at hand, by its name: its head may be damaged */
};

/* <service>-<pid>-<8 hex>.ring; service names may have dashes, so the ends are counted. */
static const char *behind_service(const char *name)
{
	const char *id = strrchr(name, '-');
	return id ? memrchr(name, '-', (size_t)(id - name)) : NULL;
}

static bool is_of(const char *name, const char *service, uint32_t *ret_pid)
{
	size_t n = strlen(name), tail = sizeof(TELL_RING_SUFFIX) - 1;
	if (n <= tail || strcmp(name + n - tail, TELL_RING_SUFFIX) != 0)
		return false;
	const char *pid = behind_service(name);
	*ret_pid = pid ? (uint32_t)strtoul(pid + 1, NULL, 10) : 0;
	return pid && pid > name && *name != '.' &&
		(!service ||
			(strlen(service) == (size_t)(pid - name) &&
				memcmp(service, name, strlen(service)) == 0));
}

static void look_in(struct tell_adopt *a, const char *path, const char *service)
{
	struct stat st;
	uint32_t pid;
	uid_t owner;
	int dir = tell_runtime_dir_open(path, &owner);
	if (dir < 0)
		return;
	int list = owner == geteuid()
		? openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
		: -1;
	DIR *d = list < 0 ? NULL : fdopendir(list);
	if (!d) {
		if (list >= 0)
			(void)close(list);
		(void)close(dir);
		return;
	}
	a->dirs[a->n_dirs] = dir;
	for (struct dirent *e; a->n < TELL_ADOPT_MAX && (e = readdir(d));) {
		/* Our own must not even be opened: closing it again would drop its lock. */
		if (!is_of(e->d_name, service, &pid) ||
			fstatat(dir, e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
			tell_ring_has_file(st.st_dev, st.st_ino))
			continue;
		struct found *f = &a->list[a->n++];
		f->dir = (uint8_t)a->n_dirs;
		f->pid = pid;
		(void)snprintf(f->name, sizeof(f->name), "%s", e->d_name); /* fits */
	}
	a->n_dirs++;
	(void)closedir(d);
}

static struct tell_adopt *found_or_null(struct tell_adopt *a)
{
	return a->n ? a : tell_adopt_close(a);
}

struct tell_adopt *tell_adopt_look(const char *service)
{
	char path[TELL_RUNTIME_PATH_MAX];
	struct tell_adopt *a = calloc(1, sizeof(*a));
	for (unsigned i = 0; a && i < TELL_RUNTIME_PLACES; i++)
		if (tell_runtime_dir_name("", i, geteuid(), path, sizeof(path)))
			look_in(a, path, service);
	return a ? found_or_null(a) : NULL;
}

struct tell_adopt *tell_adopt_look_in(const char *dir, const char *service)
{
	struct tell_adopt *a = calloc(1, sizeof(*a));
	if (!a)
		return NULL;
	look_in(a, dir, service);
	return found_or_null(a);
}

void tell_adopt_only(struct tell_adopt *a, uint32_t pid)
{
	size_t n = 0;
	for (size_t i = 0; i < a->n; i++)
		if (a->list[i].pid == pid)
			a->list[n++] = a->list[i];
	a->n = n;
}

/* Open the next file that is an orphan. False: there is none left. */
static bool open_next(struct tell_adopt *a)
{
	while (!a->at && a->next < a->n) {
		const struct found *f = &a->list[a->next++];
		int r = tell_orphan_open(&a->at, a->dirs[f->dir], f->name, f->pid);
		(void)snprintf(a->service, sizeof(a->service), "%.*s",
			(int)(behind_service(f->name) - f->name), f->name); /* fits */
		if (r != -EBADMSG)
			continue;
		tell_orphan_set_aside(a->dirs[f->dir], f->name);
		a->n_bad++;
	}
	if (!a->at)
		return false;
	tell_merge_begin(&a->merge, a->at->lanes, a->at->n_lanes, a->at->head.pairs);
	a->dry = false;
	return true;
}

size_t tell_adopt_drain(struct tell_adopt *a, size_t max, tell_drain_fn *fn, void *arg)
{
	size_t n = 0;
	while (n == 0 && (a->at || open_next(a))) {
		for (int i; n < max && (i = tell_merge_next(&a->merge)) >= 0;) {
			const struct tell_head *h = tell_orphan_next(a->at, (uint32_t)i);
			if (h) {
				TELL_CRASH_POINT("adopt-read");
				fn(arg, h, h->size, a->merge.due_ns[i]);
				n++;
			}
			tell_merge_step(&a->merge, (uint32_t)i);
		}
		a->dry = tell_merge_next(&a->merge) < 0;
		if (n == 0)
			tell_adopt_delivered(a); /* nothing in it: on to the next */
	}
	return n;
}

const char *tell_adopt_service(const struct tell_adopt *a)
{
	return a->at ? a->service : "";
}

const char *tell_adopt_file(const struct tell_adopt *a)
{
	return a->at ? a->at->name : "";
}

void tell_adopt_delivered(struct tell_adopt *a)
{
	if (!a->at)
		return;
	TELL_CRASH_POINT("adopt-delivered-before-tail");
	bool written = tell_orphan_done(a->at) == 0;
	if (!a->dry && written)
		return;
	if (a->dry && (a->at->damaged || a->merge.n_bad)) {
		tell_orphan_set_aside(a->at->dir, a->at->name);
		a->n_bad++;
	} else if (a->dry) {
		TELL_CRASH_POINT("adopt-before-unlink");
		tell_orphan_remove(a->at);
		a->n_done++;
	}
	a->at = tell_orphan_close(a->at);
}

void tell_adopt_pass(struct tell_adopt *a)
{
	a->at = tell_orphan_close(a->at);
}

void tell_adopt_counts(const struct tell_adopt *a, size_t *ret_done, size_t *ret_bad)
{
	*ret_done = a->n_done;
	*ret_bad = a->n_bad;
}

struct tell_adopt *tell_adopt_close(struct tell_adopt *a)
{
	if (!a)
		return NULL;
	tell_orphan_close(a->at);
	for (unsigned i = 0; i < a->n_dirs; i++)
		(void)close(a->dirs[i]);
	free(a);
	return NULL;
}
