/* telltale cat: a command's output, or stdin, as records; systemd-cat(1)'s options. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <telltale/log.h>
#include <unistd.h>
#include "tool/cat.h"
#include "tool/cat_unit.h"
#include "tool/channel.h"
#include "tool/option.h"
#include "tool/verbs.h"

enum {
	OPT_STDERR = TELL_CLI_LONG,
	OPT_PREFIX,
	OPT_PARSE,
	OPT_JOIN,
	OPT_PRELOAD,
	OPT_TRACE,
	OPT_ARGV0,
	OPT_SUPERVISE,
	OPT_UNIT,
	OPT_ROOT,
	OPT_DRY_RUN,
};

static const struct tell_cli_option options[] = {
	{ 't', "identifier", "NAME",
		"the service to log as (default: the command's name)", NULL },
	{ 'p', "priority", "LEVEL", "the level of lines that do not say theirs (info)",
		"emerg alert crit error warning notice info debug" },
	{ OPT_STDERR, "stderr-priority", "LEVEL", "that of lines from stderr (as -p)",
		"emerg alert crit error warning notice info debug" },
	{ OPT_PREFIX, "level-prefix", "BOOL",
		"does <3> before a line mean its level? (yes)", "yes no" },
	{ OPT_PARSE, "parse", "FORM",
		"auto: JSON objects, words with name=value behind, and what\n"
		"printf programs put in front: time, [ERROR], file.c:42:;\n"
		"json, logfmt, printf: only that; none: a line is a message",
		"auto json logfmt printf none" },
	{ OPT_JOIN, "join", "BOOL",
		"one record of a trace's lines and of indented ones? (yes;\n"
		"with --parse=none no)",
		"yes no" },
	{ 'F', "field", "NAME=VALUE", "add a field to every record; a line's own wins",
		NULL },
	{ 0, NULL, NULL, "With a command", NULL },
	{ OPT_PRELOAD, "preload", "[only]",
		"its calls of syslog(3) and sd_journal_send(3) as well; only:\n"
		"just those, its stdout and stderr stay as they are",
		"only" },
	{ OPT_TRACE, "trace", NULL,
		"begin a trace when the environment has none (TRACEPARENT)", NULL },
	{ OPT_ARGV0, "argv0", "NAME", "its name for itself (argv[0])", NULL },
	{ OPT_SUPERVISE, "supervise", NULL,
		"stay and be its parent: hand on signals, reap what it leaves\n"
		"behind, end with its status; as PID 1 of a container",
		NULL },
	{ 0, NULL, NULL, "For a systemd service", NULL },
	{ OPT_UNIT, "unit", "NAME",
		"write a drop-in that puts the service's commands behind\n"
		"telltale cat with these options; run nothing",
		NULL },
	{ OPT_DRY_RUN, "dry-run", NULL, "print the drop-in, write nothing", NULL },
	{ OPT_ROOT, "root", "DIR", "of the system whose unit it is (/)", NULL },
	{ 0 },
};

static const char examples[] =
	"  telltale cat -t legacy -F env=test -- /usr/bin/legacy --port 80\n"
	"  telltale cat --stderr-priority=warning backup.sh /home\n"
	"  printf '<3>disk full path=/var n=3\\n' | telltale cat -t legacy\n"
	"  telltale cat --unit=legacy --dry-run\n"
	"  telltale cat --preload -- dnsmasq --keep-in-foreground\n";

static int run(int argc, char **argv);

const struct tell_verb tell_verb_cat = {
	.name = "cat",
	.group = "Shell",
	.summary = "run a command, or read stdin, and make its lines records",
	.operands = "[--] [COMMAND [ARGUMENT]...]",
	.options = options,
	.examples = examples,
	.stop_at_operand = true,
	.run = run,
};

static int take_level(int *level, const char *text)
{
	int facility, l = tell_level_arg(text, &facility);
	if (l < 0)
		return tell_cli_error(EX_USAGE, "cat",
			"no such level as \"%s\"; levels are emerg alert crit error warning "
			"notice info debug",
			text);
	*level = l;
	return 0;
}

static int take_bool(bool *ret, const char *text)
{
	static const char *const yes[] = { "yes", "y", "true", "t", "on", "1" };
	static const char *const no[] = { "no", "n", "false", "f", "off", "0" };
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		if (strcasecmp(text, yes[i]) == 0 || strcasecmp(text, no[i]) == 0) {
			*ret = strcasecmp(text, yes[i]) == 0;
			return 0;
		}
	return tell_cli_error(EX_USAGE, "cat", "\"%s\" is neither yes nor no", text);
}

static int take_parse(enum tell_input_parse *ret, const char *text)
{
	static const struct {
		const char *word;
		enum tell_input_parse parse;
	} words[] = { { "auto", TELL_INPUT_AUTO }, { "json", TELL_INPUT_JSON },
		{ "logfmt", TELL_INPUT_LOGFMT }, { "printf", TELL_INPUT_PRINTF },
		{ "none", TELL_INPUT_NONE } };
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(text, words[i].word) == 0) {
			*ret = words[i].parse;
			return 0;
		}
	return tell_cli_error(EX_USAGE, "cat",
		"no such form as \"%s\"; write auto, json, logfmt, printf or none", text);
}

/* What the options say beside what the reader needs to know. */
struct wish {
	struct tell_cat cat;
	struct tell_cat_unit unit;
	const char *argv0;
	bool join, join_said, trace, supervise;
};

