#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Programs that know nothing of telltale, run under libtelltale-preload.so, and what became
 * of their calls.
 *
 *	hosted_begin("");			a stack with these lines and a sink
 *	ck_assert_int_eq(hosted_run("levels"), 0);
 *	ck_assert(hosted_next());
 *	ck_assert_str_eq(hosted_field("MESSAGE"), "level 0");
 *	hosted_end();
 *
 * The program is tests/preload/host in a fresh directory, its records go to a socket that
 * stands for journald and are read while it runs. A failing call fails the test.
 * Threads: one. */

/* Is there a library to try, and a way to (no sanitizer's, which must come first)? */
bool hosted_possible(void);

/* TELL_CHECK_MAIN() of a suite that needs it. */
#define HOSTED_MAIN(suite_function)                                                      \
	int main(void)                                                                   \
	{                                                                                \
		if (hosted_possible())                                                   \
			return tell_check_run(suite_function());                         \
		puts("1..0 # SKIP no libtelltale-preload.so, or a sanitizer is in it");  \
		return 0;                                                                \
	}

/* lines: what the stack of service `host` has beside its sink, which is the socket unless
 * one of them is a sink line. A '@' stands for the directory. */
void hosted_begin(const char *lines);
void hosted_end(void);

/* Environment for the programs to come: "NAME=value". Before hosted_run(). */
void hosted_environment(const char *assignment);

/* Another program than `host`: a name in tests/preload, or a path. */
void hosted_program(const char *name);

/* Run a scenario to its end, with or without the library. The wait status. */
int hosted_run(const char *scenario);
int hosted_run_bare(const char *scenario);

/* Until there are n records: of children that live on. */
void hosted_wait(size_t n);

/* The pid it had. */
int hosted_pid(void);

/* The next record of all that came. False: no more. */
bool hosted_next(void);

/* How many came; how many of them say so. */
size_t hosted_count(void);
size_t hosted_count_of(const char *message);

/* The field of the record, as text; "" when it has none. Eight at a time. */
const char *hosted_field(const char *name);

/* A path in its directory; four at a time. */
const char *hosted_path(const char *name);

/* What it wrote to stdout and stderr, and a file of its directory; the caller frees. */
char *hosted_file(const char *name);
