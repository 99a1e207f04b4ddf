#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <telltale/module.h>
#include "metric/expose_place.h"

/* Servers of metrics: one for each service and place, with a thread of its own.
 *
 *	r = tell_server_serve(&server, &place, &settings);	each time the line is asked
 *	tell_server_leave(&server);
 *
 * Life:    a line holds its server by tell_server_hold(), which does nothing yet; serving begins
 *          when the line is asked. The line of a stack that is loaded anew holds it before the old
 *          one leaves, so the socket is never closed between. The last one to leave ends it; a
 *          thread that hangs then, in a function of the host, is left behind.
 * Fork:    the child closes its copies at once, and serves nothing: tell_servers_child() is also
 *          a handler of pthread_atfork(3), as a child that never logs would keep the port.
 * Limits:  expose_clients.h; TELL_SERVER_HEADER bytes of a request's head, TELL_SERVER_HELD of
 *          answers that wait for their readers, unless it is one alone.
 * Threads: any; one lock inside, never held while a request is answered. All signals are blocked
 *          in a server's thread. */
#define TELL_SERVER_HEADER ((size_t)8 << 10)
#define TELL_SERVER_HELD   ((size_t)64 << 20)
#define TELL_SERVER_NAME   64

struct tell_server;

struct tell_server_settings {
	const char *service;
	enum tell_show layout; /* of health */
	uint64_t timeout_ns;   /* a connection, from its beginning to its end */
	mode_t mode;	       /* of a socket at a path */
};

/* *server becomes the one that serves there for this service, if there is one. */
void tell_server_hold(
	struct tell_server **server, const struct tell_place *place, const char *service);

/* Serve there, and with these settings from now on; *server is made if it is NULL. 0, or what
 * tell_place_listen() says, -ENOMEM, -EAGAIN: no thread. */
int tell_server_serve(struct tell_server **server, const struct tell_place *place,
	const struct tell_server_settings *settings);

/* *server becomes NULL. */
void tell_server_leave(struct tell_server **server);

/* In a forked child. */
void tell_servers_child(void);
