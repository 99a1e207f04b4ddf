#include "queue/orphan.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "queue/alive.h"

/* ---- is it one? ---- */

static int lock(int fd)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	if (fcntl(fd, F_SETLK, &whole) == 0)
		return 0;
	return errno == EACCES || errno == EAGAIN ? -EBUSY : -errno;
}

static int is_fit(int fd, uint64_t *ret_bytes)
{
	struct stat st;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_uid != geteuid() || st.st_nlink != 1 ||
		st.st_mode & (S_IWGRP | S_IWOTH))
		return -EPERM;
	*ret_bytes = (uint64_t)st.st_size;
	return *ret_bytes <= TELL_ORPHAN_BYTES_MAX ? 0 : -EBADMSG;
}

static bool read_at(int fd, void *to, size_t n, uint64_t offset)
{
	char *p = to;
	while (n) {
		ssize_t got = pread(fd, p, n, (off_t)offset);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		p += got;
		n -= (size_t)got;
		offset += (uint64_t)got;
	}
	return true;
}

static bool is_power_of_two(uint32_t n)
{
	return n && (n & (n - 1)) == 0;
}

static bool head_holds(const struct tell_ring_head *h)
{
	return memcmp(h->magic, TELL_RING_MAGIC, sizeof(h->magic)) == 0 &&
		h->version == TELL_RING_VERSION && h->order == TELL_RING_ORDER &&
		is_power_of_two(h->lane_bytes) && h->lane_bytes >= TELL_RING_PAGE &&
		h->n_chunks <= TELL_RING_CHUNKS &&
		memchr(h->service, '\0', sizeof(h->service)) != NULL;
}

static bool chunk_fits(const struct tell_chunk *c, uint64_t bytes)
{
	return c->offset % 8 == 0 && c->offset <= bytes && c->bytes <= bytes - c->offset;
}

/* ---- its chunks ---- */

static int read_lane(struct tell_orphan *o, const struct tell_chunk *c)
{
	size_t need = sizeof(struct tell_lane_head) + o->head.lane_bytes;
	uint32_t i = o->n_lanes;
	if (i == TELL_RING_LANES || c->bytes < need)
		return -EBADMSG;
	o->chunks[i] = malloc(need);
	if (!o->chunks[i])
		return -ENOMEM;
	o->n_lanes++;
	if (!read_at(o->fd, o->chunks[i], need, c->offset))
		return -EBADMSG;
	o->offsets[i] = c->offset;
	tell_lane_init(&o->lanes[i], o->chunks[i], o->head.lane_bytes, c->number);
	return 0;
}

static int read_dict(struct tell_orphan *o, const struct tell_chunk *c)
{
	if (c->bytes > TELL_RING_DICT_BYTES * 2)
		return -EBADMSG;
	void *words = malloc(c->bytes);
	if (!words)
		return -ENOMEM;
	bool sound = read_at(o->fd, words, c->bytes, c->offset) &&
		tell_dict_learn(&o->words, words, c->bytes);
	free(words);
	return sound ? 0 : -EBADMSG;
}

static int read_chunks(struct tell_orphan *o, uint64_t bytes)
{
	for (uint32_t i = 0; i < o->head.n_chunks; i++) {
		const struct tell_chunk *c = &o->head.chunks[i];
		int r = !chunk_fits(c, bytes)	     ? -EBADMSG
			: c->kind == TELL_CHUNK_LANE ? read_lane(o, c)
			: c->kind == TELL_CHUNK_DICT ? read_dict(o, c)
						     : -EBADMSG;
		if (r < 0)
			return r;
	}
	o->block = malloc(o->head.lane_bytes);
	return o->block ? 0 : -ENOMEM;
}

static int read_all(struct tell_orphan *o)
{
	uint64_t bytes = 0;
	int r = is_fit(o->fd, &bytes);
	if (r == 0)
		r = lock(o->fd);
	if (r < 0)
		return r;
	if (!read_at(o->fd, &o->head, sizeof(o->head), 0))
		return -EBADMSG;
	/* Not by this process: then it was before an exec(). */
	if (o->head.pid != (uint32_t)getpid() &&
		tell_pid_lives(o->head.pid, o->head.pid_start, o->head.pid_space))
		return -EBUSY;
	/* One that was never finished is of a process that died at once: no records. */
	if (o->head.magic[0] == '\0')
		o->head = (struct tell_ring_head){ .lane_bytes = TELL_RING_PAGE };
	else if (!head_holds(&o->head))
		return -EBADMSG;
	return read_chunks(o, bytes);
}

int tell_orphan_open(struct tell_orphan **ret, int dir, const char *name)
{
	struct tell_orphan *o = calloc(1, sizeof(*o));
	if (!o)
		return -ENOMEM;
	o->dir = dir;
	o->fd = openat(dir, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	int r = o->fd < 0 ? -errno : 0;
	if (r == 0 &&
		snprintf(o->name, sizeof(o->name), "%s", name) >= (int)sizeof(o->name))
		r = -ENAMETOOLONG;
	if (r == 0)
		r = read_all(o);
	if (r < 0) {
		tell_orphan_close(o);
		return r;
	}
	*ret = o;
	return 0;
}

/* ---- its records ---- */

const void *tell_orphan_next(struct tell_orphan *o, uint32_t lane, bool *ret_bad)
{
	struct tell_record checked;
	size_t len;
	const void *raw = tell_lane_next(&o->lanes[lane], &len, ret_bad);
	if (!raw)
		return NULL;
	memcpy(o->block, raw, len); /* at most lane_bytes: it lies in one piece */
	if (tell_dict_translate(&o->words, o->block, len) &&
		tell_record_view(&checked, o->block, len) == 0) {
		checked.head->flags |= TELL_RECORD_RECOVERED | TELL_RECORD_OTHER_PID |
			TELL_RECORD_LATE;
		return o->block;
	}
	*ret_bad = true;
	return NULL;
}

int tell_orphan_done(struct tell_orphan *o)
{
	const size_t at = offsetof(struct tell_lane_head, tail);
	for (uint32_t i = 0; i < o->n_lanes; i++) {
		uint64_t read_to = o->lanes[i].read;
		tell_lane_done(&o->lanes[i]);
		if (pwrite(o->fd, &read_to, sizeof(read_to),
			    (off_t)(o->offsets[i] + at)) != sizeof(read_to))
			return errno ? -errno : -EIO;
	}
	return 0;
}

void tell_orphan_remove(struct tell_orphan *o)
{
	(void)unlinkat(o->dir, o->name, 0); /* else found empty once more */
}

void tell_orphan_set_aside(int dir, const char *name)
{
	char aside[300];
	if (snprintf(aside, sizeof(aside), "%s.bad", name) < (int)sizeof(aside))
		(void)renameat(dir, name, dir, aside); /* else met again: refused again */
}

struct tell_orphan *tell_orphan_close(struct tell_orphan *o)
{
	if (!o)
		return NULL;
	for (uint32_t i = 0; i < o->n_lanes; i++)
		free(o->chunks[i]);
	tell_dict_map_done(&o->words);
	free(o->block);
	if (o->fd >= 0)
		(void)close(o->fd);
	free(o);
	return NULL;
}
