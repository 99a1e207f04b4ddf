#define TELL_MODULE_LOADED
#include "metric/expose_place.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BACKLOG	  64
#define FIRST_FD  3 /* SD_LISTEN_FDS_START */
#define ADDRESS	  64
#define LISTEN_AT "127.0.0.1:9464, [::1]:9464, unix:/run/NAME/metrics or fd:NAME"

/* ---- what the line says ---- */

static bool is_loopback(const struct sockaddr *addr)
{
	if (addr->sa_family == AF_INET) {
		const struct sockaddr_in *v4 = (const void *)addr;
		return ntohl(v4->sin_addr.s_addr) >> 24 == 127;
	}
	const struct sockaddr_in6 *v6 = (const void *)addr;
	return IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr) ||
		(IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr) &&
			v6->sin6_addr.s6_addr[12] == 127);
}

/* 1 to 65535, and nothing behind. */
static bool read_port(const char *text, in_port_t *ret)
{
	char *end;
	if (*text < '0' || *text > '9')
		return false;
	unsigned long n = strtoul(text, &end, 10);
	*ret = htons((uint16_t)n);
	return *end == '\0' && n > 0 && n <= UINT16_MAX;
}

/* Its address and port. */
static bool read_address(struct tell_place *p)
{
	char host[ADDRESS] = { 0 };
	const char *colon = strrchr(p->text, ':');
	size_t n = colon ? (size_t)(colon - p->text) : 0;
	struct sockaddr_in *v4 = (void *)&p->addr;
	struct sockaddr_in6 *v6 = (void *)&p->addr;
	in_port_t port;
	if (n == 0 || n >= sizeof(host) || !read_port(colon + 1, &port))
		return false;
	memcpy(host, p->text, n);
	if (host[0] == '[' && host[n - 1] == ']') {
		host[n - 1] = '\0';
		v6->sin6_family = AF_INET6;
		v6->sin6_port = port;
		p->len = sizeof(*v6);
		return inet_pton(AF_INET6, host + 1, &v6->sin6_addr) == 1;
	}
	v4->sin_family = AF_INET;
	v4->sin_port = port;
	p->len = sizeof(*v4);
	const char *digits = strcmp(host, "localhost") == 0 ? "127.0.0.1" : host;
	return inet_pton(AF_INET, digits, &v4->sin_addr) == 1;
}

static int take_path(struct tell_place *p, struct tell_refusal *why)
{
	p->kind = TELL_PLACE_PATH;
	p->name = p->text + strlen("unix:");
	size_t n = strlen(p->name);
	if (*p->name != '/')
		return tell_refuse(why, -EINVAL, "listen",
			"write the whole path, unix:/run/NAME/metrics",
			"\"%.64s\" is no path of a socket", p->name);
	if (n >= sizeof(p->addr.local.sun_path))
		return tell_refuse(why, -ENAMETOOLONG, "listen",
			"use a shorter path, at most 107 bytes",
			"the socket's path is too long");
	p->addr.local.sun_family = AF_UNIX;
	memcpy(p->addr.local.sun_path, p->name, n + 1);
	p->len = sizeof(p->addr.local);
	return 0;
}

int tell_place_read(
	struct tell_place *ret, const struct tell_args *args, struct tell_refusal *why)
{
	*ret = (struct tell_place){ .text = tell_args_text(args, "listen") };
	if (strncmp(ret->text, "unix:", 5) == 0)
		return take_path(ret, why);
	if (tell_args_given(args, "mode"))
		return tell_refuse(why, -EINVAL, "mode", "remove it",
			"only a socket at a path has a mode");
	if (strncmp(ret->text, "fd:", 3) == 0) {
		ret->kind = TELL_PLACE_GIVEN;
		ret->name = ret->text + 3;
		return 0;
	}
	if (!read_address(ret))
		return tell_refuse(why, -EINVAL, "listen", "write " LISTEN_AT,
			"\"%.64s\" is no place to listen at", ret->text);
	if (!is_loopback(&ret->addr.any) && !tell_args_bool(args, "public"))
		return tell_refuse(why, -EPERM, "listen",
			"use 127.0.0.1, or add public=yes: whoever reaches the port reads "
			"the metrics, without a password",
			"\"%.64s\" can be reached from other machines", ret->text);
	return 0;
}

