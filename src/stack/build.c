#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <telltale/log.h>
#include "base/nearest.h"
#include "stack/chain.h"
#include "stack/foreign.h"
#include "stack/sinks.h"

const struct tell_module *tell_module_at(size_t i)
{
	size_t n = 0;
	while (tell_modules[n])
		n++;
	if (i < n)
		return tell_modules[i];
	return tell_modules_forward ? tell_modules_forward[i - n] : NULL;
}

const struct tell_module *tell_module_of(enum tell_chain_type type, const char *name)
{
	const char *word = tell_chain_word(type);
	const struct tell_module *m;
	for (size_t i = 0; (m = tell_module_at(i)); i++) {
		bool fits = strcmp(m->type, word) == 0 || strcmp(m->type, "*") == 0;
		if (fits && strcmp(m->name, name) == 0)
			return m;
	}
	return NULL;
}

static void report_no_module(enum tell_chain_type type, const struct tell_line *line,
	struct tell_report *report)
{
	const char *word = tell_chain_word(type);
	struct tell_nearest best = { 0 };
	bool any = false;
	const struct tell_module *m;
	for (size_t i = 0; (m = tell_module_at(i)); i++) {
		bool own = strcmp(m->type, word) == 0;
		any |= own;
		if (own || strcmp(m->type, "*") == 0)
			tell_nearest_offer(&best, line->module, m->name);
	}
	char fix[128];
	if (best.word)
		(void)snprintf(fix, sizeof(fix), "did you mean '%s'?", best.word);
	else
		(void)snprintf(fix, sizeof(fix), "%s",
			any ? "`telltale check` lists the modules"
			    : "remove the line, or update telltale");
	tell_report_error(report, &line->module_at, fix,
		"telltale " TELL_VERSION " has no module '%s' of type %s", line->module,
		word);
}

/* The argument a refusal is about; NULL: it is not written there. */
static const struct tell_arg *arg_of(
	const struct tell_line *line, const struct tell_refusal *why)
{
	for (size_t i = 0; why->arg && i < line->n_args; i++) {
		size_t n = strlen(why->arg);
		const char *text = line->args[i].text;
		if (strncmp(text, why->arg, n) == 0 && (text[n] == '=' || !text[n]))
			return &line->args[i];
	}
	return NULL;
}

static struct tell_spot spot_of(
	const struct tell_line *line, const struct tell_refusal *why)
{
	const struct tell_arg *arg = arg_of(line, why);
	return arg ? arg->at : line->module_at;
}

static void report_refusal(const struct tell_line *line, const struct tell_module *module,
	const struct tell_refusal *why, int error, struct tell_report *report)
{
	struct tell_spot at = spot_of(line, why);
	if (*why->what)
		tell_report_error(report, &at, why->fix, "%s", why->what);
	else
		tell_report_error(report, &at, NULL, "module '%s' cannot start: %s",
			module->name, strerror(-error));
}

/* $TELLTALE_FORMAT is for who watches a program's own output; files and peers keep theirs. */
static void take_environment(enum tell_chain_type type, const struct tell_module *module,
	struct tell_args *args, struct tell_stack *stack, struct tell_report *report)
{
	static const struct tell_spot at = { .file = "$TELLTALE_FORMAT" };
	const char *format = secure_getenv("TELLTALE_FORMAT");
	if (!format || !*format || type != TELL_CHAIN_SINK ||
		strncmp(module->name, "std", 3) != 0)
		return;
	for (size_t i = 0; i < args->n_options; i++) {
		struct tell_arg_value value = { .given = true };
		struct tell_option_fault fault;
		if (strcmp(args->options[i].name, "format") != 0)
			continue;
		if (tell_option_read(&args->options[i], format, &value, &fault) == 0) {
			args->values[i] = value;
		} else if (!stack->format_said) {
			stack->format_said = true;
			tell_report_warning(report, &at, fault.fix,
				"\"%.64s\" is no format: what the stack says holds",
				format);
		}
	}
}

/* Is it a line whose place is left to the module, with one behind it to take over? Such a
 * chain is written for hosts that lack the first: nothing to warn about. */
static bool is_relieved(const struct tell_link *link, const struct tell_refusal *why)
{
	return !link->last && !arg_of(&link->line, why) &&
		strcasecmp(link->line.control, "sufficient") == 0;
}

/* What would it meet, beyond what its opening tells: a sink's is closed, in `check`. 0, or a
 * negative errno and the line is wrong. */
static int look_at(const struct tell_link *link, const struct tell_module *module,
	struct tell_report *report)
{
	/* The built-in lines are a chain for every host; nobody can mend them. */
	if (!module->check || strcmp(link->line.at.file, TELL_DEFAULT_NAME) == 0)
		return 0;
	struct tell_refusal why = { { 0 }, { 0 }, NULL };
	int r = module->check(link->args, &why);
	if (r == 0)
		r = tell_outbox_look_at(link->args, &why);
	if (r < 0)
		report_refusal(&link->line, module, &why, r, report);
	if (r <= 0 || is_relieved(link, &why))
		return r < 0 ? r : 0;
	struct tell_spot at = spot_of(&link->line, &why);
	tell_report_warning(
		report, &at, why.fix, "%s%s", r == 1 ? "on this host, " : "", why.what);
	return 0;
}

static int open_module(struct tell_link *link, const struct tell_module *module,
	struct tell_report *report)
{
	struct tell_refusal why = { { 0 }, { 0 }, NULL };
	int r = module->open ? module->open(&link->state, link->args, &why) : 0;
	if (r < 0)
		report_refusal(&link->line, module, &why, r, report);
	return r;
}

