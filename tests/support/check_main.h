#pragma once
#include <check.h>

/* How a unit test becomes a program: a function that returns its Suite, and one line.
 *
 *	static Suite *buf_suite(void) { ... }
 *	TELL_CHECK_MAIN(buf_suite)
 *
 * Output is TAP, a line per test, for automake's driver. Each test runs in a child of its
 * own; CK_FORK=no (valgrind, gdb) runs them in one process, CK_RUN_CASE=name just one.
 * tell_check_add() spares the TCase boilerplate: a behaviour's name and its tests. */
#define TELL_CHECK_MAIN(suite_function)                                                  \
	int main(void)                                                                   \
	{                                                                                \
		return tell_check_run(suite_function());                                 \
	}

/* A TCase called name with these tests, NULL-terminated, in suite s. */
void tell_check_add(Suite *s, const char *name, ...) __attribute__((sentinel));

/* Runs and frees the suite: 0, or 1 when a test failed. */
int tell_check_run(Suite *s);
