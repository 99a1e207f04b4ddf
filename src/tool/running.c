#include "tool/running.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "api/control_place.h"
#include "base/cleanup.h"
#include "base/runtime_dir.h"

static void forget(struct tell_running *r)
{
	free(r->service);
	free(r->dir);
	free(r->name);
}

void tell_running_done(struct tell_running_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		forget(&l->list[i]);
	free(l->list);
	*l = (struct tell_running_list){ 0 };
}

void tell_running_keep(struct tell_running_list *l, const char *service, pid_t pid)
{
	size_t kept = 0;
	for (size_t i = 0; i < l->n; i++) {
		struct tell_running *r = &l->list[i];
		if ((service && strcmp(r->service, service) != 0) ||
			(pid && r->pid != pid))
			forget(r);
		else
			l->list[kept++] = *r;
	}
	l->n = kept;
}

static int add(struct tell_running_list *l, const char *dir, uid_t uid, const char *name,
	const char *service, pid_t pid)
{
	if (l->n == l->cap) {
		size_t cap = l->cap ? 2 * l->cap : 16;
		struct tell_running *list = realloc(l->list, cap * sizeof(*list));
		if (!list)
			return -ENOMEM;
		l->list = list;
		l->cap = cap;
	}
	struct tell_running r = { strdup(service), pid, uid, strdup(dir), strdup(name) };
	if (!r.service || !r.dir || !r.name) {
		forget(&r);
		return -ENOMEM;
	}
	l->list[l->n++] = r;
	return 0;
}

/* Those in one directory, called by this path. */
static int look_in(struct tell_running_list *l, int dir, const char *path, uid_t uid)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *names = fd >= 0 ? fdopendir(fd) : NULL;
	if (!names) {
		if (fd >= 0)
			(void)close(fd);
		return 0; /* gone meanwhile */
	}
	int r = 0;
	for (const struct dirent *d; r == 0 && (d = readdir(names));) {
		char service[TELL_CONTROL_NAME];
		pid_t pid;
		if (tell_control_name_read(d->d_name, service, &pid) &&
			!tell_control_sweep_one(dir, path, d->d_name, pid))
			r = add(l, path, uid, d->d_name, service, pid);
	}
	(void)closedir(names);
	return r;
}

/* Directories that were looked at already, by another name. */
struct seen {
	struct {
		dev_t dev;
		ino_t ino;
	} list[256];
	size_t n;
};

static bool is_new(struct seen *s, int dir)
{
	struct stat st;
	if (fstat(dir, &st) < 0)
		return false;
	for (size_t i = 0; i < s->n; i++)
		if (s->list[i].dev == st.st_dev && s->list[i].ino == st.st_ino)
			return false;
	if (s->n == sizeof(s->list) / sizeof(s->list[0]))
		return true; /* a place may then be listed twice */
	s->list[s->n].dev = st.st_dev;
	s->list[s->n++].ino = st.st_ino;
	return true;
}

static int look_at(struct tell_running_list *l, struct seen *s, const char *path)
{
	uid_t owner;
	TELL_CLEANUP(tell_closep) int dir = tell_runtime_dir_open(path, &owner);
	if (dir < 0 || (owner != geteuid() && geteuid() != 0) || !is_new(s, dir))
		return 0;
	return look_in(l, dir, path, owner);
}

static int by_service(const void *a, const void *b)
{
	const struct tell_running *x = a, *y = b;
	int r = strcmp(x->service, y->service);
	return r ? r : (x->pid > y->pid) - (x->pid < y->pid);
}

int tell_running_find_below(struct tell_running_list *ret, const char *root)
{
	static const char *const patterns[] = { "/run/telltale/*", "/dev/shm/telltale-*",
		"/run/*/telltale", "/run/user/*/*/telltale" };
	struct seen seen = { .n = 0 };
	char path[PATH_MAX];
	int r = 0;
	*ret = (struct tell_running_list){ 0 };
	if (tell_runtime_dir_name(root, 0, geteuid(), path, sizeof(path)))
		r = look_at(ret, &seen, path);
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]) && r == 0; i++) {
		glob_t found;
		(void)snprintf(path, sizeof(path), "%s%s", root, patterns[i]); /* fits */
		if (glob(path, GLOB_NOSORT, NULL, &found) != 0)
			continue;
		for (size_t k = 0; k < found.gl_pathc && r == 0; k++)
			r = look_at(ret, &seen, found.gl_pathv[k]);
		globfree(&found);
	}
	if (r < 0)
		tell_running_done(ret);
	else if (ret->n)
		qsort(ret->list, ret->n, sizeof(*ret->list), by_service);
	return r;
}

int tell_running_find(struct tell_running_list *ret)
{
	return tell_running_find_below(ret, "");
}
