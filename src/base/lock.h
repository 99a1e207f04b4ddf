#pragma once
#include <pthread.h>
#include <stdint.h>

/* A mutex, but never past a deadline.
 *
 * Clock:   deadline_ns on CLOCK_MONOTONIC; one in the past tries once.
 * Threads: any. */

/* 0: locked. -ETIMEDOUT. */
int tell_lock_by(pthread_mutex_t *lock, uint64_t deadline_ns);
