#include "support/timed.h"
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <telltale.h>
#include <unistd.h>
#include "api/init.h"
#include "base/buf.h"
#include "base/clock.h"
#include "stack/notes.h"
#include "stack/stack.h"
#include "stack/timed.h"

struct tell_record timed_record;

static struct tell_stack *stack;
static struct tell_notes notes;
static struct tell_buf out, work;
static const struct tell_identity who = { .service = "shop", .host = "h", .pid = 1 };

void timed_load(const char *line)
{
	struct tell_report report;
	struct tell_stack *before = stack;
	char text[500];
	if (!before)
		ck_assert_int_eq(tell__init_text("shop", "sink required capture\n"), 0);
	int n = snprintf(text, sizeof(text), "%s\n", line);
	ck_assert(n > 0 && (size_t)n < sizeof(text));
	tell_report_init(&report);
	ck_assert_int_eq(tell_stack_load_text(&stack, &who, "shop", text, (size_t)n,
				 TELL_STACK_NO_TERMINAL, &report),
		0);
	tell_report_done(&report);
	tell_stack_free(before);
}

enum tell_verdict timed_ask(void)
{
	struct tell_timed line;
	size_t pos = 0;
	ck_assert(tell_stack_next_timed(stack, &pos, &line));
	timed_record.limit = tell_stack_limit(stack);
	ck_assert_int_eq(
		tell_record_begin(&timed_record, TELL_INFO, TELL_KIND_METRIC), 0);
	struct tell_run run = { .record = &timed_record,
		.who = &who,
		.out = &out,
		.work = &work,
		.notes = &notes,
		.deadline_ns = tell_clock_monotonic_ns() + 5 * TELL_NS_PER_SEC };
	return tell_stack_ask_timed(stack, &line, &run);
}

size_t timed_notes(void)
{
	return notes.n;
}

void timed_child(void)
{
	tell_stack_child(stack, &who);
}

void timed_end(void)
{
	stack = tell_stack_free(stack);
	tell_record_done(&timed_record);
	tell_buf_done(&out);
	tell_buf_done(&work);
	tell_close();
}