/* An option as a word of the command in the drop-in. */
static int keep_word(struct tell_cat_unit *u, int id)
{
	const struct tell_cli_option *o = options;
	char *word;
	if (id == 't' || id == OPT_ARGV0 || id >= OPT_SUPERVISE)
		return 0;
	while (o->id != id)
		o++;
	if (u->n_options == TELL_CAT_UNIT_OPTIONS_MAX)
		return tell_cli_error(EX_USAGE, "cat", "more than %d options",
			TELL_CAT_UNIT_OPTIONS_MAX);
	if (asprintf(&word, "--%s%s%s", o->name, optarg ? "=" : "",
		    optarg ? optarg : "") < 0)
		return tell_cli_error(EX_OSERR, "cat", "out of memory");
	u->options[u->n_options++] = word;
	return 0;
}

static int take_field(struct tell_cat *c, char *text)
{
	int r = tell_field_args_add(&c->fields, text);
	if (r == -EINVAL)
		return tell_cli_error(
			EX_USAGE, "cat", "no field: \"%s\"; write NAME=VALUE", text);
	if (r < 0)
		return tell_cli_error(
			EX_USAGE, "cat", "more than %d fields", TELL_FIELDS_ARG_MAX);
	tell_field_arg_hide(text);
	return 0;
}

static int take(struct wish *w, int id)
{
	struct tell_cat *c = &w->cat;
	switch (id) {
	case 't':
		c->service = optarg;
		return 0;
	case 'p':
		return take_level(&c->level[0], optarg);
	case OPT_STDERR:
		return take_level(&c->level[1], optarg);
	case OPT_PREFIX:
		return take_bool(&c->prefix, optarg);
	case OPT_PARSE:
		return take_parse(&c->parse, optarg);
	case OPT_JOIN:
		w->join_said = true;
		return take_bool(&w->join, optarg);
	case OPT_TRACE:
		w->trace = true;
		return 0;
	case OPT_ARGV0:
		w->argv0 = optarg;
		return 0;
	case OPT_SUPERVISE:
		w->supervise = true;
		return 0;
	case OPT_UNIT:
		w->unit.name = optarg;
		return 0;
	case OPT_ROOT:
		w->unit.root = optarg;
		return 0;
	case OPT_DRY_RUN:
		w->unit.dry_run = true;
		return 0;
	case OPT_PRELOAD:
		return tell_cat_preload_arg(&c->preload, optarg);
	default:
		return take_field(c, optarg);
	}
}

/* The command's name, with what a service's name cannot have as '_'. */
static const char *name_of(const char *command, char *to, size_t size)
{
	const char *slash = strrchr(command, '/');
	(void)snprintf(to, size, "%s", slash ? slash + 1 : command);
	for (char *p = to; *p; p++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-",
			    *p) ||
			(p == to && *p == '.'))
			*p = '_';
	return *to ? to : "cat";
}

/* The trace that the environment names goes into each record, and on to the command as it
 * is. A new one is begun on demand only: its ids would lead nowhere else. What is no
 * traceparent counts as none, and then tracestate says nothing either (W3C Trace Context,
 * section 3.2). */
