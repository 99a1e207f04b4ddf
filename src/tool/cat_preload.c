#include "tool/cat_preload.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/cleanup.h"
#include "tool/option.h"
#include "tool/command.h"

#define SEPARATOR 30 /* ASCII RS */
#define INSTEAD                                                                          \
	"Leave out --preload: its lines become records all the same, and what it sends " \
	"to /dev/log or journald goes where it always went"

int tell_cat_preload_arg(enum tell_cat_preload *ret, const char *text)
{
	if (text && strcmp(text, "only") != 0)
		return tell_cli_error(EX_USAGE, "cat",
			"\"%s\" is nothing that --preload takes; write --preload=only, or "
			"--preload alone",
			text);
	*ret = text ? TELL_CAT_PRELOAD_ONLY : TELL_CAT_PRELOAD_ALSO;
	return 0;
}

/* The variable is for developers, whose library is not installed yet. */
static const char *library(void)
{
	const char *other = getenv("TELLTALE_PRELOAD_LIBRARY");
	return other && *other ? other : TELL_PRELOAD_LIBRARY;
}

/* ld.so(8) ends a name in LD_PRELOAD at a blank or ':', and takes '$' for a variable. */
static int check_library(void)
{
	const char *path = library();
	if (access(path, R_OK) < 0)
		return tell_cli_error(EX_OSFILE, "cat", "--preload needs %s: %s", path,
			strerror(errno));
	if (*path != '/' || strpbrk(path, ": \t\n$"))
		return tell_cli_error(EX_OSFILE, "cat",
			"ld.so cannot load %s: the path is not absolute, or has a blank, a ':' "
			"or a '$'",
			path);
	return 0;
}

int tell_cat_preload_check(const char *command)
{
	char path[TELL_COMMAND_PATH_MAX];
	int r = check_library();
	if (r != 0 || !tell_command_find(command, path))
		return r; /* what is not there is said when it cannot be run */
	const char *why = NULL;
	switch (tell_command_kind(path)) {
	case TELL_COMMAND_DYNAMIC:
	case TELL_COMMAND_UNKNOWN:
		return 0;
	case TELL_COMMAND_STATIC:
		why = "it is linked statically, so no library is loaded into it";
		break;
	case TELL_COMMAND_FOREIGN:
		why = "it is for another machine, or has another C library's loader";
		break;
	case TELL_COMMAND_SECURE:
		why = "it runs with rights you do not have, so ld.so loads nothing into it";
		break;
	}
	return tell_cli_error(EX_UNAVAILABLE, "cat",
		"--preload cannot work with %s: %s. %s", path, why, INSTEAD);
}

/* ---- the environment ---- */

static bool is_named(const char *list, const char *path)
{
	for (const char *at = list; at && *at;) {
		size_t n = strcspn(at, ": ");
		if (n == strlen(path) && memcmp(at, path, n) == 0)
			return true;
		at += n + (at[n] != '\0');
	}
	return false;
}

/* Behind what is there: who came first may have to stay first. */
static int set_library(void)
{
	const char *path = library(), *before = getenv("LD_PRELOAD");
	TELL_CLEANUP(tell_freep) char *both = NULL;
	if (is_named(before, path))
		return 0; /* we were called by a command of `cat --preload` */
	if (before && *before && asprintf(&both, "%s:%s", before, path) < 0)
		return -ENOMEM;
	return setenv("LD_PRELOAD", both ? both : path, 1) < 0 ? -errno : 0;
}

static int set_words(enum tell_cat_preload how, const char *service)
{
	struct tell_buf words = { 0 };
	struct stat st;
	tell_buf_printf(&words, "service=%s", service);
	if (how == TELL_CAT_PRELOAD_ALSO && fstat(STDERR_FILENO, &st) == 0)
		tell_buf_printf(&words, ",stderr=%llu:%llu",
			(unsigned long long)st.st_dev, (unsigned long long)st.st_ino);
	int r = words.cut ? -ENOMEM : 0;
	if (r == 0 && setenv("TELLTALE_PRELOAD", tell_buf_cstr(&words), 1) < 0)
		r = -errno;
	tell_buf_done(&words);
	return r;
}

/* As src/preload/fields.h says. */
static int set_fields(const struct tell_field_args *a)
{
	struct tell_buf list = { 0 };
	for (size_t i = 0; i < a->n; i++) {
		const char *name = a->copies[i], *value = name + strlen(name) + 1;
		if (strchr(name, SEPARATOR) || strchr(value, SEPARATOR)) {
			tell_buf_done(&list);
			return -EINVAL;
		}
		if (i)
			tell_buf_putc(&list, SEPARATOR);
		tell_buf_puts(&list, name);
		tell_buf_putc(&list, '=');
		tell_buf_puts(&list, value);
	}
	int r = list.cut ? -ENOMEM : 0;
	if (r == 0 && a->n == 0)
		(void)unsetenv("TELLTALE_PRELOAD_FIELDS"); /* a good name: cannot fail */
	else if (r == 0 && setenv("TELLTALE_PRELOAD_FIELDS", tell_buf_cstr(&list), 1) < 0)
		r = -errno;
	tell_buf_done(&list);
	return r;
}

int tell_cat_preload_set(enum tell_cat_preload how, const char *service,
	const struct tell_field_args *fields)
{
	if (how == TELL_CAT_PRELOAD_NO)
		return 0;
	int r = set_library();
	if (r == 0)
		r = set_words(how, service);
	return r == 0 ? set_fields(fields) : r;
}
