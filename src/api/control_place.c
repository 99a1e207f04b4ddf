#include "api/control_place.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "api/service.h"
#include "base/cleanup.h"
#include "base/number.h"

#define ENDING	  ".ctl"
#define SWEEP_MAX 1000 /* names a sweep looks at */

void tell_control_name(char *name, const char *service, pid_t pid)
{
	(void)snprintf(
		name, TELL_CONTROL_NAME, "%s.%d" ENDING, service, (int)pid); /* fits */
}

bool tell_control_name_read(const char *name, char *service, pid_t *ret_pid)
{
	size_t n = strlen(name), end = sizeof(ENDING) - 1;
	uint64_t pid;
	if (n >= TELL_CONTROL_NAME || n <= end || strcmp(name + n - end, ENDING) != 0)
		return false;
	(void)snprintf(
		service, TELL_CONTROL_NAME, "%.*s", (int)(n - end), name); /* fits */
	char *dot = strrchr(service, '.');
	if (!dot || !tell_parse_u64(dot + 1, strlen(dot + 1), &pid) || pid == 0 ||
		pid > INT32_MAX)
		return false;
	*dot = '\0';
	*ret_pid = (pid_t)pid;
	return tell_service_name_ok(service);
}

int tell_control_address(
	struct sockaddr_un *ret, int dir, const char *path, const char *name)
{
	size_t size = sizeof(ret->sun_path);
	*ret = (struct sockaddr_un){ .sun_family = AF_UNIX };
	int n = snprintf(ret->sun_path, size, "%s/%s", path, name);
	if (n > 0 && (size_t)n < size)
		return 0;
	n = snprintf(ret->sun_path, size, "/proc/self/fd/%d/%s", dir, name);
	return n > 0 && (size_t)n < size ? 0 : -ENAMETOOLONG;
}

int tell_control_connect(int dir, const char *path, const char *name)
{
	struct sockaddr_un address;
	int r = tell_control_address(&address, dir, path, name);
	if (r < 0)
		return r;
	TELL_CLEANUP(tell_closep)
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	return tell_fd_take(&fd);
}

bool tell_control_sweep_one(int dir, const char *path, const char *name, pid_t pid)
{
	if (pid != getpid() && (kill(pid, 0) == 0 || errno != ESRCH))
		return false;
	int fd = tell_control_connect(dir, path, name);
	if (fd >= 0)
		(void)close(fd); /* asked nothing */
	return fd == -ECONNREFUSED && unlinkat(dir, name, 0) == 0;
}

void tell_control_sweep(int dir, const char *path)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd >= 0 ? fdopendir(fd) : NULL;
	if (!list) {
		if (fd >= 0)
			(void)close(fd);
		return;
	}
	const struct dirent *d;
	for (int i = 0; i < SWEEP_MAX && (d = readdir(list)); i++) {
		char service[TELL_CONTROL_NAME];
		pid_t pid;
		if (tell_control_name_read(d->d_name, service, &pid) && pid != getpid())
			(void)tell_control_sweep_one(dir, path, d->d_name, pid);
	}
	(void)closedir(list);
}
