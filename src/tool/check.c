/* telltale check: what is wrong with a stack, or with logging on this host. */
#include "tool/check.h"
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <telltale/log.h>
#include <unistd.h>
#include "api/service.h"
#include "base/nearest.h"
#include "encode/parts.h"
#include "redact/hide.h"
#include "tool/option.h"
#include "tool/verbs.h"

enum { OPT_EXPLAIN = TELL_CLI_LONG, OPT_ROOT, OPT_COLOR };

static const struct tell_cli_option options[] = {
	{ OPT_EXPLAIN, "explain", NULL,
		"walk a record through the stack; nothing is sent", NULL },
	{ 'p', "priority", "LEVEL", "the record's level (info)",
		"emerg alert crit error warning notice info debug" },
	{ 'F', "field", "NAME=VALUE", "a field of the record", NULL },
	{ OPT_ROOT, "root", "DIR", "without SERVICE: look at the system below DIR",
		NULL },
	{ OPT_COLOR, "color", "WHEN", "auto, always or never", "auto always never" },
	{ 0 },
};

static const char examples[] =
	"  telltale check                      why do I see no logs on this host?\n"
	"  telltale check checkout             is its stack right?\n"
	"  telltale check ./checkout.new       is this file?\n"
	"  telltale check checkout --explain -p debug -F tenant=acme 'cart opened'\n";

static int run(int argc, char **argv);

const struct tell_verb tell_verb_check = {
	.name = "check",
	.group = "Operate",
	.summary = "find what is wrong with a stack, or why no logs are seen",
	.operands = "[SERVICE|FILE] [MESSAGE]...",
	.options = options,
	.examples = examples,
	.run = run,
};

const char *tell_check_paint(const struct tell_check *c, enum tell_finding kind)
{
	static const char *const codes[] = { "\033[32m", "\033[36m", "\033[33m",
		"\033[1;31m" };
	return c->color ? codes[kind] : "";
}

const char *tell_check_plain(const struct tell_check *c)
{
	return c->color ? "\033[0m" : "";
}

void tell_check_title(const struct tell_check *c, const char *title)
{
	printf("%s%s%s\n", c->color ? "\033[1m" : "", title, tell_check_plain(c));
}

static void put_escaped(const char *text)
{
	struct tell_buf shown = { 0 }, plain = { 0 };
	(void)tell_hide(&plain, text, strlen(text));
	tell_text_escape(&shown, tell_buf_cstr(&plain), plain.len, false);
	fputs(tell_buf_cstr(&shown), stdout); /* seen by tell_cli_flush() */
	tell_buf_done(&shown);
	tell_buf_done(&plain);
}

void tell_check_say(struct tell_check *c, enum tell_finding kind, const char *fix,
	const char *fmt, ...)
{
	static const char *const words[] = { "ok   ", "note ", "warn ", "error" };
	char text[1024];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap); /* cut is fine */
	va_end(ap);

	c->n_errors += kind == TELL_FINDING_ERROR;
	c->n_warnings += kind == TELL_FINDING_WARN;
	printf("  %s%s%s  ", tell_check_paint(c, kind), words[kind], tell_check_plain(c));
	put_escaped(text);
	putchar('\n');
	if (fix) {
		fputs("         ", stdout);
		put_escaped(fix);
		putchar('\n');
	}
}

void tell_check_identity(struct tell_identity *who, const char *service, char host[256])
{
	if (gethostname(host, 255) != 0)
		(void)snprintf(host, 256, "localhost");
	host[255] = '\0';
	*who = (struct tell_identity){
		.service = service, .host = host, .pid = (uint32_t)getpid(), .facility = 1
	};
}

/* A stack may hold secrets: of its line, too, only what is none is shown. The mark stays
 * under its word when a mask before it is longer or shorter than what it hides. */
static void show_fault(struct tell_buf *out, const struct tell_fault *f)
{
	struct tell_buf file = { 0 }, message = { 0 }, source = { 0 }, front = { 0 };
	struct tell_fault shown = *f;
	(void)tell_hide(&file, f->file, strlen(f->file));
	(void)tell_hide(&message, f->message, strlen(f->message));
	(void)tell_hide(&source, f->source, strlen(f->source));
	if (f->column && f->column <= strlen(f->source) + 1) {
		(void)tell_hide(&front, f->source, f->column - 1);
		shown.column = (unsigned)front.len + 1;
	}
	shown.file = (char *)tell_buf_cstr(&file);
	shown.message = (char *)tell_buf_cstr(&message);
	shown.source = (char *)tell_buf_cstr(&source);
	tell_fault_show(out, &shown);
	tell_buf_done(&file);
	tell_buf_done(&message);
	tell_buf_done(&source);
	tell_buf_done(&front);
}

static void show_faults(struct tell_check *c, const struct tell_report *report)
{
	struct tell_buf text = { 0 };
	for (size_t i = 0; i < report->n; i++) {
		const struct tell_fault *f = &report->faults[i];
		tell_buf_clear(&text);
		show_fault(&text, f);
		struct tell_buf shown = { 0 };
		tell_text_escape(&shown, tell_buf_cstr(&text), text.len, true);
		printf("%s%s%s",
			tell_check_paint(
				c, f->warning ? TELL_FINDING_WARN : TELL_FINDING_ERROR),
			tell_buf_cstr(&shown), tell_check_plain(c));
		tell_buf_done(&shown);
	}
	tell_buf_done(&text);
	c->n_errors += (unsigned)report->n_errors;
	c->n_warnings += (unsigned)report->n_warnings;
}

