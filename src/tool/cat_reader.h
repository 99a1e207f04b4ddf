#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/traceparent.h"
#include "tool/cat_preload.h"
#include "decode/field_arg.h"
#include "decode/input.h"

/* Lines from one or two descriptors become records.
 *
 * Limits:  a line is cut at the stack's record limit; the rest up to its end is dropped and
 *          the record is marked as cut. Lines that belong together become one record of at
 *          most TELL_CAT_JOIN_LINES lines and half the limit; more begin another one.
 * Waiting: a record that further lines may continue waits TELL_CAT_JOIN_MS for them after
 *          the last one, and at most TELL_CAT_HOLD_MS in all.
 * Threads: one. */
#define TELL_CAT_JOIN_LINES   512
#define TELL_CAT_JOIN_MS      200
#define TELL_CAT_HOLD_MS      2000
#define TELL_CAT_TRACE_FIELDS 3

struct tell_cat {
	const char *service;
	int level[2]; /* of lines from fd[0] and fd[1] that do not say theirs */
	int fd[2];    /* -1: none */
	uint32_t pid; /* whose lines they are; 0: our own */
	struct tell_field_args fields;
	struct tell_field
		trace[TELL_CAT_TRACE_FIELDS]; /* of the environment's TRACEPARENT */
	size_t n_trace;
	struct tell_traceparent traceparent;
	char trace_flags[3];
	enum tell_input_parse parse;
	bool prefix, join;
	enum tell_cat_preload preload; /* of the command */

	/* Beside the lines: called when wake_fd can be read. False: what is there, or comes
	 * within grace_ms of the last, is still read. wake_fd -1: none. */
	int wake_fd;
	bool (*wake)(struct tell_cat *c);
	void *wake_arg;
	unsigned grace_ms;
	bool stay; /* until then go on, even when both descriptors have ended */
};

/* Open the service's channel; to be called before reading. An exit code, failures said. */
int tell_cat_open(const struct tell_cat *c);

/* Read until all ends. An exit code; failures were said. The descriptors are closed. */
int tell_cat_read(struct tell_cat *c);
