#include "queue/orphan.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/alive.h"

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

/* As much of the n bytes as the file has. */
static size_t read_at(int fd, void *to, size_t n, uint64_t offset)
{
	size_t done = 0;
	while (done < n) {
		ssize_t got = pread(
			fd, (char *)to + done, n - done, (off_t)(offset + done));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		done += (size_t)got;
	}
	return done;
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
		h->lane_bytes <= TELL_RING_LANE_MOST && h->n_chunks <= TELL_RING_CHUNKS &&
		memchr(h->service, '\0', sizeof(h->service)) != NULL;
}

/* Ticks are of one boot, and so is the file: where its two pairs make no line, as in its
 * process's first second, the second one is taken now. */
static void mend_pairs(struct tell_ring_head *h)
{
	if (h->pairs[1].ticks <= h->pairs[0].ticks && tell_ticks_usable())
		h->pairs[1] = tell_ticks_now();
}

/* ---- its chunks ---- */

/* 0, or -EBADMSG when it makes no sense as a whole. */
static int read_lane(struct tell_orphan *o, const struct tell_chunk *c)
{
	uint32_t ring = tell_ring_lane_bytes(o->head.lane_bytes, c->number);
	size_t need = sizeof(struct tell_lane_head) + ring;
	uint32_t i = o->n_lanes;
	if (i == TELL_RING_LANES || c->offset % 8 || c->bytes < need || need > o->budget)
		return -EBADMSG;
	o->chunks[i] = calloc(1, need);
	if (!o->chunks[i])
		return -ENOMEM;
	o->budget -= need;
	o->n_lanes++;
	size_t got = read_at(o->fd, o->chunks[i], need, c->offset);
	o->damaged |= got < need;
	o->offsets[i] = c->offset;
	o->there[i] = got > sizeof(struct tell_lane_head)
		? got - sizeof(struct tell_lane_head)
		: 0;
	tell_lane_init(&o->lanes[i], o->chunks[i], ring, c->number);
	return 0;
}

static int read_dict(struct tell_orphan *o, const struct tell_chunk *c)
{
	if (c->bytes > TELL_RING_DICT_BYTES * 2)
		return -EBADMSG;
	void *words = calloc(1, c->bytes);
	if (!words)
		return -ENOMEM;
	size_t got = read_at(o->fd, words, c->bytes, c->offset);
	o->damaged |= !tell_dict_learn(&o->words, words, got);
	free(words);
	return 0;
}

static int read_chunks(struct tell_orphan *o)
{
	for (uint32_t i = 0; i < o->head.n_chunks; i++) {
		const struct tell_chunk *c = &o->head.chunks[i];
		int r = c->offset > TELL_ORPHAN_BYTES_MAX ? -EBADMSG
			: c->kind == TELL_CHUNK_LANE	  ? read_lane(o, c)
			: c->kind == TELL_CHUNK_DICT	  ? read_dict(o, c)
							  : -EBADMSG;
		if (r == -ENOMEM)
			return r;
		o->damaged |= r < 0;
	}
	o->block = malloc((size_t)o->head.lane_bytes + TELL_RING_NESTED_BYTES);
	return o->block ? 0 : -ENOMEM;
}

/* One that was never finished is of a process that died at once: no records. */
static int read_unfinished(struct tell_orphan *o, uint32_t pid)
{
	if (tell_pid_lives(pid, 0, tell_pid_space()))
		return -EBUSY;
	o->head = (struct tell_ring_head){ .lane_bytes = TELL_RING_PAGE };
	return read_chunks(o);
}

static int read_all(struct tell_orphan *o, uint32_t pid)
{
	uint64_t bytes = 0;
	int r = is_fit(o->fd, &bytes);
	if (r == 0)
		r = lock(o->fd);
	if (r < 0)
		return r;
	size_t got = read_at(o->fd, &o->head, sizeof(o->head), 0);
	if (got == 0 || (got == sizeof(o->head) && o->head.magic[0] == '\0'))
		return read_unfinished(o, pid);
	if (got < sizeof(o->head))
		return -EBADMSG;
	/* Not by this process: then it was before an exec(). */
	if (o->head.pid != (uint32_t)getpid() &&
		tell_pid_lives(o->head.pid, o->head.pid_start, o->head.pid_space))
		return -EBUSY;
	if (!head_holds(&o->head))
		return -EBADMSG;
	mend_pairs(&o->head);
	o->budget = bytes + sizeof(struct tell_lane_head) + o->head.lane_bytes;
	return read_chunks(o);
}

int tell_orphan_open(struct tell_orphan **ret, int dir, const char *name, uint32_t pid)
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
		r = read_all(o, pid);
	if (r < 0) {
		tell_orphan_close(o);
		return r;
	}
	*ret = o;
	return 0;
}

/* ---- its records ---- */

const void *tell_orphan_next(struct tell_orphan *o, uint32_t lane)
{
	struct tell_record checked;
	struct tell_lane *l = &o->lanes[lane];
	size_t len;
	bool bad;
	const char *raw = tell_lane_next(l, &len, &bad);
	/* Behind the end of a file that was cut there is nothing but zeros. */
	if (raw && (size_t)(raw - l->ring) + len <= o->there[lane]) {
		memcpy(o->block, raw, len); /* at most a lane: it lies in one piece */
		if (tell_dict_translate(&o->words, o->block, len) &&
			tell_record_view(&checked, o->block, len) == 0) {
			checked.head->flags |= TELL_RECORD_RECOVERED |
				TELL_RECORD_OTHER_PID | TELL_RECORD_LATE;
			return o->block;
		}
	}
	o->damaged |= raw || bad;
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
