#include "spool/spool.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/crash.h"
#include "spool/entry.h"
#include "spool/opened.h"

#define SEGMENTS      8 /* the limit is cut in so many */
#define SEGMENT_LEAST ((uint64_t)64 << 10)
#define SEGMENT_MOST  ((uint64_t)8 << 20)
#define SAVE_EVERY    64 /* records that come twice after a crash, at most */

static bool syncs(const struct tell_spool *s)
{
	return s->options.sync != TELL_SPOOL_SYNC_NONE;
}

static uint64_t segment_bytes(const struct tell_spool *s)
{
	uint64_t n = s->options.limit / SEGMENTS;
	return n < SEGMENT_LEAST ? SEGMENT_LEAST : n > SEGMENT_MOST ? SEGMENT_MOST : n;
}

static struct tell_segment *last(struct tell_spool *s)
{
	return s->segments.n ? &s->segments.list[s->segments.n - 1] : NULL;
}

/* ---- going away ---- */

/* Where a segment's numbers end: the next one's begin. */
static uint64_t end_of(const struct tell_spool *s, size_t i)
{
	return i + 1 < s->segments.n ? s->segments.list[i + 1].first : s->next;
}

static int save(struct tell_spool *s)
{
	return s->position.next == s->confirmed
		? 0
		: tell_position_write(&s->position, s->confirmed, syncs(s));
}

static int drop_first(struct tell_spool *s)
{
	int dir = tell_held_get(&s->dir);
	int r = save(s); /* before its records go, whatever happens between */
	if (r == 0)
		r = dir < 0 ? -EBADF : tell_segments_drop(&s->segments, dir);
	return r;
}

/* The one that is written to stays until it is full. */
static int drop_confirmed(struct tell_spool *s)
{
	int r = 0;
	while (r == 0 && s->segments.n && end_of(s, 0) <= s->confirmed &&
		(s->segments.n > 1 || !s->written))
		r = drop_first(s);
	return r;
}

int tell_spool_confirm(struct tell_spool *s, uint64_t number)
{
	if (number > s->next)
		number = s->next;
	if (number <= s->confirmed)
		return 0;
	s->unsure = 0;
	__atomic_store_n(&s->confirmed, number, __ATOMIC_RELAXED);
	if (s->sent < number)
		s->sent = number;
	int r = drop_confirmed(s);
	if (r == 0 && s->confirmed - s->position.next >= SAVE_EVERY)
		r = save(s);
	return r;
}

/* ---- appending ---- */

static int seal(struct tell_spool *s)
{
	int r = tell_spool_flush(s);
	s->written = 0;
	tell_held_close(&s->write);
	TELL_CRASH_POINT("spool-sealed");
	return r;
}

static int begin_segment(struct tell_spool *s)
{
	int dir = tell_held_get(&s->dir);
	if (dir < 0)
		return -EBADF;
	if (s->written)
		(void)seal(s); /* what is not synced stays to be, see flush */
	int fd = tell_segments_make(&s->segments, dir, s->next, s->service);
	int r = fd < 0 ? fd : tell_held_set(&s->write, fd);
	if (r < 0)
		return r;
	s->written = sizeof(struct tell_segment_head);
	if (syncs(s) && fsync(dir) < 0) /* or the file is there without a name */
		return -errno;
	return 0;
}

/* The oldest go, as many as the new one needs. */
static int drop_oldest(struct tell_spool *s)
{
	if (s->segments.n == 1 && s->written)
		(void)seal(s);
	uint64_t end = end_of(s, 0);
	if (end > s->confirmed) {
		uint64_t out = s->sent > end ? end : s->sent; /* perhaps there already */
		s->unsure += out - s->confirmed;
		__atomic_fetch_add(&s->dropped, end - out, __ATOMIC_RELAXED);
		__atomic_store_n(&s->confirmed, end, __ATOMIC_RELAXED);
	}
	if (s->sent < s->confirmed)
		s->sent = s->confirmed;
	return drop_first(s);
}

