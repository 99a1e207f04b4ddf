#pragma once
#include <telltale/health.h>

/* The checks of tell_health_register(), by name.
 *
 * Limit:   TELL_CALLBACKS a process; a name keeps its place.
 * Threads: any; no lock is held while a check runs. */
#define TELL_CALLBACKS	     64
#define TELL_CALLBACK_NAME   31 /* characters */
#define TELL_CALLBACK_REASON 255

/* As tell_health_register(). */
int tell_callback_set(const char *name, tell_health_fn *fn, void *arg);

/* In a forked child: nobody is in a check. */
void tell_callback_child(void);
