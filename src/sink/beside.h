#pragma once
#include <stdbool.h>

/* Names beside a log in its directory.
 *
 * Threads: pure but for the file system. */

/* Is what stands at name in the directory this open file? */
bool tell_beside_same(int dir, const char *name, int fd);

/* A symbolic link of this name points to target, in the same directory; one that is there is
 * replaced in one step. 0, -EEXIST (something else stands there) or -errno. */
int tell_beside_link(int dir, const char *name, const char *target);
