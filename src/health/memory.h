#pragma once
#include <stddef.h>
#include <stdint.h>

/* How much memory is left to this process, by the nearest limit that it has.
 *
 * Shape:   free_ratio 0..1; source "cgroup" or "system". A cgroup's memory.current has the page
 *          cache in it, which the kernel gives back: inactive_file is counted as free.
 * Threads: pure but for the files below root, NULL for "/".
 * Source:  Documentation/admin-guide/cgroup-v2.rst, proc_meminfo(5). */
struct tell_memory {
	const char *source;
	uint64_t limit_bytes, free_bytes;
	double free_ratio;
};

/* 0, or -errno: nothing says it. */
int tell_memory_read(struct tell_memory *ret, const char *root);
