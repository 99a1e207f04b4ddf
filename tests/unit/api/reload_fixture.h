#pragma once
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <telltale.h>
#include <unistd.h>
#include "api/process.h"
#include "base/clock.h"
#include "support/ask.h"
#include "support/check_main.h"
#include "support/memory_dir.h"
#include "support/scratch.h"

/* Stack files in a directory of the test's own, put there whole; logs beside it. */

static inline void write_file(const char *name, const char *text)
{
	char path[64], made[64];
	(void)snprintf(path, sizeof(path), "conf/%s", name);
	(void)snprintf(made, sizeof(made), "conf/.%s", name);
	tell_scratch_write(tell_scratch_path(made), text);
	ck_assert_int_eq(rename(tell_scratch_path(made), tell_scratch_path(path)), 0);
}

/* A stack whose records go to this log. */
static inline void write_stack(const char *name, const char *more, const char *log)
{
	char text[512];
	(void)snprintf(text, sizeof(text), "%ssink required file path=%s\n", more,
		tell_scratch_path(log));
	write_file(name, text);
}

static inline void set_up(void)
{
	if (memory_dir())
		tell_scratch_make();
	else
		ask_set_up();
	(void)mkdir(tell_scratch_path("conf"), 0700);
	(void)setenv("TELLTALE_CONFDIR", tell_scratch_path("conf"), 1);
	(void)unsetenv("TELLTALE_SERVICE");
	(void)signal(SIGHUP, SIG_DFL); /* nohup(1) has it ignored */
}

static inline void tear_down(void)
{
	tell_close();
	tell_scratch_remove();
	memory_dir_remove();
}
