#pragma once
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <telltale.h>
#include <unistd.h>
#include "api/drain.h"
#include "api/init.h"
#include "api/level.h"
#include "api/process.h"
#include "api/rule.h"
#include "base/clock.h"
#include "support/ask.h"
#include "support/check_main.h"
#include "support/flow.h"
#include "support/memory_dir.h"
#include "support/scratch.h"

/* What tests of the service thread share: a look at its work, services with and without work
 * for a thread. */

/* Sanitizers need memory and descriptors of their own; TSan takes no threads in children. */
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define BARE false
#else
#define BARE true
#endif

#define CONTROL "service required settings control=yes\n"
#define QUEUE	"queue required ring\nservice required settings control=no\n"

/* The linker puts it before the thread's own (--wrap): how often it drains; it can hang. */
static uint64_t drained;
static int hanging;

size_t __real_tell_service_drain(struct tell_service *s);
size_t __wrap_tell_service_drain(struct tell_service *s);

size_t __wrap_tell_service_drain(struct tell_service *s)
{
	__atomic_add_fetch(&drained, 1, __ATOMIC_RELAXED);
	while (__atomic_load_n(&hanging, __ATOMIC_ACQUIRE))
		tell_clock_sleep_ms(1);
	return __real_tell_service_drain(s);
}

static inline struct tell_service_thread *thread(void)
{
	return &tell_process.main.thread;
}

static inline int runs(void)
{
	return tell_service_thread_runs(thread());
}

static inline int is_asleep(void)
{
	return __atomic_load_n(&thread()->asleep, __ATOMIC_RELAXED);
}

static inline uint64_t rounds(void)
{
	return __atomic_load_n(&thread()->rounds, __ATOMIC_RELAXED);
}

static inline uint64_t drains(void)
{
	return __atomic_load_n(&drained, __ATOMIC_RELAXED);
}

static uint64_t drains_before;

static inline int has_drained(void)
{
	return drains() > drains_before;
}

static inline int is_there(void)
{
	return ask_threads() == 1;
}

static inline int is_alone(void)
{
	return ask_threads() == 0;
}

/* Running, and through with what it does first. */
static inline void start(const char *lines)
{
	flow_start(lines);
	tell_info("first");
	ck_assert(runs());
	ask_until(is_asleep, "it falls asleep");
}

/* A stack in a file, which a reload and a start after a close read again. */
static inline void write_stack(const char *text)
{
	(void)mkdir(tell_scratch_path("conf"), 0700); /* or it is there */
	tell_scratch_write(tell_scratch_path("conf/flow"), text);
	(void)setenv("TELLTALE_CONFDIR", tell_scratch_path("conf"), 1);
	(void)setenv("TELLTALE_SERVICE", "flow", 1);
}

static inline void set_up(void)
{
	if (memory_dir())
		tell_scratch_make();
	else
		ask_set_up(); /* no ring: calls wait */
}

static inline void tear_down(void)
{
	tell_close();
	tell_scratch_remove();
	memory_dir_remove();
}