static int take_trace(struct tell_cat *c, bool begin)
{
	struct tell_traceparent *t = &c->traceparent;
	const char *text = getenv("TRACEPARENT");
	if (!text || !tell_traceparent_read(t, text, strlen(text))) {
		char made[TELL_TRACEPARENT_CHARS + 1];
		if (!begin)
			return 0;
		if (!tell_traceparent_new(t))
			return tell_cli_error(EX_OSERR, "cat", "no random numbers");
		tell_traceparent_put(made, t);
		(void)unsetenv("TRACESTATE"); /* a name without '=': cannot fail */
		if (setenv("TRACEPARENT", made, 1) < 0)
			return tell_cli_error(EX_OSERR, "cat", "out of memory");
	}
	(void)snprintf(c->trace_flags, sizeof(c->trace_flags), "%02x", t->flags);
	c->trace[c->n_trace++] = tell_str("trace_id", t->trace_id);
	c->trace[c->n_trace++] = tell_str("span_id", t->parent_id);
	c->trace[c->n_trace++] = tell_str("trace_flags", c->trace_flags);
	return 0;
}

static int check_wish(const struct wish *w, bool command)
{
	const char *unit = w->unit.name;
	const char *needs = w->unit.dry_run ? "dry-run" : w->unit.root ? "root" : NULL;
	const char *runs = w->supervise ? "supervise" : w->argv0 ? "argv0" : NULL;
	if (!unit && !command && w->cat.preload)
		runs = "preload";
	if (unit && (command || runs))
		return tell_cli_error(EX_USAGE, "cat",
			"--unit takes the commands of the unit as they are: no %s%s",
			command ? "command" : "--", command ? "" : runs);
	if (!unit && needs)
		return tell_cli_error(EX_USAGE, "cat", "--%s needs --unit", needs);
	if (!command && runs)
		return tell_cli_error(EX_USAGE, "cat", "--%s needs a command", runs);
	return 0;
}

static int go_to_unit(struct wish *w)
{
	w->unit.service = w->cat.service;
	if (!w->unit.root)
		w->unit.root = "/";
	int r = w->unit.service ? tell_channel_name("cat", w->unit.service) : 0;
	return r ? r : tell_cat_unit(&w->unit);
}

static int go(struct wish *w, char **command)
{
	struct tell_cat *c = &w->cat;
	char name[65];
	int r = check_wish(w, *command != NULL);
	if (r == 0 && w->unit.name)
		return go_to_unit(w);
	if (r == 0)
		r = take_trace(c, w->trace);
	if (r != 0)
		return r;
	if (c->level[1] < 0)
		c->level[1] = c->level[0];
	c->join = w->join_said ? w->join : c->parse != TELL_INPUT_NONE;
	if (!c->service)
		c->service = *command ? name_of(*command, name, sizeof(name)) : "cat";
	r = tell_channel_name("cat", c->service);
	if (r != 0)
		return r;
	if (!*command)
		return tell_cat_stdin(c);
	if (c->preload && (r = tell_cat_preload_check(*command)) != 0)
		return r;
	return w->supervise ? tell_cat_supervise(c, command, w->argv0)
			    : tell_cat_exec(c, command, w->argv0);
}

static int run(int argc, char **argv)
{
	struct wish w = { .cat = { .level = { TELL_INFO, -1 },
				  .fd = { STDIN_FILENO, -1 },
				  .wake_fd = -1,
				  .parse = TELL_INPUT_AUTO,
				  .prefix = true } };
	bool done;
	int id, r = 0;
	while (r == 0 && (id = tell_cli_next(&tell_verb_cat, argc, argv, &done)) >= 0)
		if ((r = keep_word(&w.unit, id)) == 0)
			r = take(&w, id);
	if (r == 0 && id == TELL_CLI_BAD)
		r = EX_USAGE;
	if (r == 0 && done)
		return tell_cli_flush(EX_OK, "cat");
	if (r == 0)
		r = go(&w, argv + optind); /* ends with a NULL */
	tell_field_args_done(&w.cat.fields);
	for (size_t i = 0; i < w.unit.n_options; i++)
		free((char *)(uintptr_t)w.unit.options[i]);
	return r;
}
