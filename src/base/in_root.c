#include "base/in_root.h"
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define IN_ROOT 0x10 /* RESOLVE_IN_ROOT of linux/openat2.h, which older headers lack */

/* struct open_how of openat2(2). */
struct how {
	uint64_t flags, mode, resolve;
};

static int open_within(int root, const char *path, int flags)
{
#ifdef SYS_openat2
	struct how how = { .flags = (uint64_t)flags, .resolve = IN_ROOT };
	return (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
#else
	(void)root;
	(void)path;
	(void)flags;
	errno = ENOSYS;
	return -1;
#endif
}

int tell_open_in_root(int root, const char *path, int flags)
{
	flags |= O_CLOEXEC;
	int fd = open_within(root, path, flags);
	if (fd < 0 && (errno == ENOSYS || errno == EPERM)) { /* EPERM: old sandboxes */
		path += strspn(path, "/");
		fd = openat(root, *path ? path : ".", flags);
	}
	return fd < 0 ? -errno : fd;
}