static int open_outbox(struct tell_link *link, struct tell_args *args,
	const struct tell_module *module, unsigned flags, struct tell_report *report)
{
	struct tell_refusal why = { { 0 }, { 0 }, NULL };
	char name[32];
	int r = tell_outbox_check(link->args, &why);
	if (r < 0)
		report_refusal(&link->line, module, &why, r, report);
	if (flags & TELL_STACK_NO_SPOOL)
		tell_args_forget(args, "spool");
	if (r < 0 || !tell_args_given(link->args, "spool") ||
		flags & (TELL_STACK_DRY | TELL_STACK_NO_SINKS))
		return r;
	tell_sinks_name(name, sizeof(name), link);
	link->outbox = tell_outbox_get(link->args, name, &link->outbox_turn);
	return link->outbox ? 0 : -ENOMEM;
}

/* Check the arguments and open the module: 0, or a negative errno and the line is wrong. */
static int open_link(struct tell_link *link, const struct tell_module *module,
	enum tell_chain_type type, struct tell_stack *stack, unsigned flags,
	struct tell_report *report)
{
	struct tell_args *args = tell_pool_get(&stack->pool, sizeof(*args));
	if (!args)
		return -ENOMEM;
	int r = tell_args_build(
		args, module, &link->line, stack->who.service, &stack->pool, report);
	if (r < 0)
		return r;
	take_environment(type, module, args, stack, report);
	link->args = args;
	link->module = module;
	link->max_level = TELL_DEBUG;
	if (type == TELL_CHAIN_SINK && tell_args_given(args, "min"))
		link->max_level = (uint8_t)tell_args_u64(args, "min");
	r = type == TELL_CHAIN_SINK ? open_outbox(link, args, module, flags, report) : 0;
	if (r < 0) {
		link->module = NULL;
		return r;
	}
	/* Where spools are emptied a sink of that name would only fill another. */
	bool passed = type == TELL_CHAIN_SINK && flags & TELL_STACK_NO_SPOOL &&
		strcmp(module->name, "spool") == 0;
	bool closed = flags & TELL_STACK_DRY || passed ||
		(flags & TELL_STACK_NO_SINKS && type == TELL_CHAIN_SINK);
	if (!closed)
		r = open_module(link, module, report);
	else if (!(flags & TELL_STACK_DRY))
		r = look_at(link, module, report);
	if (r == 0 && !closed && flags & TELL_STACK_NO_SINKS)
		r = look_at(link, module, report);
	if (r < 0) {
		link->module = NULL;
		return r;
	}
	/* Nothing was opened that could run: shown by explain, counted as success. */
	link->shut = closed;
	link->answer = passed ? TELL_UNAVAILABLE : TELL_SUCCESS;
	link->run = closed ? NULL : module->run;
	return 0;
}

static int build_link(struct tell_link *link, enum tell_chain_type type,
	struct tell_stack *stack, unsigned flags, struct tell_report *report)
{
	if (link->line.rule.kind == TELL_RULE_FRAME)
		return 0;
	link->answer = TELL_MUST_FAIL;
	if (link->line.rule.kind == TELL_RULE_MUST_FAIL)
		return -EINVAL;
	bool wrong = false;
	const struct tell_module *module = tell_module_of(type, link->line.module);
	if (!module)
		module = tell_foreign_module(
			tell_chain_word(type), &link->line, report, &wrong);
	if (!module || module->abi != TELL_MODULE_ABI) {
		link->answer = TELL_UNKNOWN;
		link->pardoned = link->line.silent && !wrong;
		if (!link->pardoned && !wrong)
			report_no_module(type, &link->line, report);
		return link->pardoned ? 0 : -EINVAL;
	}
	link->answer = TELL_ABORT;
	int r = open_link(link, module, type, stack, flags, report);
	if (r < 0)
		return r;
	return link->line.wrong ? -EINVAL : 0;
}

int tell_chain_build(struct tell_chain *chain, enum tell_chain_type type,
	const struct tell_lines *lines, struct tell_stack *stack, unsigned flags,
	uint32_t *next_id, struct tell_report *report)
{
	*chain = (struct tell_chain){ .type = type, .n = lines->n };
	if (lines->n == 0)
		return 0;
	chain->rules = tell_pool_get(&stack->pool, lines->n * sizeof(*chain->rules));
	chain->links = calloc(lines->n, sizeof(*chain->links));
	if (!chain->rules || !chain->links)
		return -ENOMEM;
	for (size_t i = 0; i < lines->n; i++) {
		struct tell_link *link = &chain->links[i];
		link->line = lines->list[i];
		link->last = i + 1 == lines->n;
		link->at = i;
		chain->rules[i] = link->line.rule;
		int r = build_link(link, type, stack, flags, report);
		if (r == -ENOMEM)
			return r;
		link->speaker = (struct tell_speaker){
			.causes = &stack->causes,
			.type = link->module ? link->module->type : "",
			.module = link->module ? link->module->name : "",
			.line = ++*next_id,
		};
		if (r < 0)
			chain->broken = true;
	}
	return 0;
}

void tell_chain_done(struct tell_chain *chain)
{
	for (size_t i = 0; chain->links && i < chain->n; i++) {
		struct tell_link *link = &chain->links[i];
		/* First: a later line of the same spool may be asking this one's module. */
		tell_outbox_put(link->outbox, link);
		/* A module that makes a state and has none was never opened. */
		bool opened = !link->run ? false : link->state || !link->module->open;
		if (opened && link->module->close)
			link->module->close(link->state);
	}
	free(chain->links);
	*chain = (struct tell_chain){ 0 };
}
