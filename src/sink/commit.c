#include "sink/commit.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

void tell_commit_init(struct tell_commit *c)
{
	pthread_condattr_t attr;

	*c = (struct tell_commit){ 0 };
	/* None of them can fail with glibc or musl. */
	(void)pthread_mutex_init(&c->lock, NULL);
	(void)pthread_condattr_init(&attr);
	(void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&c->over, &attr);
	(void)pthread_condattr_destroy(&attr);
}

void tell_commit_done(struct tell_commit *c)
{
	(void)pthread_cond_destroy(&c->over);
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

static int sync_fd(int fd)
{
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

/* The lines behind what is synced, up to this one, are lost. */
static void remember(struct tell_commit *c, uint64_t upto, int error)
{
	struct tell_commit_bad *bad = c->bad;

	c->untold += upto - c->synced;
	if (c->n_bad && bad[c->n_bad - 1].to == c->synced &&
		bad[c->n_bad - 1].error == error) { /* they adjoin */
		bad[c->n_bad - 1].to = upto;
		return;
	}
	if (c->n_bad == TELL_COMMIT_BAD) {
		bad[1].from = bad[0].from;
		memmove(bad, bad + 1, --c->n_bad * sizeof(*bad));
	}
	bad[c->n_bad++] = (struct tell_commit_bad){ c->synced, upto, error };
}

/* What became of line n, which was synced: 0 or -errno. */
static int fate(const struct tell_commit *c, uint64_t n)
{
	for (size_t i = c->n_bad; i-- > 0;)
		if (n > c->bad[i].from && n <= c->bad[i].to)
			return -c->bad[i].error;
	return 0;
}

/* With the lock, which is let go meanwhile, and nobody syncing. */
static void sync_all(struct tell_commit *c, struct tell_held *file)
{
	uint64_t upto = atomic_load(&c->written);

	if (upto == c->synced)
		return;
	int fd = tell_held_get(file);
	c->syncing = true;
	(void)pthread_mutex_unlock(&c->lock);
	int r = sync_fd(fd);
	(void)pthread_mutex_lock(&c->lock);
	c->syncing = false;
	if (r < 0)
		remember(c, upto, -r);
	c->synced = upto;
	(void)pthread_cond_broadcast(&c->over);
}

/* Lines up to n have been synced, well or not. False: the deadline has passed. */
static bool reach(
	struct tell_commit *c, struct tell_held *file, uint64_t n, struct tell_run *run)
{
	while (c->synced < n) {
		if (!c->syncing) {
			sync_all(c, file);
			continue;
		}
		uint64_t by_ns = tell_run_deadline(run);
		const struct timespec by = {
			.tv_sec = (time_t)(by_ns / TELL_NS_PER_SEC),
			.tv_nsec = (long)(by_ns % TELL_NS_PER_SEC),
		};
		if (pthread_cond_timedwait(&c->over, &c->lock, &by) == ETIMEDOUT)
			return c->synced >= n;
	}
	return true;
}

int tell_commit(
	struct tell_commit *c, struct tell_held *file, uint64_t n, struct tell_run *run)
{
	(void)pthread_mutex_lock(&c->lock); /* held for moments only */
	bool there = reach(c, file, n, run);
	int r = there ? fate(c, n) : -ETIMEDOUT;
	if (there && r < 0 && c->untold)
		c->untold--;
	(void)pthread_mutex_unlock(&c->lock);
	return r;
}

int tell_commit_all(struct tell_commit *c, struct tell_held *file, struct tell_run *run,
	uint64_t *ret_lost)
{
	(void)pthread_mutex_lock(&c->lock);
	int r = reach(c, file, atomic_load(&c->written), run) ? 0 : -ETIMEDOUT;
	*ret_lost = c->untold;
	c->untold = 0;
	if (*ret_lost)
		r = -c->bad[c->n_bad - 1].error;
	(void)pthread_mutex_unlock(&c->lock);
	return r;
}

void tell_commit_begin_change(struct tell_commit *c, struct tell_held *file)
{
	/* Not by a deadline: it is the disk that is waited for, as in the sync itself. */
	(void)pthread_mutex_lock(&c->lock);
	while (c->syncing || c->synced < atomic_load(&c->written)) {
		if (c->syncing)
			(void)pthread_cond_wait(&c->over, &c->lock);
		else
			sync_all(c, file);
	}
}

void tell_commit_end_change(struct tell_commit *c)
{
	(void)pthread_mutex_unlock(&c->lock);
}
