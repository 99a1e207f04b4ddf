#include <string.h>

#include "base/word.h"
#include "stack/chain.h"

static bool is_control(const struct tell_link *link, const char *word)
{
	return tell_word_same(word, link->line.control);
}

static bool is_module(const struct tell_link *link, const char *name)
{
	return link->line.rule.kind == TELL_RULE_MODULE &&
		strcmp(link->line.module, name) == 0;
}

/* The local daemon's socket: what `sink syslog` writes to unless told otherwise. */
static bool is_local_syslog(const struct tell_link *link)
{
	if (!is_module(link, "syslog"))
		return false;
	for (size_t i = 0; i < link->line.n_args; i++) {
		const char *arg = link->line.args[i].text;
		if (strncmp(arg, "proto=", 6) == 0 && strcmp(arg, "proto=unix") != 0)
			return false;
		if (strncmp(arg, "path=", 5) == 0 && strcmp(arg, "path=/dev/log") != 0)
			return false;
	}
	return true;
}

static bool same_line(const struct tell_link *a, const struct tell_link *b)
{
	if (a->line.rule.kind != TELL_RULE_MODULE ||
		b->line.rule.kind != TELL_RULE_MODULE)
		return false;
	if (strcmp(a->line.module, b->line.module) != 0 ||
		a->line.n_args != b->line.n_args)
		return false;
	for (size_t i = 0; i < a->line.n_args; i++) {
		if (strcmp(a->line.args[i].text, b->line.args[i].text) != 0)
			return false;
	}
	return true;
}

/* Two sinks of which the second stands behind the first in the same frame. */
static void lint_pair(
	const struct tell_link *a, const struct tell_link *b, struct tell_report *report)
{
	bool failover = is_control(a, "sufficient");
	if (!failover && same_line(a, b))
		tell_report_warning(report, &b->line.at, "remove one of the two",
			"the same sink as in line %u: it gets every record twice",
			a->line.at.line);
	bool both = (is_module(a, "journald") && is_local_syslog(b)) ||
		(is_local_syslog(a) && is_module(b, "journald"));
	if (!failover && both)
		tell_report_warning(report, &b->line.at, "remove one of the two",
			"/dev/log and journald are the same daemon where systemd runs: "
			"line %u gives it every record already",
			a->line.at.line);
}

/* What a record that `first` took never reaches. */
static void lint_behind(const struct tell_link *first, const struct tell_link *link,
	struct tell_report *report)
{
	if (is_module(first, "permit") || is_module(first, "capture")) {
		tell_report_warning(report, &link->line.at, "put it before that line",
			"is never reached: line %u, sufficient, always succeeds",
			first->line.at.line);
		return;
	}
	if (!is_control(link, "required") && !is_control(link, "requisite") &&
		!is_control(link, "optional"))
		return;
	tell_report_warning(report, &link->line.at,
		"put it before the sufficient ones; if it is meant to take over from them, "
		"write sufficient",
		"gets a record only when '%s' in line %u fails", first->line.module,
		first->line.at.line);
}

static void lint_sinks(const struct tell_chain *sinks, struct tell_report *report)
{
	const struct tell_link *sufficient = NULL;
	for (size_t i = 0; i < sinks->n; i++) {
		const struct tell_link *link = &sinks->links[i];
		if (link->line.rule.kind == TELL_RULE_FRAME)
			continue;
		for (size_t j = 0; j < i; j++)
			lint_pair(&sinks->links[j], link, report);
		if (sufficient && sufficient->line.rule.level == link->line.rule.level)
			lint_behind(sufficient, link, report);
		if (is_control(link, "sufficient") && !sufficient)
			sufficient = link;
	}
}

static void lint_redact(const struct tell_chain *redact, struct tell_report *report)
{
	for (size_t i = 0; i < redact->n; i++) {
		const struct tell_link *link = &redact->links[i];
		if (is_control(link, "sufficient"))
			tell_report_warning(report, &link->line.at,
				"write required or requisite",
				"a sufficient redact line keeps those behind it from running");
	}
}

/* A field that parse makes of "password": ... is told by its name, which detect does not read. */
static void lint_parse(const struct tell_chain *enrich, const struct tell_chain *redact,
	struct tell_report *report)
{
	bool reads = false, names = false;
	for (size_t i = 0; i < redact->n; i++) {
		const struct tell_module *module = redact->links[i].module;
		names |= module && module->keeps;
		reads |= is_module(&redact->links[i], "detect");
	}
	for (size_t i = 0; i < enrich->n && reads && !names; i++)
		if (is_module(&enrich->links[i], "parse"))
			tell_report_warning(report, &enrich->links[i].line.at,
				"add: redact requisite keys",
				"a secret that its name tells is a field now, and no redact "
				"line of this stack reads names");
}

void tell_stack_lint(const struct tell_stack *s, struct tell_report *report)
{
	const struct tell_chain *sinks = &s->chains[TELL_CHAIN_SINK];
	if (sinks->n && strcmp(sinks->links[0].line.at.file, TELL_DEFAULT_NAME) != 0)
		lint_sinks(sinks, report);
	lint_redact(&s->chains[TELL_CHAIN_REDACT], report);
	lint_parse(&s->chains[TELL_CHAIN_ENRICH], &s->chains[TELL_CHAIN_REDACT], report);
}
