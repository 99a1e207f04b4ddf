#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <telltale/module.h>

/* What modules want said while a record passes: collected here, made into records of logger
 * `telltale` by who called tell_stack_run(), never nested.
 *
 *	struct tell_notes notes = {0};		  (kept with the thread's scratch)
 *	run.notes = &notes;
 *	tell_stack_run(stack, &run);
 *	for (size_t i = 0; i < notes.n; i++)
 *		emit(notes.list[i].level, notes.list[i].text);
 *	notes.n = 0;
 *
 * Limit:   TELL_NOTES_MAX notes a run, texts of TELL_NOTE_BYTES; what does not fit is
 *          counted as suppressed. One note a minute and cause of a stack line.
 * Threads: tell_notes: one owner. The table of causes: any number at a time, no lock. */
#define TELL_NOTES_MAX	4
#define TELL_NOTE_BYTES 512

struct tell_note {
	int level;
	const char *cause;   /* a literal of the module */
	const char *type;    /* "sink"; lives as long as the stack */
	const char *module;  /* "file" */
	uint64_t suppressed; /* equal ones kept back since the one before */
	struct tell_sum sum; /* name NULL: a plain note. Its text is the note's */
	size_t len;
	char text[TELL_NOTE_BYTES];
};

/* When each cause was last said: one table a stack. */
#define TELL_CAUSES_MAX 64
struct tell_cause {
	uint64_t key;	  /* hash of line and cause; 0: free */
	uint64_t next_ns; /* CLOCK_MONOTONIC: not before */
	uint64_t suppressed;
};
struct tell_causes {
	struct tell_cause list[TELL_CAUSES_MAX];
	uint64_t suppressed; /* all together */
};

/* A line of a stack, as its notes name it. */
struct tell_speaker {
	struct tell_causes *causes;
	const char *type, *module; /* "" where there is none */
	uint32_t line;		   /* its number among all lines of the stack */
};

struct tell_notes {
	uint64_t
		deadline_ns; /* of the run that left them: what is said of it waits no longer */
	const struct tell_speaker *speaker; /* the runner's: who is asked now; or NULL */
	size_t n;
	struct tell_note list[TELL_NOTES_MAX];
};

/* How long a cause stays silent once said. */
#define TELL_NOTE_GAP_NS (UINT64_C(60) * 1000000000)

/* May this cause speak at now_ns? True: say it, *ret_suppressed ones were kept back since
 * the last time. False: counted. A full table shares its entries. */
bool tell_causes_take(struct tell_causes *c, uint32_t line, const char *cause,
	uint64_t now_ns, uint64_t *ret_suppressed);
