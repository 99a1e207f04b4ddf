#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "stack/parse.h"
#include "stack/stack.h"

/* Any bytes as a stack file that may include itself: parsed, checked (no module is opened),
 * linted, its chains decided. Nothing may be read out of bounds, hang or be left behind; a
 * refused file has a reason; a first start has a stack. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const char *text;
	size_t size;
	int includes; /* so many more are answered: 256 each time would be slow */
	struct tell_report *report;
};

static int find_self(
	void *arg, const char *name, const struct tell_spot *at, struct tell_text *ret)
{
	struct input *in = arg;
	if (in->includes-- <= 0) {
		tell_report_error(in->report, at, NULL, "cannot find '%s'", name);
		return -ENOENT;
	}
	*ret = (struct tell_text){ "self", in->text, in->size };
	return 0;
}

static enum tell_verdict answer(void *arg, size_t i)
{
	const struct tell_line *lines = arg;
	return (enum tell_verdict)((i * 7 + lines[i].n_args) % (TELL_N_VERDICTS + 1));
}

static void decide(const struct tell_lines *lines)
{
	struct tell_rule *rules = calloc(lines->n + 1, sizeof(*rules));
	if (!rules)
		return;
	for (size_t i = 0; i < lines->n; i++)
		rules[i] = lines->list[i].rule;
	int v = tell_verdict_of(rules, lines->n, answer, lines->list);
	if (v < 0 || v >= TELL_N_VERDICTS)
		abort();
	free(rules);
}

static void parse_with_includes(struct input *in)
{
	struct tell_pool pool = { 0 };
	struct tell_report report = { 0 };
	struct tell_parse p = {
		.pool = &pool, .report = &report, .find = find_self, .arg = in
	};
	struct tell_text file = { "self", in->text, in->size };
	in->includes = 4;
	in->report = &report;
	if (tell_parse_text(&p, &file) < 0 && report.n_errors == 0)
		abort();
	for (size_t t = 0; t < TELL_N_CHAINS; t++)
		decide(&p.lines[t]);
	tell_parse_done(&p);
	tell_report_done(&report);
	tell_pool_done(&pool);
}

static void load(const struct input *in, unsigned flags)
{
	const struct tell_identity who = { .service = "fuzz", .host = "box" };
	struct tell_stack *stack = NULL;
	struct tell_report report = { 0 };
	int r = tell_stack_load_text(&stack, &who, "self", in->text, in->size,
		flags | TELL_STACK_DRY | TELL_STACK_NO_TERMINAL, &report);
	if (r == 0)
		tell_stack_lint(stack, &report);
	else if (r != -ENOMEM && (flags || report.n_errors == 0))
		abort();
	tell_stack_free(stack);
	tell_report_done(&report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Exactly so many bytes and a NUL, so that a sanitizer sees one too many. */
	char *text = malloc(size + 1);
	if (!text)
		return 0;
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	(void)setenv("TELLTALE_CONFDIR", "/nonexistent", 1);
	struct input in = { .text = text, .size = size };
	parse_with_includes(&in);
	load(&in, 0);
	load(&in, TELL_STACK_FIRST);
	free(text);
	return 0;
}
