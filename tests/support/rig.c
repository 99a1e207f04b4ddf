#include "support/rig.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "support/unit.h"

/* Every type the text may leave out; the built-in default's modules are not under test. */
static const char *const others[] = { "enrich", "filter", "redact" };

static void make_text(struct tell_buf *text, const char *fmt, va_list ap)
{
	char lines[4096];

	tell_unit_expect(vsnprintf(lines, sizeof(lines), fmt, ap) < (int)sizeof(lines),
		"a stack too long for the rig");
	tell_buf_init(text, 0);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		char begin[16], within[17];
		(void)snprintf(begin, sizeof(begin), "%s ", others[i]);
		(void)snprintf(within, sizeof(within), "\n%s", begin);
		if (strncmp(lines, begin, strlen(begin)) != 0 && !strstr(lines, within))
			tell_buf_printf(text, "%s required permit\n", others[i]);
	}
	tell_buf_puts(text, lines);
	tell_buf_putc(text, '\n');
}

static const struct tell_identity identity = {
	.service = "rig", .host = "box", .pid = 42, .facility = 1
};

/* Load strictly: 0 or what is wrong in complaint; a check says warnings, too. */
static int load(struct tell_stack **ret, unsigned flags, const char *fmt, va_list ap,
	char *complaint, size_t size)
{
	struct tell_report report = { 0 };
	struct tell_buf text, line;

	(void)setenv("TELLTALE_CONFDIR", "/nonexistent", 1);
	make_text(&text, fmt, ap);
	int r = tell_stack_load_text(
		ret, &identity, "rig", text.data, text.len, flags, &report);
	tell_buf_init(&line, 0);
	for (size_t i = 0; i < report.n; i++)
		if (!report.faults[i].warning || flags & TELL_STACK_NO_SINKS)
			tell_fault_line(&line, &report.faults[i]);
	(void)snprintf(complaint, size, "%s", tell_buf_cstr(&line));
	tell_buf_done(&line);
	tell_buf_done(&text);
	tell_report_done(&report);
	return r;
}

static void begin(struct tell_rig *rig)
{
	rig->who = identity;
	rig->record.limit = TELL_RECORD_LIMIT_MAX;
	tell_buf_init(&rig->out, 0);
	tell_buf_init(&rig->work, 0);
	rig->run = (struct tell_run){ .record = &rig->record,
		.who = &rig->who,
		.out = &rig->out,
		.work = &rig->work,
		.notes = &rig->notes };
}

void tell_rig_open(struct tell_rig *rig, const char *fmt, ...)
{
	char complaint[1000];
	va_list ap;

	*rig = (struct tell_rig){ 0 };
	va_start(ap, fmt);
	int r = load(&rig->stack, 0, fmt, ap, complaint, sizeof(complaint));
	va_end(ap);
	tell_unit_expect(r == 0, "%s (%d)", complaint, r);
	begin(rig);
}

const char *tell_rig_refusal(const char *fmt, ...)
{
	static char complaint[1000];
	struct tell_stack *stack = NULL;
	va_list ap;

	va_start(ap, fmt);
	int r = load(&stack, 0, fmt, ap, complaint, sizeof(complaint));
	va_end(ap);
	if (r == 0)
		tell_stack_free(stack);
	return r == 0 ? "" : complaint;
}

const char *tell_rig_check(const char *fmt, ...)
{
	static char said[1000];
	struct tell_stack *stack = NULL;
	va_list ap;

	va_start(ap, fmt);
	(void)load(&stack, TELL_STACK_NO_SINKS, fmt, ap, said, sizeof(said));
	va_end(ap);
	tell_stack_free(stack);
	return said;
}

struct tell_stack *tell_rig_stack(const char *text)
{
	static const struct tell_identity who = { "flow", "host", 1, 1 };
	struct tell_stack *s = NULL;
	int r = tell_stack_load_text(
		&s, &who, "(test)", text, strlen(text), TELL_STACK_FIRST, NULL);
	tell_unit_expect(r == 0, "%s: %s", text, strerror(-r));
	return s;
}

void tell_rig_share(struct tell_rig *rig, const struct tell_rig *other)
{
	*rig = (struct tell_rig){ .stack = other->stack, .borrowed = true };
	begin(rig);
}

void tell_rig_close(struct tell_rig *rig)
{
	if (!rig->borrowed)
		tell_stack_free(rig->stack);
	tell_record_done(&rig->record);
	tell_buf_done(&rig->out);
	tell_buf_done(&rig->work);
}

enum tell_verdict tell_rig_put(struct tell_rig *rig, int level, const char *message,
	const struct tell_field *fields, size_t n)
{
	rig->notes.n = 0;
	tell_unit_expect(
		tell_record_begin(&rig->record, level, TELL_KIND_LOG) == 0, "memory");
	rig->record.head->realtime_ns = TELL_RIG_TIME_NS + rig->later_ns;
	rig->record.head->run = 42;
	rig->record.head->seq = ++rig->seq;
	rig->record.head->pid = 42;
	tell_record_message(&rig->record, message, strlen(message));
	tell_record_add(&rig->record, fields, n, 0, NULL);
	return tell_stack_run(rig->stack, &rig->run);
}

int tell_rig_flush(struct tell_rig *rig, unsigned ms)
{
	rig->notes.n = 0;
	rig->run.deadline_ns = tell_clock_monotonic_ns() + ms * TELL_NS_PER_MS;
	rig->run.budget_ms = ms;
	return tell_stack_flush(rig->stack, &rig->run);
}

bool tell_rig_noted(const struct tell_rig *rig, const char *cause)
{
	for (size_t i = 0; i < rig->notes.n; i++)
		if (strcmp(rig->notes.list[i].cause, cause) == 0)
			return true;
	return false;
}
