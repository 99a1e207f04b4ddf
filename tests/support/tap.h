#pragma once
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <telltale/capture.h>

/* TAP for test programs that see telltale as a service does: the public headers, C or C++,
 * the shared library. Counts in one program file.
 *
 *	tell_capture_start("shop");
 *	pay();
 *	tap_ok(tap_has("\"message\":\"paid\""), "the call is a record");
 *	return tap_done();
 */
static int tap_n, tap_failed;

static inline bool tap_ok(bool ok, const char *name)
{
	tap_failed += !ok;
	printf("%sok %d - %s\n", ok ? "" : "not ", ++tap_n, name);
	return ok;
}

static inline int tap_done(void)
{
	printf("1..%d\n", tap_n);
	return tap_failed > 0;
}

/* The newest captured record as JSON; "" when there is none. */
static inline const char *tap_last(void)
{
	long n = tell_capture_count(NULL);
	return n > 0 ? tell_capture_json((size_t)n - 1) : "";
}

/* Is `text` in the newest record? Shows the record when it is not. */
static inline bool tap_has(const char *text)
{
	const char *last = tap_last();
	if (strstr(last, text))
		return true;
	printf("# no %s in %s\n", text, last);
	return false;
}

static inline void tap_is(long got, long want, const char *name)
{
	if (!tap_ok(got == want, name))
		printf("# got %ld, want %ld\n", got, want);
}
