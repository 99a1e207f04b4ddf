#pragma once

/* Call fn(arg) on a stack of its own, which is given back. The first record of a process
 * reads its stack of lines from files, in some 30 KiB of machine stack: threads and signal
 * handlers of our host may have 8 or 16, enough for libc's syslog(3) and for all our records
 * but the first. Without memory for it, on the caller's.
 *
 * Threads: any. Source: makecontext(3). */
void tell_roomy(void (*fn)(void *arg), void *arg);
