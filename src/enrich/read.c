#include "enrich/read.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "base/cleanup.h"

ssize_t tell_read_line(const char *path, char *room, size_t size)
{
	TELL_CLEANUP(tell_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	ssize_t n = read(fd, room, size - 1);
	if (n < 0)
		return -errno;
	room[n] = '\0';
	n = (ssize_t)strcspn(room, "\n");
	room[n] = '\0';
	return n ? n : -ENODATA;
}
