#pragma once
#include <stdbool.h>

/* Does the whole of text match pattern? "*" is any run of bytes, "?" any one byte, all
 * else itself; there is no escape, and "/" is nothing special. Bytes compare as bytes.
 *
 * Threads: pure. Cost: at most strlen(pattern) * strlen(text) steps, no recursion. */
bool tell_glob(const char *pattern, const char *text);
