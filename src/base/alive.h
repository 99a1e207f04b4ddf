#pragma once
#include <stdbool.h>
#include <stdint.h>

/* Is the process that wrote this number still the one that has it?
 *
 * Threads: pure but for /proc.
 * Source:  proc(5), /proc/PID/stat field 22; pid_namespaces(7). */

/* When a process started, in ticks since the boot; 0: there is none, or no /proc. */
uint64_t tell_pid_start(uint32_t pid);

/* The calling process's pid namespace, in which numbers mean something; 0: not known. */
uint64_t tell_pid_space(void);

/* Does the process `pid`, which started at `start` in namespace `space`, still run? Where
 * that cannot be told: no, and who asks needs another sign. */
bool tell_pid_lives(uint32_t pid, uint64_t start, uint64_t space);
