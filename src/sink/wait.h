#pragma once
#include <pthread.h>
#include <stdint.h>
#include <telltale/module.h>

/* Waiting, but never past a deadline.
 *
 * Clock:   deadlines are ns on CLOCK_MONOTONIC.
 * Threads: pure but for the clock. */

/* Until fd is ready for events (POLLIN, POLLOUT): 0 when it is, also when it has an error
 * to tell or was hung up; -ETIMEDOUT; -EBADF. fd -1 waits for time alone. Signals do not
 * end it. A deadline in the past asks once. */
int tell_wait_fd(int fd, short events, uint64_t deadline_ns);

/* A mutex, by the run's deadline: 0 or -ETIMEDOUT. */
int tell_wait_lock(pthread_mutex_t *lock, struct tell_run *run);
