#pragma once
#include <stdbool.h>
#include <stddef.h>

/* A POSIX extended regular expression, compiled once.
 *
 * Shape:   text with perhaps ^ in front and $ behind is compared directly, without a lock
 *          and without memory; anything else goes to regexec(3), which needs both.
 * Locale:  always C, whatever the program has set: a byte is a character.
 * Limits:  no back references (their cost is exponential), at most 1000 more characters
 *          when + and {n,m} are written out (regcomp(3) does that), groups 50 deep; nothing
 *          that may be empty is repeated without end, no repetition follows another but *?.
 * Threads: matching may be done by several at once.
 * Source:  regex(7), POSIX.1-2017 XBD 9.4. */
struct tell_pattern;

/* 0, -EINVAL (why, of size bytes, says what is wrong) or -ENOMEM. */
int tell_pattern_new(struct tell_pattern **ret, const char *ere, char *why, size_t size);

/* NULL is allowed. Returns NULL. */
struct tell_pattern *tell_pattern_free(struct tell_pattern *p);

/* Does it match anywhere in len bytes of text? */
bool tell_pattern_match(const struct tell_pattern *p, const char *text, size_t len);
