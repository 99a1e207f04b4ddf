#pragma once
#include <stdbool.h>
#include <stddef.h>

struct tell_buf;
struct tell_spans;

/* A text as it reads when the ASCII characters that JSON writers put as \u0022, \u003d or
 * \u000a are what they stand for. Many write quotes and signs so (System.Text.Json, Gson,
 * Go, PHP), and within JSON within JSON \\u0022.
 *
 * Shape:   a quote becomes \" with the backslashes of its depth, a line end \n, any other
 *          character itself; the plain text is at most twice as long.
 * Cost:    linear; only for text that has such escapes.
 * Threads: pure functions.
 * Source:  RFC 8259 section 7. */

/* Is s[at..) the u00xx of such a character? It is told to ret. */
bool tell_unicode_is(const char *s, size_t n, size_t at, char *ret);

/* Does s have any? */
bool tell_unicode_has(const char *s, size_t n);

/* The plain text; false: out is cut. */
bool tell_unicode_plain(struct tell_buf *out, const char *s, size_t n);

/* Spans of the plain text, settled, become those of s that it came from. */
void tell_unicode_place(struct tell_spans *spans, const char *s, size_t n);
