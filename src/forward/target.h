#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <telltale/module.h>
#include "forward/batch.h"
#include "record/record.h"

/* A receiver off this machine, as a `sink` line of `telltale forward` names it: what an entry
 * and a request look like there, how it is sent and what the answer means. When to send, to
 * halve, to wait and to give up is the same for all: forward/ship.h.
 *
 * Threads: one owner a state. */
enum tell_answer_kind {
	TELL_ANSWER_TAKEN,   /* all of it is stored, or acknowledged */
	TELL_ANSWER_PARTLY,  /* all but `refused` of them, for good */
	TELL_ANSWER_BAD,     /* nothing is stored, and it will not be as it is */
	TELL_ANSWER_LARGE,   /* nothing is stored; less at once may be */
	TELL_ANSWER_STREAMS, /* stored but for new streams: there are too many of those */
	TELL_ANSWER_LATER,   /* nothing is known to be stored; the same again, later */
	TELL_ANSWER_FORBIDDEN /* nothing is stored until somebody changes something */
};

#define TELL_ANSWER_WHY 400
struct tell_answer {
	enum tell_answer_kind kind;
	uint64_t refused; /* PARTLY: how many */
	uint64_t
		taken; /* LATER: so many from the first on are acknowledged all the same */
	uint64_t wait_ms;	   /* LATER: the peer's wish; 0: none */
	uint64_t bytes;		   /* that went over the wire, whatever became of them */
	char why[TELL_ANSWER_WHY]; /* a sentence for people; "" of TAKEN */
};

/* Options of every target's line; the forwarder reads them. */
#define TELL_FORWARD_OPTIONS(age)                                                        \
	{ "entries", TELL_OPTION_COUNT, "5000", NULL, "records a request, at most",      \
		false },                                                                 \
		{ "size", TELL_OPTION_SIZE, "1MiB", NULL, "bytes of them, at most",      \
			false },                                                         \
		{ "linger", TELL_OPTION_DURATION, "1s", NULL,                            \
			"how long the first of them may wait for others", false },       \
		{ "max_age", TELL_OPTION_DURATION, age, NULL,                            \
			"older records are left out, and counted; 0: none", false },     \
		{ "name", TELL_OPTION_TEXT, NULL, NULL,                                  \
			"of the file that keeps how far it is", false },                 \
	{                                                                                \
		"min", TELL_OPTION_LEVEL, "debug", NULL, "less bad records pass by",     \
			false                                                            \
	}

enum tell_streams_next {
	TELL_STREAMS_ASK,    /* it is not known which streams are there: fewer at once */
	TELL_STREAMS_LESSER, /* again: those that are not have few labels now */
	TELL_STREAMS_SETTLED /* again without those that are not there: they never will be */
};

struct tell_entry;
/* One record and what is known beside it. */
struct tell_parcel {
	const struct tell_record *record;
	const struct tell_identity *who; /* of the record: its service and host */
	uint64_t time_ns;		 /* no two of one stream have the same */
	const struct tell_entry *entry;	 /* where it was read; NULL: nowhere */
};

struct tell_target {
	const struct tell_module *module; /* its line */
	/* As a module's. */
	int (*open)(void **ret, const struct tell_args *args, struct tell_refusal *why);
	void (*close)(void *state);
	/* Append the record to b as one entry. 0; 1: the same, but what it says of whose it is
	 * cannot be, and it goes where those go that say nothing; -ENOSPC: send first, then again;
	 * -EMSGSIZE: it cannot be sent at all; or -ENOMEM. */
	int (*put)(void *state, struct tell_batch *b, const struct tell_parcel *p);
	/* Append the request for the entries from..to. */
	void (*body)(void *state, const struct tell_batch *b, size_t from, size_t to,
		struct tell_buf *out);
	/* Send it, to the answer or a time-out. n: how many entries are in it. */
	void (*send)(void *state, const struct tell_buf *body, size_t n,
		struct tell_answer *ret);
	/* After TELL_ANSWER_STREAMS of the entries from..to, which are one group's: what next? Of
	 * those that are lessened *ret_n is how many. NULL: never has that answer. */
	enum tell_streams_next (*streams)(
		void *state, struct tell_batch *b, size_t from, size_t to, size_t *ret_n);
	/* With TELL_STREAMS_SETTLED: is the entry's stream one that the receiver has? */
	bool (*has_stream)(void *state, const struct tell_batch *b, size_t i);
	/* Call alive each second, and at each sign of life, while send() waits; NULL: it never
	 * waits. */
	void (*watch)(void *state, void (*alive)(void *arg), void *arg);
	/* One entry for a file of such as were refused, as a JSON value. NULL: it is one. */
	void (*aside)(const struct tell_batch *b, size_t i, struct tell_buf *out);
};

/* By the module that a stack's line has. NULL: it is none of ours. */
const struct tell_target *tell_target_of(const struct tell_module *module);

/* What the modules of all targets do with a record that a stack hands them: nothing. The
 * forwarder takes it from there. */
enum tell_verdict tell_target_run(void *state, struct tell_run *run);

/* No service ships anything itself: refuses a line of any other stack than the forwarder's. */
#define TELL_FORWARD_SERVICE "telltale-forward"
int tell_target_allowed(const struct tell_args *args, struct tell_refusal *why);

/* The sentence of an answer. */
void tell_answer_set(struct tell_answer *a, enum tell_answer_kind kind, const char *fmt,
	...) __attribute__((format(printf, 3, 4)));
