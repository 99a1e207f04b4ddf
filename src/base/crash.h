#pragma once

/* Named places where a test lets the process die, as by kill -9: in builds with assertions
 * $TELL_CRASH_AT says which ("after-commit", or "after-commit:7" for the seventh time
 * there); in all others they are nothing at all.
 *
 * Threads: any; read from the environment once. */
#ifdef NDEBUG
#define TELL_CRASH_POINT(name) ((void)0)
#else
#define TELL_CRASH_POINT(name) tell_crash_point(name)
#endif

/* Dies if it is this one's turn. */
void tell_crash_point(const char *name);

/* Do they do anything in this build? */
int tell_crash_points(void);
