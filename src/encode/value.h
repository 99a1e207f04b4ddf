#pragma once
#include <stddef.h>
#include <stdint.h>
#include "record/record.h"

/* Short values as text, for the encoders. Writers return the end; no NUL.
 *
 * Threads: pure functions. */

/* Nanoseconds as seconds, exact, always with a point: "1.5", "0.000000001", "3.0". */
#define TELL_SECONDS_MAX_CHARS 21
char *tell_put_seconds(char *p, uint64_t ns);

/* RFC 3339 in UTC with six digits, or nine when the nanoseconds need them. */
#define TELL_TIME_MAX_CHARS 30
char *tell_put_time(char *p, int64_t ns);

/* "192.0.2.1:80", "[2001:db8::1]:80", "[fe80::1%2]:80", "unix:/path", "unix:@abstract",
 * "unix:" (unnamed), "family:N" for others. The path is as it came: escape it. */
#define TELL_SOCKADDR_MAX_CHARS 128
char *tell_put_sockaddr(char *p, const void *sa, size_t len);

/* A number, truth, time, address, id or nothing as plain text, at most
 * TELL_SHORT_MAX_CHARS. NULL: a value of another type, which may be long. */
#define TELL_SHORT_MAX_CHARS 128
char *tell_put_short(char *p, const struct tell_value *v);

/* What stands for a secret. */
#define TELL_REDACTED "[REDACTED]"
