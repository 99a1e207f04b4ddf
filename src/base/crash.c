#include "base/crash.h"
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#ifdef NDEBUG
int tell_crash_points(void)
{
	return 0;
}

void tell_crash_point(const char *name)
{
	(void)name;
}
#else
int tell_crash_points(void)
{
	return 1;
}

void tell_crash_point(const char *name)
{
	static unsigned long n_passed;
	const char *wanted = secure_getenv("TELL_CRASH_AT");
	size_t len = strlen(name);
	if (!wanted || strncmp(wanted, name, len) != 0 ||
		(wanted[len] != '\0' && wanted[len] != ':'))
		return;
	unsigned long nth = wanted[len] ? strtoul(wanted + len + 1, NULL, 10) : 1;
	if (__atomic_add_fetch(&n_passed, 1, __ATOMIC_RELAXED) >= nth)
		(void)raise(SIGKILL);
}
#endif
