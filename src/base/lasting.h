#pragma once
#include <stddef.h>

/* Memory that is never given back, zeroed, aligned to 64, got without malloc(3): the call that
 * needs it may be a signal handler's that interrupted just that.
 *
 * Shape:   pieces of mapped chunks of 64 KiB; larger ones have a mapping of their own.
 * Threads: any; no lock. */

/* NULL: memory is out. */
void *tell_lasting(size_t n);
