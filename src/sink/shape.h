#pragma once
#include <telltale/module.h>
#include "encode/encode.h"

/* How a sink writes its records: the options that several sinks share.
 *
 * Threads: read only once made; tell_shape_layout() fills memory of the caller. */
#define TELL_SHAPE_FACILITIES                                                            \
	"kern user mail daemon auth syslog lpr news uucp cron authpriv ftp "             \
	"local0 local1 local2 local3 local4 local5 local6 local7"

#define TELL_SHAPE_MESSAGE                                                               \
	{                                                                                \
		"message", TELL_OPTION_CHOICE, NULL, "full bare all",                    \
			"full: the call's own fields behind the message, too; "          \
			"all: scopes' and enrich lines' as well",                        \
			false                                                            \
	}

#define TELL_SHAPE_FACILITY                                                              \
	{                                                                                \
		"facility", TELL_OPTION_CHOICE, NULL, TELL_SHAPE_FACILITIES,             \
			"of all records; else their own, or user (of root: daemon)",     \
			false                                                            \
	}

/* Every sink has it; the runner looks after it (src/stack/run.c). */
#define TELL_SHAPE_MIN                                                                   \
	{                                                                                \
		"min", TELL_OPTION_LEVEL, NULL, NULL,                                    \
			"only records as bad as this or worse; others pass the line by", \
			false                                                            \
	}

/* Of a sink whose records may wait on a disk; the runner looks after them (stack/outbox.h). */
#define TELL_SHAPE_SPOOL                                                                 \
	{ "spool", TELL_OPTION_SIZE, NULL, NULL,                                         \
		"records wait on the disk for a receiver, at most so many bytes",        \
		false },                                                                 \
		{ "spool_full", TELL_OPTION_CHOICE, "newest", "newest oldest",           \
			"which record goes when the spool is full", false },             \
		{ "spool_sync", TELL_OPTION_CHOICE, "none", "none batch always",         \
			"what survives the machine's death: nothing, what was flushed, " \
			"all",                                                           \
			false },                                                         \
	{                                                                                \
		"spool_path", TELL_OPTION_TEXT, NULL, NULL,                              \
			"the spool's directory; else the state directory", false         \
	}

struct tell_shape {
	tell_encoder *encode;
	struct tell_layout layout; /* who and work are the run's */
	int facility;		   /* -1: as the service's */
};

/* From message= and, where the sink has it, facility=. full: the default of message=. */
void tell_shape_init(struct tell_shape *s, const struct tell_args *args,
	tell_encoder *encode, bool full, bool has_facility);

/* The record into run->out, behind what is there. False: it did not fit or memory is out;
 * drop it. */
bool tell_shape_encode(const struct tell_shape *s, struct tell_run *run);
