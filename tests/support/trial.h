#pragma once
#include <string.h>
#include "support/check_main.h"
#include "support/rig.h"

/* Filter and enrich modules tried as a stack's lines, a record in two steps, so that a test
 * can look at it before and after:
 *
 *	struct tell_rig t;
 *	trial_open(&t, "filter required level min=info");
 *	trial_begin(&t, TELL_DEBUG);
 *	ck_assert_int_eq(trial_run(&t), TELL_IGNORE);	// dropped
 *	tell_rig_close(&t);
 */
#define TRIAL_SINK "\nsink required permit"

static inline void trial_open(struct tell_rig *t, const char *lines)
{
	tell_rig_open(t, "%s" TRIAL_SINK, lines);
}

/* Lines that must be refused with both of these in what is said. */
static inline void trial_refused(const char *lines, const char *what, const char *fix)
{
	const char *said = tell_rig_refusal("%s" TRIAL_SINK, lines);
	if (!*said || !strstr(said, what) || !strstr(said, fix))
		ck_abort_msg("%s: %s", lines, *said ? said : "taken");
}

/* A new record of this level with a message. */
static inline void trial_begin(struct tell_rig *t, int level)
{
	ck_assert_int_eq(tell_record_begin(&t->record, level, TELL_KIND_LOG), 0);
	tell_record_message(&t->record, "tried", 5);
}

static inline void trial_add(struct tell_rig *t, struct tell_field field)
{
	tell_record_add(&t->record, &field, 1, 0, NULL);
}

/* TELL_SUCCESS, or TELL_IGNORE when a filter dropped the record. */
static inline enum tell_verdict trial_run(struct tell_rig *t)
{
	t->notes.n = 0;
	return tell_stack_run(t->stack, &t->run);
}

/* Begin, add one field, run: was it kept? */
static inline bool trial_keeps(struct tell_rig *t, int level, struct tell_field field)
{
	trial_begin(t, level);
	trial_add(t, field);
	return trial_run(t) == TELL_SUCCESS;
}

/* The record's field, which must be text, as a string in the caller's room. */
static inline const char *trial_text(struct tell_rig *t, const char *name, char room[256])
{
	struct tell_value v;
	if (!tell_record_get(&t->record, name, strlen(name), &v))
		return "(missing)";
	ck_assert_int_eq(v.type, TELL_TYPE_STR);
	ck_assert_uint_lt(v.len, 256);
	memcpy(room, v.data, v.len);
	room[v.len] = '\0';
	return room;
}
