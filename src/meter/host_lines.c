#include "meter/host_lines.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void tell_host_lines_open(struct tell_host_lines *in, const char *dir, const char *name)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s/%s", dir, name);
	in->at = in->n = 0;
	in->skips = false;
	in->fd = n > 0 && (size_t)n < sizeof(path) ? open(path, O_RDONLY | O_CLOEXEC)
						   : -1;
}

/* More bytes behind those that are there. False: none come. */
static bool fill(struct tell_host_lines *in)
{
	size_t room = sizeof(in->bytes) - 1 - in->n;
	ssize_t got;
	do
		got = in->fd < 0 || room == 0 ? 0 : read(in->fd, in->bytes + in->n, room);
	while (got < 0 && errno == EINTR);
	in->n += got > 0 ? (size_t)got : 0;
	return got > 0;
}

/* The piece from `at`, up to a newline or as much as there is room for. NULL: the end. */
static char *piece(struct tell_host_lines *in, bool *ret_whole)
{
	char *begin, *end;
	memmove(in->bytes, in->bytes + in->at, in->n - in->at);
	in->n -= in->at;
	in->at = 0;
	do {
		begin = in->bytes;
		end = memchr(begin, '\n', in->n);
	} while (!end && fill(in));
	*ret_whole = end || in->n < sizeof(in->bytes) - 1;
	if (!end && in->n == 0)
		return NULL;
	in->at = end ? (size_t)(end - begin) + 1 : in->n;
	begin[end ? (size_t)(end - begin) : in->n] = '\0';
	return begin;
}

char *tell_host_lines_next(struct tell_host_lines *in)
{
	bool whole, rest;
	char *line;
	do {
		rest = in->skips;
		line = piece(in, &whole);
		in->skips = line && !whole;
	} while (line && rest);
	return line;
}

void tell_host_lines_close(struct tell_host_lines *in)
{
	if (in->fd >= 0)
		(void)close(in->fd); /* it was only read */
	in->fd = -1;
}

bool tell_host_number(const char **text, uint64_t *ret)
{
	char *end;
	const char *at = *text + strspn(*text, " \t");
	if (*at < '0' || *at > '9')
		return false;
	*ret = strtoull(at, &end, 10);
	*text = end;
	return true;
}
