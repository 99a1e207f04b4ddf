#include "source/reader.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/cleanup.h"

#define CHUNK ((size_t)256 << 10)

void tell_reader_init(struct tell_reader *l, int fd)
{
	*l = (struct tell_reader){ .fd = fd };
	tell_buf_init(&l->buf, 2 * TELL_READER_LINE_MAX);
}

void tell_reader_done(struct tell_reader *l)
{
	tell_closep(&l->fd);
	tell_buf_done(&l->buf);
	l->fd = -1;
}

int tell_reader_end(struct tell_reader *l)
{
	struct stat st;
	if (fstat(l->fd, &st) < 0)
		return -errno;
	l->at = (uint64_t)st.st_size;
	l->window = l->at;
	tell_buf_clear(&l->buf);
	return 0;
}

/* Up to n bytes of the file from offset; fewer at its end. */
static ssize_t read_at(int fd, char *to, size_t n, uint64_t offset)
{
	size_t got = 0;
	while (got < n) {
		ssize_t r = pread(fd, to + got, n - got, (off_t)(offset + got));
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -errno;
		if (r == 0)
			break;
		got += (size_t)r;
	}
	return (ssize_t)got;
}

/* Read more behind the window, dropping what lies before l->at. */
static ssize_t extend_forward(struct tell_reader *l)
{
	size_t used = (size_t)(l->at - l->window);
	if (used > 0) {
		l->buf.len -= used;
		memmove(l->buf.data, l->buf.data + used, l->buf.len);
		l->window = l->at;
	}
	if (!tell_buf_reserve(&l->buf, CHUNK))
		return -ENOMEM;
	ssize_t n = read_at(
		l->fd, l->buf.data + l->buf.len, CHUNK, l->window + l->buf.len);
	if (n > 0)
		l->buf.len += (size_t)n;
	return n;
}

int tell_reader_next(struct tell_reader *l, bool whole, const char **ret, size_t *ret_len)
{
	size_t looked = 0;
	for (;;) {
		const char *from = l->buf.data + (l->at - l->window);
		size_t left = l->buf.len - (size_t)(l->at - l->window);
		const char *newline = left > looked
			? memchr(from + looked, '\n', left - looked)
			: NULL;
		if (newline || left >= TELL_READER_LINE_MAX) {
			*ret = from;
			*ret_len = newline ? (size_t)(newline - from) : left;
			l->at += *ret_len + (newline != NULL);
			return 1;
		}
		looked = left;
		ssize_t n = extend_forward(l);
		if (n < 0)
			return (int)n;
		if (n > 0)
			continue;
		if (whole || left == 0)
			return 0;
		*ret = l->buf.data;
		*ret_len = left;
		l->at += left;
		return 1;
	}
}

/* Read more before the window, dropping what lies behind l->at. */
static ssize_t extend_backward(struct tell_reader *l)
{
	size_t n = l->window < CHUNK ? (size_t)l->window : CHUNK;
	l->buf.len = (size_t)(l->at - l->window);
	if (!tell_buf_reserve(&l->buf, n))
		return -ENOMEM;
	if (l->buf.len)
		memmove(l->buf.data + n, l->buf.data, l->buf.len);
	ssize_t got = read_at(l->fd, l->buf.data, n, l->window - n);
	if (got < 0)
		return got;
	if ((size_t)got < n)
		return -ESTALE; /* the file has been cut meanwhile */
	l->window -= n;
	l->buf.len += n;
	return got;
}

int tell_reader_previous(struct tell_reader *l, const char **ret, size_t *ret_len)
{
	size_t looked = 0; /* bytes before the last newline that hold none */
	for (;;) {
		size_t left = (size_t)(l->at - l->window);
		bool ended = left > 0 && l->buf.data[left - 1] == '\n';
		size_t end = left - ended;
		const char *newline = end > looked
			? memrchr(l->buf.data, '\n', end - looked)
			: NULL;
		if (newline || (l->window == 0 && left > 0) ||
			end >= TELL_READER_LINE_MAX) {
			*ret = newline ? newline + 1 : l->buf.data;
			*ret_len = (size_t)(l->buf.data + end - *ret);
			l->at = l->window + (uint64_t)(*ret - l->buf.data);
			return 1;
		}
		if (l->window == 0)
			return 0;
		looked = end;
		ssize_t n = extend_backward(l);
		if (n < 0)
			return (int)n;
	}
}
