#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <telltale/module.h>
#include "base/pool.h"
#include "stack/parse.h"

/* A line's arguments, checked against what its module understands; the accessors of
 * <telltale/module.h> read them.
 *
 * Shape:   a value an option, in the options' order, then what fell to "*".
 * Lives:   in the stack's pool, as long as the stack.
 * Threads: built by one, read by any number. */
struct tell_arg_value {
	bool given;
	const char *text; /* as written, or the default; NULL: neither */
	uint64_t number;  /* count, size, ns, level, mode, port, bool, choice */
	double ratio;
};

struct tell_args {
	const char *service;
	const struct tell_option *options;
	size_t n_options;
	struct tell_arg_value *values;
	struct tell_other_arg {
		const char *name, *value;
	} * others;
	size_t n_others;
};

/* Check a line's arguments. 0; -EINVAL, with every fault in the report; -ENOMEM. */
int tell_args_build(struct tell_args *ret, const struct tell_module *module,
	const struct tell_line *line, const char *service, struct tell_pool *pool,
	struct tell_report *report);

/* As if the line did not give it. */
void tell_args_forget(struct tell_args *args, const char *name);

/* Read text as an option's value. 0, or -EINVAL with ret_fix what to write. ret_column:
 * where in an expression, else 0. */
struct tell_option_fault {
	char what[200], fix[200];
	unsigned column;
};
int tell_option_read(const struct tell_option *option, const char *text,
	struct tell_arg_value *ret, struct tell_option_fault *fault);
