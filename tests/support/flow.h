#pragma once
#include <stddef.h>

/* A pipeline for tests: this process's records go through a stack into a file of JSON
 * lines, and come back as text.
 *
 *	flow_start("filter required level min=notice\n");   (its sink line is added)
 *	tell_notice("hello", tell_kv("n", 1));
 *	ck_assert_ptr_nonnull(strstr(flow_last(), "\"n\":1"));
 *
 * Threads: one; the directory is removed when the process ends. */

/* Start service "flow" with these lines and a sink; "" for none of its own. */
void flow_start(const char *lines);

/* All that was written so far, NUL-terminated; valid until the next call. */
const char *flow_all(void);

/* The last line, without its newline; "" when there is none. */
const char *flow_last(void);

/* How many lines; how many hold this text. */
size_t flow_count(void);
size_t flow_count_of(const char *text);

/* The file itself; its directory. */
const char *flow_path(void);
const char *flow_dir(void);