/* ---- the socket ---- */

static int listen_on(int fd, const struct tell_place *p)
{
	if (bind(fd, &p->addr.any, p->len) < 0 || listen(fd, BACKLOG) < 0)
		return -errno;
	return 0;
}

static int open_socket(const struct tell_place *p)
{
	int fd = socket(
		p->addr.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	const int yes = 1;
	if (fd < 0)
		return -errno;
	if (p->kind == TELL_PLACE_ADDRESS) /* else the port rests after a restart */
		(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	return fd;
}

/* What stands at the path: 0 nothing (any more), -EADDRINUSE, -ENOTSOCK, another error. */
static int make_way(const struct tell_place *p)
{
	struct stat st;
	if (lstat(p->name, &st) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(st.st_mode))
		return -ENOTSOCK;
	int fd = open_socket(p);
	if (fd < 0)
		return fd;
	int r = connect(fd, &p->addr.any, p->len) < 0 ? -errno : 0;
	(void)close(fd);	/* nothing was sent */
	if (r != -ECONNREFUSED) /* EAGAIN: its queue is full, so it has one */
		return r == 0 || r == -EAGAIN ? -EADDRINUSE : r;
	return unlink(p->name) < 0 && errno != ENOENT ? -errno : 0;
}

/* The mode is the socket's before it has a name, so it is never open to more; what the
 * process's mask took away is given back behind. Source: unix(7), "Pathname socket ownership". */
static int listen_at_path(
	int fd, const struct tell_place *p, mode_t mode, struct stat *ret_file)
{
	int r = make_way(p);
	if (r < 0)
		return r;
	(void)fchmod(fd, mode); /* or by chmod alone */
	r = listen_on(fd, p);
	if (r < 0)
		return r;
	if (lstat(p->name, ret_file) < 0)
		return -errno;
	if ((ret_file->st_mode & 0777) != mode && chmod(p->name, mode) < 0) {
		r = -errno;
		tell_place_leave(p->name, ret_file);
	}
	return r;
}

/* The number of the name among those between colons; -1: it is not there. */
static int place_of(const char *names, const char *name)
{
	size_t n = strlen(name);
	for (int i = 0; names; i++) {
		size_t len = strcspn(names, ":");
		if (len == n && memcmp(names, name, n) == 0)
			return i;
		names = names[len] ? names + len + 1 : NULL;
	}
	return -1;
}

/* A copy of systemd's: ours to close, so that a line which comes back finds it again. */
static int copy_given(const char *name)
{
	const char *pid = secure_getenv("LISTEN_PID"), *n = secure_getenv("LISTEN_FDS");
	int at = place_of(secure_getenv("LISTEN_FDNAMES"), name), listens = 0;
	socklen_t len = sizeof(listens);
	if (!pid || !n || strtol(pid, NULL, 10) != getpid() || at < 0 ||
		at >= strtol(n, NULL, 10))
		return -ENOENT;
	if (getsockopt(FIRST_FD + at, SOL_SOCKET, SO_ACCEPTCONN, &listens, &len) < 0)
		return -errno;
	int fd = listens ? fcntl(FIRST_FD + at, F_DUPFD_CLOEXEC, FIRST_FD) : -1;
	if (fd < 0)
		return listens ? -errno : -ENOTSOCK;
	(void)fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK); /* it is a socket */
	return fd;
}

int tell_place_listen(
	const struct tell_place *place, mode_t mode, int *ret_fd, struct stat *ret_file)
{
	int fd = place->kind == TELL_PLACE_GIVEN ? copy_given(place->name)
						 : open_socket(place);
	int r = fd < 0 ? fd : 0;
	if (r == 0 && place->kind == TELL_PLACE_ADDRESS)
		r = listen_on(fd, place);
	if (r == 0 && place->kind == TELL_PLACE_PATH)
		r = listen_at_path(fd, place, mode, ret_file);
	if (r == 0)
		*ret_fd = fd;
	else if (fd >= 0)
		(void)close(fd); /* nobody has connected */
	return r;
}

void tell_place_leave(const char *path, const struct stat *file)
{
	struct stat now;
	if (lstat(path, &now) == 0 && now.st_dev == file->st_dev &&
		now.st_ino == file->st_ino)
		(void)unlink(path); /* else the next start finds nobody there */
}
