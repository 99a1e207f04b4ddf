#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include "base/buf.h"

/* Services that run now and can be asked: their control sockets, found and asked.
 *
 * Places:  $RUNTIME_DIRECTORY/telltale, /run/telltale/UID, /dev/shm/telltale-UID, and the
 *          runtime directories of units: /run/NAME/telltale, /run/user/UID/NAME/telltale.
 *          Of this user; root sees those of all.
 * Safety:  a directory is looked at as tell_runtime_dir_open() does, and who answers must be
 *          its owner or root: the kernel tells. What they say is still theirs to say.
 * Threads: one. */
struct tell_running {
	char *service;
	pid_t pid; /* as the name has it; of the answer when it is known */
	uid_t uid; /* whose directory it is in */
	char *dir, *name;
};

struct tell_running_list {
	struct tell_running *list; /* by service and pid */
	size_t n, cap;
};

/* Find all of them; removes the sockets of processes that are gone. 0 or -ENOMEM. */
int tell_running_find(struct tell_running_list *ret);

/* The same in places of a test's own instead of "/". */
int tell_running_find_below(struct tell_running_list *ret, const char *root);

void tell_running_done(struct tell_running_list *l);

/* The same, when there are some: 0. Else says which there are: EX_UNAVAILABLE. */
int tell_running_choose(
	struct tell_running_list *l, const char *verb, const char *service, pid_t pid);
#define TELL_RUNNING_HINT                                                                      \
	"A service can be asked when its stack has a queue, metric, health or alert line, or " \
	"`service required settings control=yes`, and it has logged."

/* The number in --pid=TEXT: 0, or EX_USAGE, said. */
int tell_running_pid(const char *verb, const char *text, pid_t *ret);

/* Keep those of this service (NULL: all) and process (0: all). */
void tell_running_keep(struct tell_running_list *l, const char *service, pid_t pid);

/* Ask one, within timeout_ms. 0: *answer is what it has to say; or a code of sysexits(3), and
 * *answer is a sentence. pid becomes that of the process that answered. */
int tell_running_ask(struct tell_running *r, const char *request, unsigned timeout_ms,
	struct tell_buf *answer);

#define TELL_RUNNING_MS 5000 /* enough for what needs no waiting */
