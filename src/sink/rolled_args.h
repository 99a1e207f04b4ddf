#pragma once
#include <telltale/module.h>
#include "sink/rolled.h"

/* What a stack line says about a file that is rotated: the options that sink/rolled.h needs.
 *
 * Threads: pure but for the file system. */

/* Fill all but path from the line; texts are the line's. 0, or a negative errno with *why. */
int tell_rolled_args(
	struct tell_rolled *f, const struct tell_args *args, struct tell_refusal *why);

/* What of it would not do anything, or not as this user: 0 or 1, as a module's check says. */
int tell_rolled_look(const struct tell_rolled *f, const struct tell_args *args,
	struct tell_refusal *why);
