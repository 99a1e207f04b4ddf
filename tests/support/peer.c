#include "support/peer.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "support/unit.h"

#define ALL_SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL)
#define LONG_MS	  10000

static int local(const char *path, int type)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	tell_unit_expect(
		fd >= 0 && strlen(path) < sizeof(un.sun_path), "socket %s", path);
	memcpy(un.sun_path, path, strlen(path) + 1);
	(void)unlink(path);
	tell_unit_expect(bind(fd, (struct sockaddr *)&un, sizeof(un)) == 0,
		"cannot bind %s", path);
	return fd;
}

int tell_peer_datagram(const char *path)
{
	return local(path, SOCK_DGRAM);
}

int tell_peer_stream(const char *path)
{
	int fd = local(path, SOCK_STREAM);

	tell_unit_expect(listen(fd, 5) == 0, "cannot listen at %s", path);
	return fd;
}

static int loopback(uint16_t *port, int type)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(*port) };
	socklen_t len = sizeof(in);
	int on = 1;
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	tell_unit_expect(bind(fd, (struct sockaddr *)&in, sizeof(in)) == 0 &&
			getsockname(fd, (struct sockaddr *)&in, &len) == 0,
		"cannot bind port %u", *port);
	*port = ntohs(in.sin_port);
	return fd;
}

int tell_peer_udp(uint16_t *port)
{
	return loopback(port, SOCK_DGRAM);
}

int tell_peer_tcp(uint16_t *port)
{
	int fd = loopback(port, SOCK_STREAM);

	tell_unit_expect(listen(fd, 5) == 0, "cannot listen on port %u", *port);
	return fd;
}

static bool readable(int fd, unsigned wait_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, (int)wait_ms) > 0;
}

int tell_peer_accept(int listener)
{
	tell_unit_expect(readable(listener, LONG_MS), "nobody connects");
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	tell_unit_expect(fd >= 0, "cannot accept");
	return fd;
}

static long read_memfd(int fd, char *text, size_t size)
{
	struct stat st;

	tell_unit_expect(fcntl(fd, F_GET_SEALS) == ALL_SEALS, "the memfd is not sealed");
	tell_unit_expect(fstat(fd, &st) == 0 && (size_t)st.st_size < size, "too large");
	long n = pread(fd, text, (size_t)st.st_size, 0);
	tell_unit_expect(n == st.st_size, "short read");
	(void)close(fd);
	return n;
}

long tell_peer_receive(int fd, char *text, size_t size, unsigned wait_ms, bool *ret_memfd)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec part = { text, size - 1 };
	struct msghdr m = { .msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control) };
	int passed = -1;

	if (!readable(fd, wait_ms))
		return -1;
	long n = recvmsg(fd, &m, MSG_CMSG_CLOEXEC);
	tell_unit_expect(n >= 0, "cannot receive");
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	if (c && c->cmsg_type == SCM_RIGHTS)
		memcpy(&passed, CMSG_DATA(c), sizeof(passed));
	if (ret_memfd)
		*ret_memfd = passed >= 0;
	if (passed >= 0) {
		tell_unit_expect(n == 0, "a memfd comes alone");
		n = read_memfd(passed, text, size);
	}
	text[n] = '\0';
	return n;
}

size_t tell_peer_read(int fd, char *bytes, size_t len)
{
	size_t done = 0;

	while (done < len && readable(fd, LONG_MS)) {
		ssize_t n = read(fd, bytes + done, len - done);
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	return done;
}

bool tell_peer_frame(int fd, char *frame, size_t size)
{
	char digits[12] = { 0 };
	for (size_t i = 0; i < sizeof(digits); i++) {
		if (tell_peer_read(fd, &digits[i], 1) != 1)
			return false;
		if (digits[i] == ' ')
			break;
	}
	size_t n = strtoul(digits, NULL, 10);
	tell_unit_expect(n > 0 && n < size, "frame of '%s'", digits);
	if (tell_peer_read(fd, frame, n) != n)
		return false;
	frame[n] = '\0';
	return true;
}
