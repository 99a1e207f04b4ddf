#include "sink/commit.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "sink/wait.h"

void tell_commit_init(struct tell_commit *c)
{
	*c = (struct tell_commit){ 0 };
	(void)pthread_mutex_init(&c->lock, NULL); /* cannot fail without attributes */
}

void tell_commit_done(struct tell_commit *c)
{
	(void)pthread_mutex_destroy(&c->lock);
}

uint64_t tell_commit_wrote(struct tell_commit *c, const char *data, size_t len)
{
	uint64_t lines = 0;
	const char *end = data + len;

	for (const char *p = data; p < end && (p = memchr(p, '\n', (size_t)(end - p)));
		p++)
		lines++;
	return atomic_fetch_add(&c->written, lines) + lines;
}

static int sync_file(struct tell_held *file)
{
	int fd = tell_held_get(file);

	if (fd < 0)
		return 0; /* the change to another one has synced it */
	while (fdatasync(fd) < 0) {
		if (errno == EINVAL || errno == EROFS)
			return 0; /* what cannot be synced (a pipe in a test) */
		if (errno != EINTR)
			return -errno;
	}
	return 0;
}

static void sync_all(struct tell_commit *c, struct tell_held *file)
{
	uint64_t upto = atomic_load(&c->written);

	if (upto == c->synced)
		return;
	int r = sync_file(file);
	if (r < 0) {
		c->bad_from = c->synced;
		c->bad_to = upto;
		c->bad_error = -r;
		c->untold += upto - c->synced;
	}
	c->synced = upto;
}

int tell_commit(
	struct tell_commit *c, struct tell_held *file, uint64_t n, struct tell_run *run)
{
	if (tell_wait_lock(&c->lock, run) < 0)
		return -ETIMEDOUT;
	if (c->synced < n)
		sync_all(c, file);
	bool bad = n > c->bad_from && n <= c->bad_to;
	if (bad && c->untold)
		c->untold--;
	int r = bad ? -c->bad_error : 0;
	(void)pthread_mutex_unlock(&c->lock);
	return r;
}

int tell_commit_all(struct tell_commit *c, struct tell_held *file, struct tell_run *run,
	uint64_t *ret_lost)
{
	*ret_lost = 0;
	if (tell_wait_lock(&c->lock, run) < 0)
		return -ETIMEDOUT;
	sync_all(c, file);
	*ret_lost = c->untold;
	c->untold = 0;
	int r = *ret_lost ? -c->bad_error : 0;
	(void)pthread_mutex_unlock(&c->lock);
	return r;
}

void tell_commit_begin_change(struct tell_commit *c, struct tell_held *file)
{
	/* Not by a deadline: it is the disk that is waited for, as in the sync itself. */
	(void)pthread_mutex_lock(&c->lock);
	sync_all(c, file);
}

void tell_commit_end_change(struct tell_commit *c)
{
	(void)pthread_mutex_unlock(&c->lock);
}
