#include "spool/opened.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/cleanup.h"
#include "spool/entry.h"

static struct {
	pthread_mutex_t lock;
	struct tell_spool *first;
} opened = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* False: we have that directory already. */
static bool enter(struct tell_spool *s, dev_t dev, ino_t ino)
{
	bool is_new = true;
	(void)pthread_mutex_lock(&opened.lock);
	for (const struct tell_spool *o = opened.first; o; o = o->next_opened)
		is_new &= o->dev != dev || o->ino != ino;
	if (is_new) {
		s->dev = dev;
		s->ino = ino;
		s->next_opened = opened.first;
		opened.first = s;
	}
	(void)pthread_mutex_unlock(&opened.lock);
	return is_new;
}

void tell_opened_forget(const struct tell_spool *s)
{
	(void)pthread_mutex_lock(&opened.lock);
	struct tell_spool **p = &opened.first;
	while (*p && *p != s)
		p = &(*p)->next_opened;
	if (*p)
		*p = s->next_opened;
	(void)pthread_mutex_unlock(&opened.lock);
}

void tell_opened_child(void)
{
	(void)pthread_mutex_init(&opened.lock, NULL);
	opened.first = NULL;
}

/* ---- what is there ---- */

/* The number behind the last whole record of a segment. */
static int count_records(int dir, const struct tell_segment *g, uint64_t *next)
{
	struct tell_scan scan;
	struct tell_spool_entry e;
	const void *entry;
	TELL_CLEANUP(tell_closep) int fd = tell_segment_open(dir, g);
	if (fd < 0)
		return fd;
	tell_scan_begin(&scan, fd, g->salt, sizeof(struct tell_segment_head));
	long n;
	while ((n = tell_scan_next(&scan, &entry)) > 0) {
		memcpy(&e, entry, sizeof(e));
		*next = e.number >= *next && e.number < UINT64_MAX ? e.number + 1 : *next;
	}
	tell_scan_done(&scan);
	return (int)n;
}

static int look(struct tell_spool *s, int dir)
{
	uint64_t position = s->position.next ? s->position.next : 1;
	int r = tell_segments_list(&s->segments, dir);
	if (r < 0)
		return r;
	const struct tell_segments *g = &s->segments;
	s->next = position;
	if (g->n && g->list[g->n - 1].first > s->next)
		s->next = g->list[g->n - 1].first;
	if (g->n)
		r = count_records(dir, &g->list[g->n - 1], &s->next);
	s->confirmed = g->n && g->list[0].first > position ? g->list[0].first : position;
	s->sent = s->confirmed;
	s->found = s->next - s->confirmed;
	return r;
}

/* ---- opening ---- */

/* A directory of ours that nobody else can change. */
static int open_dir(const char *path, bool make, struct stat *ret_st)
{
	if (make && mkdir(path, 0700) < 0 && errno != EEXIST)
		return -errno;
	TELL_CLEANUP(tell_closep)
	int dir = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir < 0 || fstat(dir, ret_st) < 0)
		return -errno;
	if (ret_st->st_uid != geteuid() || ret_st->st_mode & (S_IWGRP | S_IWOTH))
		return -EPERM;
	return tell_fd_take(&dir);
}

/* make: where it is missing. */
static int try_open(struct tell_spool *s, bool make)
{
	struct stat st;
	int dir = open_dir(s->path, make, &st);
	if (dir < 0)
		return dir;
	int r = enter(s, st.st_dev, st.st_ino) ? tell_held_set(&s->dir, dir) : -EBUSY;
	if (r == -EBUSY)
		(void)close(dir); /* only read */
	if (r < 0) {
		tell_opened_forget(s);
		return r;
	}
	dir = tell_held_get(&s->dir);
	r = tell_position_open(&s->position, dir);
	if (r == -ENOENT) /* who had it removes it at this moment */
		r = -EBUSY;
	if (r == 0)
		r = look(s, dir);
	if (r == 0) /* says whose it is */
		r = tell_position_write(&s->position, s->confirmed, false);
	if (r < 0) {
		tell_opened_forget(s);
		tell_held_close(&s->position.file);
		tell_held_close(&s->dir);
		tell_segments_done(&s->segments);
	}
	return r;
}

