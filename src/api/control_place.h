#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/un.h>

/* Where control sockets are: SERVICE.PID.ctl in a runtime directory.
 *
 * Stale:   a socket whose process has gone: nobody answers there, and its pid is not in use.
 *          Both are asked, as a pid may be of another namespace and as a fresh socket does
 *          not answer yet.
 * Threads: any. */
#define TELL_CONTROL_NAME 96 /* 64 of the service, a pid, dots, the ending */

/* The name of a service's socket: TELL_CONTROL_NAME bytes hold it. */
void tell_control_name(char *name, const char *service, pid_t pid);

/* The reverse: service has room for TELL_CONTROL_NAME. False: it is no such name. */
bool tell_control_name_read(const char *name, char *service, pid_t *ret_pid);

/* The address of `name` in the directory open at `dir`, called `path`: by its path, or where
 * that does not fit by /proc. 0 or -ENAMETOOLONG. */
int tell_control_address(
	struct sockaddr_un *ret, int dir, const char *path, const char *name);

/* Ask for a connection: a descriptor; -ECONNREFUSED: nobody is there; -EAGAIN: it is busy. */
int tell_control_connect(int dir, const char *path, const char *name);

/* Remove it if it is stale: true, it was. */
bool tell_control_sweep_one(int dir, const char *path, const char *name, pid_t pid);

/* Remove all stale ones. */
void tell_control_sweep(int dir, const char *path);
