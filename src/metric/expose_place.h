#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <telltale/module.h>

/* Where metrics are served, as `listen=` says, and the socket there.
 *
 *	127.0.0.1:9464  [::1]:9464  localhost:9464	an address: loopback, or public=yes
 *	unix:/run/shop/metrics				a socket of ours, with mode=
 *	fd:metrics					one of systemd's (FileDescriptorName=)
 *
 * Threads: reading: any; one owner of a socket.
 * Source:  unix(7), ip(7), sd_listen_fds(3). */
enum tell_place_kind { TELL_PLACE_ADDRESS, TELL_PLACE_PATH, TELL_PLACE_GIVEN };

struct tell_place {
	enum tell_place_kind kind;
	const char *text; /* as the line has it, borrowed */
	const char *name; /* the path, or the name; in text */
	union {
		struct sockaddr any;
		struct sockaddr_un local;
		struct sockaddr_storage room;
	} addr;
	socklen_t len;
};

/* Of a line; sends and opens nothing. 0, or a refusal. */
int tell_place_read(
	struct tell_place *ret, const struct tell_args *args, struct tell_refusal *why);

/* A socket that listens there. What stands at a path is removed if it is a socket where nobody
 * answers. 0; -EADDRINUSE: somebody serves there; -ENOTSOCK: that is no socket; -ENOENT: systemd
 * gave none of that name, or there is no such directory; another error. *ret_file: what stands
 * at the path now, for tell_place_leave(). */
int tell_place_listen(
	const struct tell_place *place, mode_t mode, int *ret_fd, struct stat *ret_file);

/* Remove what stands at the path, if it is still that. */
void tell_place_leave(const char *path, const struct stat *file);
