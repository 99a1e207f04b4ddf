#pragma once
#include <string.h>
#include "support/trial.h"

/* What the tests of `enrich parse` share: a message on its way through the line. */
#define LINE "enrich required parse"

static inline const char *text_of(struct tell_rig *t, char room[256])
{
	size_t n;
	const char *s = tell_record_text(&t->record, &n);
	ck_assert_uint_lt(n, 256);
	memcpy(room, s, n);
	room[n] = '\0';
	return room;
}

/* A record of level info with this message and, if given, one field. */
static inline enum tell_verdict parse(
	struct tell_rig *t, const char *message, const struct tell_field *field)
{
	ck_assert_int_eq(tell_record_begin(&t->record, TELL_INFO, TELL_KIND_LOG), 0);
	tell_record_message(&t->record, message, strlen(message));
	if (field)
		trial_add(t, *field);
	return trial_run(t);
}

static inline uint64_t not_enriched(const struct tell_rig *t)
{
	struct tell_stack_stats stats;
	tell_stack_stats(t->stack, &stats);
	return stats.enrich_failed;
}

static inline size_t n_fields(const struct tell_rig *t)
{
	struct tell_value v;
	size_t n = 0;
	for (uint32_t pos = 0; tell_record_next(&t->record, &pos, &v);)
		n += tell_key_is_field(v.key);
	return n;
}

static inline struct tell_value value_of(struct tell_rig *t, const char *name)
{
	struct tell_value v = { 0 };
	ck_assert_msg(tell_record_get(&t->record, name, strlen(name), &v), "%s", name);
	return v;
}

static inline int64_t number_of(struct tell_rig *t, const char *name)
{
	struct tell_value v = value_of(t, name);
	ck_assert_int_eq(v.type, TELL_TYPE_I64);
	return tell_value_i64(&v);
}
