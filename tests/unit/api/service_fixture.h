#pragma once
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <telltale.h>

/* Services with stack files and logs in a directory of the test's own; `shop` is started. */

static char dir[64];

static inline void in_dir(char *to, size_t n, const char *name)
{
	(void)snprintf(to, n, "%s/%s", dir, name);
}

/* A stack with one file sink, named by this option; behind more. */
static inline void write_stack_with(
	const char *service, const char *more, const char *option, const char *log)
{
	char path[128];
	in_dir(path, sizeof(path), service);
	FILE *f = fopen(path, "we");
	ck_assert_ptr_nonnull(f);
	(void)fprintf(f, "%s sink required file %s=%s/%s\n", more, option, dir, log);
	(void)fclose(f);
}

static inline void write_stack(const char *service, const char *option, const char *log)
{
	write_stack_with(service, "", option, log);
}

/* How many lines of a log hold the text. */
static inline size_t count(const char *log, const char *text)
{
	char path[128];
	static char line[65536];
	size_t n = 0;
	in_dir(path, sizeof(path), log);
	FILE *f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f))
		n += strstr(line, text) != NULL;
	if (f)
		(void)fclose(f);
	return n;
}

static inline void set_up(void)
{
	(void)snprintf(dir, sizeof(dir), "/tmp/telltale-service.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	(void)setenv("TELLTALE_CONFDIR", dir, 1);
	(void)unsetenv("TELLTALE_SERVICE");
	write_stack("shop", "path", "a");
	ck_assert_int_eq(tell_init("shop"), 0);
}

static inline void tear_down(void)
{
	char command[128];
	(void)snprintf(command, sizeof(command), "rm -rf %s", dir);
	(void)!system(command);
}