static int make_room(struct tell_spool *s, size_t n)
{
	if (n + sizeof(struct tell_segment_head) > s->options.limit)
		return -EMSGSIZE;
	if (s->written && s->written + n > segment_bytes(s))
		(void)seal(s);
	uint64_t more = n + (s->written ? 0 : sizeof(struct tell_segment_head));
	int r = drop_confirmed(s);
	while (r == 0 && s->segments.bytes + more > s->options.limit) {
		if (!s->options.drop_oldest || !s->segments.n)
			return -ENOSPC;
		r = drop_oldest(s);
		more = n + (s->written ? 0 : sizeof(struct tell_segment_head));
	}
	return r < 0 ? r : s->written ? 0 : begin_segment(s);
}

/* Whole or not at all: what is half there the next one is written over. */
static int write_entry(struct tell_spool *s)
{
	int fd = tell_held_get(&s->write);
	struct rlimit limit;
	size_t n = s->entry.len, done = 0;
	if (fd < 0)
		return -EBADF;
	if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && s->written + n > limit.rlim_cur)
		return -EFBIG; /* SIGXFSZ would end the host */
	while (done < n) {
		ssize_t put = pwrite(
			fd, s->entry.data + done, n - done, (off_t)(s->written + done));
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0) {
			int error = put < 0 ? -errno : -ENOSPC;
			return ftruncate(fd, (off_t)s->written) < 0 ? -errno : error;
		}
		done += (size_t)put;
	}
	return 0;
}

static int append(struct tell_spool *s, const struct tell_record *r)
{
	tell_buf_clear(&s->entry);
	/* The salt is the segment's, so the length comes first. */
	if (!tell_spool_entry_put(&s->entry, r, s->next, last(s) ? last(s)->salt : 0))
		return -EMSGSIZE;
	uint64_t before = last(s) && s->written ? last(s)->first : 0;
	int error = make_room(s, s->entry.len);
	if (error == 0 && last(s)->first != before) {
		tell_buf_clear(&s->entry);
		if (!tell_spool_entry_put(&s->entry, r, s->next, last(s)->salt))
			error = -EMSGSIZE;
	}
	error = error < 0 ? error : write_entry(s);
	int fd = tell_held_get(&s->write);
	if (error == 0 && s->options.sync == TELL_SPOOL_SYNC_ALWAYS && fdatasync(fd) < 0) {
		error = -errno;
		if (ftruncate(fd, (off_t)s->written) < 0)
			error = -errno; /* and the next one covers it */
	}
	return error;
}

int tell_spool_append(struct tell_spool *s, const struct tell_record *r)
{
	int error = append(s, r);
	/* The host closed it, or somebody removed it: on with another. */
	if (error == -EBADF || error == -ENOENT) {
		s->written = 0;
		error = tell_opened_again(s);
		if (error == 0)
			error = append(s, r);
	}
	if (error < 0)
		return error;
	TELL_CRASH_POINT("spool-written");
	s->written += s->entry.len;
	last(s)->bytes += s->entry.len;
	s->segments.bytes += s->entry.len;
	s->unsynced = s->options.sync != TELL_SPOOL_SYNC_ALWAYS;
	__atomic_store_n(&s->next, s->next + 1, __ATOMIC_RELAXED);
	return 0;
}

int tell_spool_flush(struct tell_spool *s)
{
	int fd = s->unsynced && syncs(s) ? tell_held_get(&s->write) : -1;
	if (fd >= 0 && fdatasync(fd) < 0)
		return -errno;
	s->unsynced = false;
	return save(s);
}

/* ---- reading ---- */

static void end_reading(struct tell_spool *s)
{
	tell_scan_done(&s->scan);
	if (s->read >= 0)
		(void)close(s->read); /* only read */
	s->read = -1;
	s->reading = 0;
}

/* The segment that the number is in, or would be; -1: there is none. */
static long segment_of(const struct tell_spool *s, uint64_t number)
{
	long i = (long)s->segments.n - 1;
	while (i >= 0 && s->segments.list[i].first > number)
		i--;
	return i < 0 && s->segments.n ? 0 : i;
}

static int begin_reading(struct tell_spool *s, size_t i)
{
	const struct tell_segment *g = &s->segments.list[i];
	int dir = tell_held_get(&s->dir);
	end_reading(s);
	s->read = dir < 0 ? -EBADF : tell_segment_open(dir, g);
	if (s->read < 0) {
		int error = s->read;
		s->read = -1;
		return error;
	}
	s->reading = g->first;
	bool goes_on = s->resume.segment == g->first && s->sent >= s->resume.number;
	tell_scan_begin(&s->scan, s->read, g->salt,
		goes_on ? s->resume.offset : sizeof(struct tell_segment_head));
	return 0;
}

