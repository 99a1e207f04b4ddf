#pragma once
#include <check.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "record/record.h"
#include "stack/stack.h"
#include "stack/timed.h"

/* A health line, asked as the helper thread does. */

static struct tell_record said;
static const struct tell_identity who __attribute__((unused)) = { "flow", "host", 1, 1 };
static inline void done_asking(void)
{
	tell_record_done(&said);
}

/* The verdict of `health required LINE` of a service, which may take this long; `said` is what it
 * said. */
static inline enum tell_verdict ask_as(
	const char *service, const char *line, uint64_t timeout_ms)
{
	const struct tell_identity as = { service, "host", 1, 1 };
	struct tell_stack *s = NULL;
	struct tell_timed first;
	char text[512];
	size_t pos = 0;
	(void)snprintf(text, sizeof(text), "health required %s\n", line);
	ck_assert_int_eq(
		tell_stack_load_text(&s, &as, "(test)", text, strlen(text), 0, NULL), 0);
	ck_assert(tell_stack_next_timed(s, &pos, &first));
	ck_assert_int_eq(tell_record_begin(&said, TELL_INFO, TELL_KIND_HEALTH), 0);
	struct tell_run run = { .record = &said,
		.who = &as,
		.deadline_ns = tell_clock_monotonic_ns() + timeout_ms * TELL_NS_PER_MS };
	enum tell_verdict v = tell_stack_ask_timed(s, &first, &run);
	tell_stack_free(s);
	return v;
}

static inline enum tell_verdict ask_line(const char *line, uint64_t timeout_ms)
{
	return ask_as("flow", line, timeout_ms);
}

/* A text field of what was said; "" when it is not there. */
static inline const char *field(const char *name)
{
	static char text[512];
	struct tell_value v;
	text[0] = '\0';
	if (tell_record_get(&said, name, strlen(name), &v) && v.type == TELL_TYPE_STR)
		(void)snprintf(
			text, sizeof(text), "%.*s", (int)v.len, (const char *)v.data);
	return text;
}

static inline double number(const char *name)
{
	struct tell_value v;
	ck_assert(tell_record_get(&said, name, strlen(name), &v));
	return v.type == TELL_TYPE_F64 ? tell_value_f64(&v) : (double)tell_value_u64(&v);
}
