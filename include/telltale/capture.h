/* telltale/capture.h: what did this code log? For tests of your own service.
 *
 *	tell_capture_start("shop");
 *	open_spool("/nowhere");
 *	assert(tell_capture_count("level=error and errno=2") == 1);
 *	long i = tell_capture_find("message~\"^cannot open\"", 0);
 *	puts(tell_capture_json(i));	 // {"timestamp":...,"level":"error",...}
 *	tell_capture_clear();		 // on to the next case
 *	...
 *	tell_capture_stop();
 *
 * Shape:   records in memory as they came out of the stack, filtered and redacted, oldest
 *          first; place 0 is the oldest one kept.
 * Limits:  16 MiB (`size=` of a stack's own `sink required capture`); beyond it the oldest
 *          are dropped and counted.
 * Where:   the expressions of `telltale query -w` and `filter match`: level>=warning and
 *          status>=500 and not path~"^/health" (telltale-expr(7)). NULL matches all.
 * Threads: any of these may be called by any thread at any time, but for start and stop.
 * Licence: MIT for the header. */
#ifndef TELLTALE_CAPTURE_H
#define TELLTALE_CAPTURE_H
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* tell_init() with a stack for tests instead of the administrator's: all levels, the
 * default redaction, and nowhere to go but here. What was captured before is gone.
 * Returns 0 or what tell_init() would. */
int tell_capture_start(const char *service);

/* tell_close(), and forget all records. */
void tell_capture_stop(void);

/* Forget all records and the count of dropped ones. */
void tell_capture_clear(void);

/* How many records match; -EINVAL: where is no expression. */
long tell_capture_count(const char *where);

/* The first match at place `from` or later; -ENOENT: none; -EINVAL: as above. */
long tell_capture_find(const char *where, size_t from);

/* The record at this place as a line of JSON, as `sink file` writes it. NULL: there is
 * none. Valid until it is cleared or dropped as the oldest. */
const char *tell_capture_json(size_t i);

/* Records dropped to make room for newer ones. */
uint64_t tell_capture_dropped(void);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
