/* In front of a forwarder's libc (LD_PRELOAD): what breaks under it, as the environment says.
 *
 *	BROKEN_READ=N		a file whose name ends in ".jsonl" cannot be read from the offset N on
 *	BROKEN_MEMORY=FILE	no memory for a large block, as long as FILE is not there; then it is
 *	BROKEN_ABOVE=N		of so many bytes; else of 200,000 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int is_log(int fd)
{
	char link[40], name[4096];
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ssize_t n = readlink(link, name, sizeof(name));
	return n > 6 && memcmp(name + n - 6, ".jsonl", 6) == 0;
}

ssize_t pread(int fd, void *to, size_t n, off_t at)
{
	static ssize_t (*next)(int, void *, size_t, off_t);
	const char *from = getenv("BROKEN_READ");
	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "pread");
	if (from && at >= strtol(from, NULL, 10) && is_log(fd)) {
		errno = EIO;
		return -1;
	}
	return next(fd, to, n, at);
}

void *realloc(void *p, size_t n)
{
	static void *(*next)(void *, size_t);
	const char *above = getenv("BROKEN_ABOVE");
	size_t large = above ? strtoul(above, NULL, 10) : 200000;
	const char *file = n >= large ? getenv("BROKEN_MEMORY") : NULL;
	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "realloc");
	int fd = file ? open(file, O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;
	if (fd < 0)
		return next(p, n);
	close(fd);
	errno = ENOMEM;
	return NULL;
}
