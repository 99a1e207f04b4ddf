#pragma once
#include "forward/pipe.h"

/* The records that a receiver refused for good, in a file beside the position, as JSON lines:
 * when, why, and the entry as it was sent, redacted.
 *
 * Limit:  TELL_ASIDE_BYTES a file; what comes then is lost, and counted.
 * Threads: the pipe's. */
#define TELL_ASIDE_BYTES ((uint64_t)64 << 20)
#define TELL_ASIDE_NAME	 ".refused.jsonl"

/* As struct tell_ship has it; arg: the pipe. */
bool tell_aside(void *arg, const struct tell_batch *b, size_t i, const char *why);
