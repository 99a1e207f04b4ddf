#pragma once
#include <microhttpd.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "metric/expose_clients.h"
#include "metric/expose_server.h"

/* A server of metrics inside: its socket, its clients, and the thread that answers them.
 *
 * Life:    made by expose_server.c, which keeps it in a list; its thread has a reference of its
 *          own. A thread ends when it shall, or when the host has closed its descriptors.
 * Threads: start, stop, runs: under the servers' lock. */

/* Descriptors are atomic: the handler of fork(2) reads them. They are forgotten before they are
 * closed, so that a child never closes what is somebody else's by then. */
struct tell_server {
	struct tell_server *next;
	char service[TELL_SERVER_NAME + 1];
	char *place;   /* as the line has it */
	size_t users;  /* lines; under the servers' lock */
	unsigned refs; /* atomic: the list's, the thread's */

	int listens, wakes, polls;   /* -1: none; atomic */
	struct stat listening, file; /* which socket that is; what stands at its path */
	struct MHD_Daemon *http;
	pthread_t thread;
	bool runs;	   /* there is a thread to be joined; under the servers' lock */
	bool stops, ended; /* atomic: it shall; it has */
	struct tell_clients
		clients; /* the thread's, and `held`: bytes of their answers */
	size_t held;
	bool called; /* the thread's: something came of this round */

	pthread_mutex_t lock; /* a default mutex: no errors; for these: */
	enum tell_show layout;
	uint64_t timeout_ns;
};

/* 0, or as tell_server_serve(). It does not run. */
int tell_server_start(struct tell_server *s, const struct tell_place *place, mode_t mode);

/* Its thread ends, or is left behind after half a second. */
void tell_server_stop(struct tell_server *s);

bool tell_server_runs(const struct tell_server *s);

void tell_server_unref(struct tell_server *s);
