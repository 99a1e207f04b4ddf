#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"

/* A systemd service as its files on disk say it: the unit file and its drop-ins, found and
 * ordered as the service manager does.
 *
 * Shape:   the settings below, of section [Service], the last one winning; ExecStart= all
 *          that are in force. What is not set is NULL.
 * Limits:  a file 1 MiB, TELL_UNIT_FILES_MAX drop-ins, TELL_UNIT_EXEC_MAX commands.
 * Threads: one.
 * Source:  systemd.unit(5), UNIT FILE LOAD PATH and the paragraphs on drop-ins;
 *          systemd.syntax(7). Specifiers in the values stay as they are. */
#define TELL_UNIT_FILES_MAX 128
#define TELL_UNIT_EXEC_MAX  128

struct tell_unit {
	char name[256]; /* the unit's own, when it was found by an alias: shop.service */
	char *path;	/* of the unit file, below the root */
	char *exec[TELL_UNIT_EXEC_MAX];
	size_t n_exec;
	/* A drop-in that comes behind `before` and sets ExecStart= itself; NULL: none. */
	char *later;
	char *type, *pid_file, *standard_input, *standard_output, *root_directory,
		*root_image, *address_families;
};

/* Read unit `name` (shop or shop.service, shop@.service, shop@1.service) below the open
 * directory root. A drop-in called `before` is left out, wherever it is. 0, or -EINVAL: no
 * service's name; -ENOENT; -ERFKILL: it is masked; -E2BIG: over a limit; -ENOMEM; or what
 * open and read say. The struct is to be given to tell_unit_done() in any case. */
int tell_unit_read(struct tell_unit *u, int root, const char *name, const char *before);
void tell_unit_done(struct tell_unit *u);

/* Where the administrator's drop-ins are, and those of others in order of precedence. */
#define TELL_UNIT_ADMIN_DIR "/etc/systemd/system"

/* ---- unit_syntax.c ---- */

/* Called for each assignment; the value is trimmed, continued lines are one. 0 goes on, any
 * other value ends the walk and is its result. */
typedef int tell_unit_line_fn(
	void *arg, const char *key, size_t key_len, const char *value, size_t len);

/* Walk the assignments of one section. 0, -ENOMEM or what fn said. */
int tell_unit_walk(const char *text, size_t len, const char *section,
	tell_unit_line_fn *fn, void *arg);
