#pragma once
#include <stddef.h>
#include <stdint.h>
#include "tool/cat_preload.h"
#include "tool/field_arg.h"
#include "tool/input.h"

/* Lines from one or two descriptors become records.
 *
 * Limit:   a line is cut at the stack's record limit; the rest up to its end is dropped and
 *          the record is marked as cut.
 * Threads: one. */
struct tell_cat {
	const char *service;
	int level[2]; /* of lines from fd[0] and fd[1] that do not say theirs */
	int fd[2];    /* -1: none */
	uint32_t pid; /* whose lines they are; 0: our own */
	struct tell_field_args fields;
	enum tell_input_parse parse;
	bool prefix;
	enum tell_cat_preload preload; /* of the command */
};

/* Read until all ends, as the service. An exit code; failures were said. */
int tell_cat_read(const struct tell_cat *c);