static struct tell_spool *spool_new(
	const char *service, const struct tell_spool_options *options)
{
	struct tell_spool *s = calloc(1, sizeof(*s));
	if (!s)
		return NULL;
	s->options = *options;
	s->read = -1;
	tell_held_init(&s->dir);
	tell_held_init(&s->write);
	tell_buf_init(&s->entry, TELL_SPOOL_ENTRY_MAX);
	tell_buf_init(&s->block, TELL_SPOOL_ENTRY_MAX);
	(void)snprintf(s->service, sizeof(s->service), "%s", service); /* cut is fine */
	return s;
}

int tell_spool_open(struct tell_spool **ret, const char *dir, const char *name,
	const char *service, const struct tell_spool_options *options)
{
	struct tell_spool *s = spool_new(service, options);
	int r = -ENOMEM;
	if (!s)
		return r;
	for (int i = 1; i <= TELL_SPOOLS; i++) {
		int n = snprintf(s->path, sizeof(s->path), "%s/%s.%d", dir, name, i);
		r = n < (int)sizeof(s->path) ? try_open(s, true) : -ENAMETOOLONG;
		if (r != -EBUSY)
			break;
	}
	if (r == 0) {
		*ret = s;
		return 0;
	}
	free(s);
	return r;
}

int tell_spool_adopt(struct tell_spool **ret, const struct tell_spool *own)
{
	size_t stem = (size_t)(strrchr(own->path, '.') - own->path);
	for (int i = 1; i <= TELL_SPOOLS; i++) {
		struct tell_spool *s = spool_new(own->service, &own->options);
		if (!s)
			return -ENOMEM;
		(void)snprintf(s->path, sizeof(s->path), "%.*s.%d", (int)stem, own->path,
			i); /* fits, as our own does */
		if (try_open(s, false) < 0) {
			free(s);
			continue;
		}
		if (tell_spool_waiting(s)) {
			*ret = s;
			return 0;
		}
		(void)tell_spool_close(s); /* it goes */
	}
	return -ENOENT;
}

/* Of the first segment whose head is whole. */
static int read_service(struct tell_spool *s)
{
	int r = -EBADMSG, dir = tell_held_get(&s->dir);
	for (size_t i = 0; i < s->segments.n && r < 0; i++)
		r = tell_segment_service(
			dir, &s->segments.list[i], s->service, sizeof(s->service));
	return s->segments.n ? r : 0;
}

int tell_spool_open_left(struct tell_spool **ret, const char *path)
{
	const struct tell_spool_options none = { .limit = TELL_SPOOL_LEAST };
	struct tell_spool *s = spool_new("", &none);
	if (!s)
		return -ENOMEM;
	int n = snprintf(s->path, sizeof(s->path), "%s", path);
	int r = n < (int)sizeof(s->path) ? try_open(s, false) : -ENAMETOOLONG;
	if (r < 0) {
		free(s);
		return r;
	}
	r = read_service(s);
	if (r < 0)
		s = tell_spool_leave(s);
	else
		*ret = s;
	return r;
}

int tell_opened_again(struct tell_spool *s)
{
	struct stat st;
	int dir = tell_held_get(&s->dir), r = 0;
	if (dir >= 0 && fstat(dir, &st) == 0 && st.st_nlink == 0) { /* it was removed */
		tell_held_close(&s->position.file);
		tell_held_close(&s->dir);
		dir = -1;
	}
	if (dir < 0) {
		dir = open_dir(s->path, true, &st);
		tell_opened_forget(s);
		if (dir >= 0)
			(void)enter(s, st.st_dev, st.st_ino); /* its place is ours */
		r = dir < 0 ? dir : tell_held_set(&s->dir, dir);
	}
	if (r == 0 && tell_held_get(&s->position.file) < 0)
		r = tell_position_open(&s->position, tell_held_get(&s->dir));
	return r;
}
