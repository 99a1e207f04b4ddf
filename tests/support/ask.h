#pragma once
#include <stddef.h>

/* The control socket of a service in this process, asked as `telltale ctl` does.
 *
 *	ask_set_up();				  (before the service starts)
 *	flow_start("service required settings control=yes");
 *	tell_info("its first record");
 *	const char *answer = ask("flow", "stats");
 *
 * Sockets are below a scratch directory, which tell_scratch_remove() removes.
 * Threads: one. */
void ask_set_up(void);

/* The socket of a service and process (0: this one); waits until it is there. Static. */
const char *ask_path(const char *service, int pid);

/* Send a request, read the answer to its end; "" when it was hung up on. Static. */
const char *ask(const char *service, const char *request);
const char *ask_bytes(const char *path, const void *bytes, size_t n);

/* Only connect. */
int ask_connect(const char *path);

/* How many service threads this process has. */
size_t ask_threads(void);

/* Call holds() until it says yes; 20 s later the test fails. */
void ask_until(int (*holds)(void), const char *what);
