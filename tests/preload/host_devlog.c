/* Scenarios of tests/preload/host: a program that writes to /dev/log itself. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>
#include "preload/host.h"

static int open_log(int type)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX, .sun_path = "/dev/log" };
	int fd = socket(AF_UNIX, type, 0);
	if (connect(fd, (struct sockaddr *)&un, sizeof(un)) < 0)
		return -1;
	return fd;
}

void host_devlog(void)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX, .sun_path = "/dev/log" };
	int fd = open_log(SOCK_DGRAM), other = socket(AF_UNIX, SOCK_DGRAM, 0);
	static char by_write[] = "<30>Nov 21 02:06:07 own[4711]: by write";
	struct iovec parts[] = { { "<36>own: ", 9 }, { "by parts\n", 9 } };
	struct msghdr m = { .msg_iov = parts, .msg_iovlen = 2 };
	errno = 77;
	ssize_t n = write(fd, by_write, sizeof(by_write)); /* its NUL, too */
	int kept = errno;
	(void)send(fd, "<13>own: by send", 16, 0);
	(void)!writev(fd, parts, 2);
	(void)sendmsg(fd, &m, MSG_NOSIGNAL);
	(void)sendto(other, "no ident", 8, 0, (struct sockaddr *)&un, sizeof(un));
	m.msg_name = &un;
	m.msg_namelen = sizeof(un);
	(void)sendmsg(other, &m, 0);
	syslog(LOG_INFO, "wrote %zd of %zu, errno %d", n, sizeof(by_write), kept);
}

/* More than are looked after: the last two stay the kernel's, which knows nobody there. */
void host_devlog_many(void)
{
	int fds[10];
	for (int round = 0; round < 20; round++) {
		for (int i = 0; i < 10; i++)
			fds[i] = open_log(SOCK_DGRAM);
		for (int i = 0; i < 10; i++) {
			char line[64];
			int n = snprintf(line, sizeof(line), "<30>own: socket %d", i);
			(void)send(fds[i], line, (size_t)n, MSG_NOSIGNAL);
		}
		for (int i = 0; i < 10; i++)
			(void)close(fds[i]);
	}
}

/* The number is another file's now: what is written to it must get there. */
void host_devlog_reused(void)
{
	int fd = open_log(SOCK_DGRAM);
	(void)!write(fd, "<30>own: log", 12);
	(void)close(fd);
	int file = open("host.db", O_CREAT | O_WRONLY | O_TRUNC, 0600);
	(void)!write(file, "mine\n", 5);
	int pair[2];
	(void)!socketpair(AF_UNIX, SOCK_DGRAM, 0, pair);
	char got[8] = "";
	(void)send(pair[0], "pair", 4, 0);
	(void)recv(pair[1], got, 7, 0);
	syslog(LOG_INFO, "%s, %s, %s", fd == file ? "same number" : "other number", got,
		open_log(SOCK_STREAM) < 0 ? "no stream" : "a stream");
}