static int load(struct tell_check *c, struct tell_stack **ret, struct tell_report *report)
{
	struct tell_identity who;
	char host[256];
	bool is_path = strchr(c->target, '/') != NULL;
	const char *slash = strrchr(c->target, '/');
	tell_check_identity(&who, slash ? slash + 1 : c->target, host);
	if (!is_path && !tell_service_name_ok(c->target))
		return tell_cli_error(EX_USAGE, "check",
			"\"%s\" is no service; write 1 to 64 letters, digits, _ . or -, or a "
			"path with a / in it",
			c->target);

	/* Sinks stay closed: opening a file would make it, as the wrong user. */
	int r = is_path
		? tell_stack_load_file(ret, &who, c->target, TELL_STACK_NO_SINKS, report)
		: tell_stack_load(ret, &who, TELL_STACK_NO_SINKS, report);
	if (r == 0 || (report->n_errors && !(is_path && r == -ENOENT)))
		return 0;
	return tell_cli_error(r == -ENOENT ? EX_NOINPUT : EX_OSERR, "check", "%s: %s",
		c->target, strerror(-r));
}

/* Which file it is; a misspelt service has none, and gets that of `other`. */
static void say_source(
	const struct tell_check *c, const struct tell_stack *s, bool warned)
{
	const char *source = tell_stack_source(s);
	const char *slash = strrchr(source, '/');
	bool own = strchr(c->target, '/') || (slash && strcmp(slash + 1, c->target) == 0);
	printf("%s%s%s: %s%s%s\n", tell_check_paint(c, TELL_FINDING_OK), c->target,
		tell_check_plain(c), own ? "" : "has no file of its own: ", source,
		warned ? "" : ", nothing wrong");
}

int tell_check_stack(struct tell_check *c)
{
	struct tell_report report;
	struct tell_stack *s = NULL;
	tell_report_init(&report);
	int r = load(c, &s, &report);
	if (r == 0 && s)
		tell_stack_lint(s, &report);
	if (r == 0)
		show_faults(c, &report);
	if (r == 0 && !report.n_errors && s)
		say_source(c, s, report.n_warnings > 0);
	if (r == 0 && s && c->explain && !report.n_errors)
		r = tell_check_explain(c, s);
	if (r == 0 && report.n_errors)
		r = EX_CONFIG;
	tell_stack_free(s);
	tell_report_done(&report);
	return r;
}

static int take(struct tell_check *c, int id)
{
	int facility;
	switch (id) {
	case OPT_EXPLAIN:
		c->explain = true;
		return 0;
	case OPT_ROOT:
		c->root = optarg;
		return 0;
	case OPT_COLOR:
		if (tell_cli_color(optarg, STDOUT_FILENO, &c->color))
			return 0;
		return tell_cli_error(EX_USAGE, "check",
			"no such word as \"%s\"; write auto, always or never", optarg);
	case 'p':
		c->level = tell_level_arg(optarg, &facility);
		if (c->level >= 0)
			return 0;
		return tell_cli_error(
			EX_USAGE, "check", "no such level as \"%s\"", optarg);
	default:
		if (tell_field_args_add(&c->fields, optarg) == 0)
			return 0;
		return tell_cli_error(
			EX_USAGE, "check", "no field: \"%s\"; write NAME=VALUE", optarg);
	}
}

/* The words behind the target are the sample's message. */
static void take_message(struct tell_buf *text, char **words, int n)
{
	for (int i = 0; i < n; i++) {
		if (i)
			tell_buf_putc(text, ' ');
		tell_buf_puts(text, words[i]);
	}
	if (n <= 0)
		tell_buf_puts(text, "sample");
}

static int run_check(struct tell_check *c, int argc, char **argv)
{
	if (optind == argc)
		return c->explain ? tell_cli_error(EX_USAGE, "check",
					    "--explain needs a service or a file")
				  : tell_check_host(c);
	struct tell_buf message = { 0 };
	c->target = argv[optind];
	take_message(&message, argv + optind + 1, argc - optind - 1);
	c->message = tell_buf_cstr(&message);
	int r = !c->explain && argc > optind + 1
		? tell_cli_error(EX_USAGE, "check", "a message goes with --explain only")
		: tell_check_stack(c);
	tell_buf_done(&message);
	return r;
}

static int run(int argc, char **argv)
{
	struct tell_check c = { .level = TELL_INFO, .root = "" };
	(void)tell_cli_color("auto", STDOUT_FILENO, &c.color);
	bool done;
	int id, r = 0;
	while (r == 0 && (id = tell_cli_next(&tell_verb_check, argc, argv, &done)) >= 0)
		r = take(&c, id);
	if (r == 0 && id == TELL_CLI_BAD)
		r = EX_USAGE;
	if (r == 0 && !done)
		r = run_check(&c, argc, argv);
	tell_field_args_done(&c.fields);
	return tell_cli_flush(r, "check");
}