/* Numbers up to here have no whole record. */
static void pass_over(struct tell_spool *s, uint64_t number)
{
	if (number > s->sent) {
		__atomic_fetch_add(&s->damaged, number - s->sent, __ATOMIC_RELAXED);
		s->sent = number;
	}
}

/* Nothing more in this segment: on to the next one. False: there is none. */
static bool leave_segment(struct tell_spool *s, size_t i)
{
	bool active = i + 1 == s->segments.n && s->written;
	if (active)
		return false;
	pass_over(s, end_of(s, i));
	return s->sent < s->next;
}

/* 1: *ret; 0: try again; or -errno. */
static int take(struct tell_spool *s, const void *entry, struct tell_record *ret)
{
	struct tell_spool_entry e;
	memcpy(&e, entry, sizeof(e));
	if (e.number < s->sent || e.number >= s->next)
		return 0;
	int r = tell_spool_entry_read(&s->block, entry);
	if (r == -ENOMEM)
		return r;
	pass_over(s, r == 0 ? e.number : e.number + 1);
	if (r < 0 || tell_record_view(ret, s->block.data, s->block.len) < 0)
		return 0;
	return 1;
}

int tell_spool_next(struct tell_spool *s, struct tell_record *ret)
{
	while (s->sent < s->next) {
		const void *entry;
		long i = segment_of(s, s->sent);
		if (i < 0) {
			pass_over(s, s->next);
			break;
		}
		int r = s->read >= 0 && s->reading == s->segments.list[i].first
			? 0
			: begin_reading(s, (size_t)i);
		if (r == -ENOENT) { /* somebody removed it */
			pass_over(s, end_of(s, (size_t)i));
			continue;
		}
		if (r < 0)
			return r;
		long n = tell_scan_next(&s->scan, &entry);
		if (n < 0)
			return (int)n;
		if (n == 0) {
			if (!leave_segment(s, (size_t)i))
				pass_over(s, s->next);
			continue;
		}
		r = take(s, entry, ret);
		if (r > 0)
			s->scan.offset -= (uint64_t)n; /* again until it is sent */
		if (r != 0)
			return r;
	}
	return 0;
}

void tell_spool_sent(struct tell_spool *s)
{
	if (s->sent < s->next)
		s->sent++;
	if (s->sent < s->next || !s->written)
		return;
	/* What was never read back need not be walked over later. */
	s->resume.segment = last(s)->first;
	s->resume.offset = s->written;
	s->resume.number = s->next;
	if (s->reading == s->resume.segment) {
		tell_buf_clear(&s->scan.bytes);
		s->scan.from = s->scan.offset = s->written;
	}
}

void tell_spool_rewind(struct tell_spool *s)
{
	if (s->sent != s->confirmed)
		end_reading(s);
	s->sent = s->confirmed;
	__atomic_fetch_add(
		&s->dropped, s->unsure, __ATOMIC_RELAXED); /* cannot go again */
	s->unsure = 0;
}

/* ---- its life, see opened.h ---- */

struct tell_spool *tell_spool_close(struct tell_spool *s)
{
	if (!s)
		return NULL;
	if (s->written)
		(void)seal(s);
	(void)save(s); /* else some come twice */
	int dir = tell_held_get(&s->dir);
	if (tell_spool_waiting(s) == 0 && dir >= 0 && drop_confirmed(s) == 0 &&
		unlinkat(dir, TELL_SPOOL_POSITION, 0) == 0)
		(void)rmdir(s->path); /* or somebody else's file is in it */
	return tell_spool_leave(s);
}

struct tell_spool *tell_spool_leave(struct tell_spool *s)
{
	if (!s)
		return NULL;
	end_reading(s);
	tell_opened_forget(s);
	tell_held_close(&s->write);
	tell_held_close(&s->position.file);
	tell_held_close(&s->dir);
	tell_segments_done(&s->segments);
	tell_buf_done(&s->entry);
	tell_buf_done(&s->block);
	free(s);
	return NULL;
}

void tell_spool_child(struct tell_spool *s)
{
	tell_held_close(&s->write);
	tell_held_close(&s->position.file);
	tell_held_close(&s->dir);
	if (s->read >= 0)
		(void)close(s->read); /* only read */
}
