#include "api/control.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <telltale/log.h>
#include <unistd.h>
#include "api/control_clients.h"
#include "api/control_place.h"
#include "api/service.h"
#include "base/clock.h"
#include "base/runtime_dir.h"

_Static_assert(TELL_CONTROL_FDS == 1 + TELL_CLIENTS_MAX, "the socket and the clients");

#define DEAF_NS TELL_NS_PER_SEC
#define LOOK_NS (5 * TELL_NS_PER_SEC)

struct tell_control {
	struct tell_control *left; /* of the parent's parent; see tell_control_child() */
	struct tell_held dir, listener;
	char path[TELL_RUNTIME_PATH_MAX], name[TELL_CONTROL_NAME];
	dev_t dev; /* of the name, to see that it is still ours */
	ino_t ino; /* 0: not bound yet */
	uint64_t look_ns;
	uint64_t deaf_ns; /* until then nobody is taken: descriptors are out */
	struct tell_clients clients;
};

static int bind_name(struct tell_control *c, int dir, int fd)
{
	struct sockaddr_un address;
	int r = tell_control_address(&address, dir, c->path, c->name);
	if (r < 0)
		return r;
	for (int tries = 0;; tries++) {
		if (bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
			return 0;
		/* Of a process that had this pid before us. */
		if (errno != EADDRINUSE || tries > 0)
			return -errno;
		if (!tell_control_sweep_one(dir, c->path, c->name, getpid()))
			return -EADDRINUSE;
	}
}

static int listen_at(struct tell_control *c, int dir)
{
	struct stat st;
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	int r = bind_name(c, dir, fd);
	if (r < 0) {
		(void)close(fd);
		return r;
	}
	/* The process's umask is not ours to change; nobody is answered before listen(). */
	if (fchmodat(dir, c->name, 0600, 0) < 0 || listen(fd, TELL_CLIENTS_MAX) < 0 ||
		fstatat(dir, c->name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		r = -errno;
		(void)unlinkat(dir, c->name, 0); /* or it is swept later */
		(void)close(fd);
		return r;
	}
	c->dev = st.st_dev;
	c->ino = st.st_ino;
	return tell_held_set(&c->listener, fd);
}

static int control_open(struct tell_control *c, const struct tell_service *s)
{
	tell_control_name(c->name, s->name, getpid());
	int dir = tell_runtime_dir(c->path, sizeof(c->path), false);
	int r = dir < 0 ? dir : tell_held_set(&c->dir, dir);
	if (r < 0)
		return r;
	dir = tell_held_get(&c->dir);
	tell_control_sweep(dir, c->path);
	return listen_at(c, dir);
}

int tell_control_open(struct tell_control **ret, const struct tell_service *s)
{
	struct tell_control *c = calloc(1, sizeof(*c));
	if (!c)
		return -ENOMEM;
	tell_held_init(&c->dir);
	tell_held_init(&c->listener);
	tell_clients_init(&c->clients);
	int r = control_open(c, s);
	if (r < 0)
		(void)tell_control_close(c);
	else
		*ret = c;
	return r;
}

void tell_control_say_none(struct tell_service *s, int error)
{
	char text[160];
	int n = snprintf(text, sizeof(text),
		"no control socket: %s; telltale ctl and status do not reach this process",
		strerror(-error));
	tell_service_say(s, TELL_NOTICE, text,
		n < (int)sizeof(text) ? (size_t)n : sizeof(text) - 1);
}

/* Does the name still lead to us? A host may have removed or replaced it. */
static bool named(struct tell_control *c)
{
	struct stat st;
	int dir = tell_held_get(&c->dir);
	return dir >= 0 && fstatat(dir, c->name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		st.st_dev == c->dev && st.st_ino == c->ino;
}

bool tell_control_lost(struct tell_control *c, uint64_t now_ns)
{
	if (tell_held_get(&c->listener) < 0)
		return true;
	if (now_ns < c->look_ns)
		return false;
	c->look_ns = now_ns + LOOK_NS;
	return !named(c);
}

struct tell_control *tell_control_close(struct tell_control *c)
{
	if (!c)
		return NULL;
	tell_clients_done(&c->clients);
	if (c->ino && named(c))
		(void)unlinkat(tell_held_get(&c->dir), c->name, 0); /* or it is swept */
	tell_held_close(&c->listener);
	tell_held_close(&c->dir);
	free(c);
	return NULL;
}

struct tell_control *tell_control_child(struct tell_control *c, struct tell_control *left)
{
	if (!c)
		return left;
	tell_clients_child(&c->clients);
	tell_held_close(&c->listener);
	tell_held_close(&c->dir);
	c->left = left;
	return c;
}

size_t tell_control_poll(struct tell_control *c, struct pollfd *fds)
{
	if (!c)
		return 0;
	int listener = c->deaf_ns ? -1 : tell_held_get(&c->listener);
	fds[0] = (struct pollfd){ .fd = listener, .events = POLLIN };
	return 1 + tell_clients_poll(&c->clients, fds + 1);
}

uint64_t tell_control_serve(
	struct tell_control *c, struct tell_service *s, uint64_t now_ns)
{
	if (!c)
		return UINT64_MAX;
	if (now_ns >= c->deaf_ns && tell_held_ours(&c->listener)) {
		int listener = tell_held_get(&c->listener);
		bool taken = tell_clients_accept(&c->clients, listener, now_ns);
		c->deaf_ns = taken ? 0 : now_ns + DEAF_NS;
	}
	uint64_t next_ns = tell_clients_serve(&c->clients, s, now_ns);
	return c->deaf_ns && c->deaf_ns < next_ns ? c->deaf_ns : next_ns;
}
