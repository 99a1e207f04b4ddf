#pragma once
#include <stdbool.h>
#include <stddef.h>

/* The trace that the calling thread is in: what its scopes say.
 *
 * Shape:   the field trace_id, as hex digits and "-"; one that trace_flags says is not
 *          sampled is none: nobody would find it (W3C Trace Context level 2, section 3.2.2.5).
 * Threads: the caller's own scopes; also in signal handlers. */
#define TELL_TRACE_NOW_CHARS 64

/* False: there is none, or it is longer, or no id. ret: TELL_TRACE_NOW_CHARS and a NUL. */
bool tell_trace_now(char *ret);
