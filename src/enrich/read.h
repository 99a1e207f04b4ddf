#pragma once
#include <stddef.h>
#include <sys/types.h>

/* The first line of a small file of /proc or /etc, without its end of line, in size bytes
 * of room, NUL-terminated. Its length, or a negative errno (-ENODATA: it is empty). */
ssize_t tell_read_line(const char *path, char *room, size_t size);
