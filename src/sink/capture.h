#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "record/expr.h"

/* Records kept in memory for tests, of all `sink capture` lines of the process; they
 * outlive the sink, so that a test can look after tell_close(). What
 * <telltale/capture.h> promises, for src/api/capture.c.
 *
 * Shape:   one store a process: a test asks without a handle.
 * Limit:   size= of the line opened last; the oldest go first, and are counted.
 * Threads: any number. */
void tell_captured_clear(void);

/* How many match; e NULL: all. */
size_t tell_captured_count(const struct tell_expr *e);

/* The place of the first match from `from` on. False: none. */
bool tell_captured_find(const struct tell_expr *e, size_t from, size_t *ret_place);

/* Its JSON; NULL: no such place. */
const char *tell_captured_json(size_t place);
uint64_t tell_captured_dropped(void);
