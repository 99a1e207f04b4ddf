#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The text of a trace context: "00-<trace id>-<parent id>-<flags>", as HTTP's traceparent
 * header and the TRACEPARENT of a process's environment have it.
 *
 * Shape:   ids as lower-case hex with a NUL, as they were written: no field needs the bytes.
 * Threads: pure functions, but for the random numbers of _new.
 * Source:  W3C Trace Context level 2, section 3.2. */
#define TELL_TRACE_ID_CHARS	32
#define TELL_SPAN_ID_CHARS	16
#define TELL_TRACEPARENT_CHARS	55
#define TELL_TRACE_FLAG_SAMPLED 0x01
#define TELL_TRACE_FLAG_RANDOM	0x02 /* all bits of the trace id were drawn at random */

struct tell_traceparent {
	char trace_id[TELL_TRACE_ID_CHARS + 1];
	char parent_id[TELL_SPAN_ID_CHARS + 1];
	uint8_t flags; /* only those that level 2 knows */
};

/* Read all n bytes. False, *ret untouched: not a traceparent, so that whoever got it begins
 * a trace of its own. A higher version is read as far as version 00 goes. */
bool tell_traceparent_read(struct tell_traceparent *ret, const char *text, size_t n);

/* A trace that begins here: ids drawn at random, sampled. False: no random numbers. */
bool tell_traceparent_new(struct tell_traceparent *ret);

/* As version 00, TELL_TRACEPARENT_CHARS and a NUL. */
void tell_traceparent_put(char *to, const struct tell_traceparent *t);
