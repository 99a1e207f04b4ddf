#include "base/descriptor.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FD_MAX_GUESS 65536 /* no close_range(2), no /proc: most limits are lower */

static int close_range_from(int first)
{
#ifdef SYS_close_range /* Linux 5.9; glibc has a function for it only since 2.34 */
	return (int)syscall(SYS_close_range, (unsigned)first, UINT_MAX, 0u);
#else
	(void)first;
	errno = ENOSYS;
	return -1;
#endif
}

static void close_each(int first, int end)
{
	for (int fd = first; fd < end; fd++)
		(void)close(fd); /* most are not open */
}

void tell_descriptors_close(int first)
{
	if (close_range_from(first) == 0)
		return;
	DIR *dir = opendir("/proc/self/fd");
	if (!dir) {
		close_each(first, FD_MAX_GUESS);
		return;
	}
	int last = first - 1;
	for (struct dirent *e; (e = readdir(dir));) {
		int fd = atoi(e->d_name); /* "." and "..": 0 */
		if (fd > last)
			last = fd;
	}
	(void)closedir(dir); /* its own descriptor is among them */
	close_each(first, last + 1);
}

int tell_descriptor_above(int fd, int least)
{
	if (fd >= least)
		return fd;
	int moved = fcntl(fd, F_DUPFD_CLOEXEC, least);
	if (moved < 0)
		return -errno;
	(void)close(fd); /* only a number */
	return moved;
}
