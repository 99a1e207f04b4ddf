#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <telltale/module.h>

/* Lines that are asked at a time, not for a record: those of type `metric` and `health`.
 *
 *	struct tell_timed line;
 *	for (size_t pos = 0; tell_stack_next_timed(stack, &pos, &line);)
 *		...
 *	tell_stack_hold(stack);
 *	enum tell_verdict v = tell_stack_ask_timed(stack, &line, &run);
 *
 * Limits:  the options all have: TELL_OPTION_EACH and TELL_OPTION_CHECK in module.h. A line
 *          that cannot load answers with its verdict.
 * Threads: reading: any. A line is asked by one thread at a time, who holds the stack. */
struct tell_stack;

#define TELL_TIMED_NAME	  31 /* characters of a line's name */
#define TELL_EVERY_MIN_NS (UINT64_C(100) * 1000000)

struct tell_timed {
	bool health; /* else metric */
	bool live;
	size_t at;			  /* place in its chain */
	const struct tell_module *module; /* NULL: the line is wrong, or not opened */
	const void *state;		  /* the module's, as long as the stack is held */
	uint64_t every_ns, timeout_ns;
	char name[TELL_TIMED_NAME + 1]; /* name=, else the module's; "tcp#2" */
};

/* Walk them, health first: *pos starts at 0. False at the end. Metric lines without every=
 * are never asked. */
bool tell_stack_next_timed(
	const struct tell_stack *s, size_t *pos, struct tell_timed *ret);

/* Is there any? */
bool tell_stack_is_asked(const struct tell_stack *s);

/* Ask one, with run->deadline_ns set. What it put into run->record is redacted. */
enum tell_verdict tell_stack_ask_timed(
	struct tell_stack *s, const struct tell_timed *line, struct tell_run *run);

/* What the health chain makes of its lines' answers: answer(arg, i) is that of the line at
 * place i. Without lines TELL_IGNORE. */
typedef enum tell_verdict tell_answer_fn(void *arg, size_t i);
enum tell_verdict tell_stack_health(
	const struct tell_stack *s, tell_answer_fn *answer, void *arg);
