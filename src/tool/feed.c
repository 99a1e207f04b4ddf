#include "tool/feed.h"
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/cleanup.h"

#define CHUNK ((size_t)128 << 10) /* there is always room to read so much */

int tell_feed_init(struct tell_feed *f, int fd, size_t line_max)
{
	*f = (struct tell_feed){ .fd = fd, .line_max = line_max };
	if (fd < 0)
		return 0;
	/* What the owner keeps, a line that is not whole, a chunk: pages not used cost
	 * nothing. */
	f->cap = 2 * line_max + 2 * CHUNK;
	f->data = malloc(f->cap);
	return f->data ? 0 : -ENOMEM;
}

void tell_feed_done(struct tell_feed *f)
{
	tell_closep(&f->fd);
	free(f->data);
	*f = (struct tell_feed){ .fd = -1 };
}

void tell_feed_end(struct tell_feed *f)
{
	tell_closep(&f->fd);
	f->fd = -1;
}

static void make_room(struct tell_feed *f)
{
	size_t by = f->begin;
	if (by == 0 || (f->begin < f->end && f->cap - f->end >= CHUNK))
		return;
	memmove(f->data, f->data + by, f->end - by);
	f->begin = 0;
	f->at -= by;
	f->looked -= by;
	f->end -= by;
}

/* Of n new bytes behind `end` in a line that was cut, keep those from its end on. */
static void skip(struct tell_feed *f, size_t n)
{
	char *from = f->data + f->end;
	const char *feed = memchr(from, '\n', n);
	if (!feed)
		return;
	n -= (size_t)(feed - from);
	memmove(from, feed, n);
	f->end += n;
	f->skipping = false;
}

bool tell_feed_read(struct tell_feed *f)
{
	if (f->fd < 0)
		return false;
	make_room(f);
	assert(f->end < f->cap);
	ssize_t n = read(f->fd, f->data + f->end, f->cap - f->end);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return false;
	if (n <= 0) { /* EIO is how a terminal ends */
		tell_feed_end(f);
		return false;
	}
	if (f->skipping)
		skip(f, (size_t)n);
	else
		f->end += (size_t)n;
	return true;
}

static void take(struct tell_feed *f, size_t len, size_t with_end, const char **ret,
	size_t *ret_len)
{
	*ret = f->data + f->at;
	*ret_len = len < f->line_max ? len : f->line_max;
	f->at += with_end;
	f->looked = f->at;
}

bool tell_feed_next(struct tell_feed *f, const char **ret, size_t *ret_len)
{
	size_t left = f->end - f->at;
	const char *feed = f->end > f->looked
		? memchr(f->data + f->looked, '\n', f->end - f->looked)
		: NULL;
	if (feed) {
		size_t len = (size_t)(feed - f->data) - f->at;
		take(f, len, len + 1, ret, ret_len);
		return true;
	}
	f->looked = f->end;
	if (f->fd < 0 && left > 0) {
		take(f, left, left, ret, ret_len);
		return true;
	}
	if (left > f->line_max) {
		f->end = f->looked = f->at + f->line_max;
		f->skipping = true;
	}
	return false;
}
