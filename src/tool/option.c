#include "tool/option.h"
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/nearest.h"
#include "encode/parts.h"
#include "redact/hide.h"

#define OPTIONS_MAX 64
#define HELP_COLUMN 30

int tell_cli_error(int code, const char *verb, const char *fmt, ...)
{
	char text[4096];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap); /* cut at the end is fine here */
	va_end(ap);

	(void)fflush(stdout); /* a failed write is reported by tell_cli_flush() */
	struct tell_buf shown = { 0 }, plain = { 0 };
	(void)tell_hide(&plain, text, strlen(text));
	tell_buf_printf(&shown, "telltale: %s%s", verb ? verb : "", verb ? ": " : "");
	tell_text_escape(&shown, tell_buf_cstr(&plain), plain.len, false);
	tell_buf_putc(&shown, '\n');
	fputs(tell_buf_cstr(&shown),
		stderr); /* at once: other processes write there, too */
	tell_buf_done(&shown);
	tell_buf_done(&plain);
	return code;
}

int tell_cli_flush(int code, const char *verb)
{
	bool failed = fflush(stdout) != 0 || ferror(stdout);
	/* A reader that has seen enough (head, a pager) is no error. */
	if (!failed || errno == EPIPE)
		return code;
	return tell_cli_error(
		EX_IOERR, verb, "cannot write the output: %s", strerror(errno));
}

bool tell_cli_color(const char *word, int fd, bool *ret_color)
{
	if (strcmp(word, "always") == 0 || strcmp(word, "never") == 0) {
		*ret_color = word[0] == 'a';
		return true;
	}
	const char *no = getenv("NO_COLOR"), *force = getenv("CLICOLOR_FORCE");
	const char *term = getenv("TERM");
	if (no && *no)
		*ret_color = false;
	else if (force && *force && strcmp(force, "0") != 0)
		*ret_color = true;
	else
		*ret_color = isatty(fd) && term && strcmp(term, "dumb") != 0;
	return strcmp(word, "auto") == 0;
}

static int arg_kind(const struct tell_cli_option *o)
{
	if (!o->arg)
		return no_argument;
	return o->arg[0] == '[' ? optional_argument : required_argument;
}

/* getopt's two arrays from the table. letters: 3 bytes an option and a few more. */
static void tables(const struct tell_verb *verb, char *letters, struct option *names)
{
	char *p = letters;
	size_t n = 0;
	if (verb->stop_at_operand)
		*p++ = '+';
	*p++ = ':'; /* tell a missing value from an unknown option */
	for (const struct tell_cli_option *o = verb->options; tell_cli_more(o); o++) {
		if (o->id == 0 || n == OPTIONS_MAX - 3)
			continue;
		if (tell_cli_letter(o)) {
			*p++ = (char)o->id;
			for (int i = 0; i < arg_kind(o); i++)
				*p++ = ':';
		}
		if (o->name)
			names[n++] = (struct option){ o->name, arg_kind(o), NULL, o->id };
	}
	*p = '\0';
	names[n++] = (struct option){ "help", no_argument, NULL, TELL_CLI_HELP };
	names[n++] = (struct option){ "version", no_argument, NULL, TELL_CLI_VERSION };
	names[n] = (struct option){ 0 };
}

static int unknown(const struct tell_verb *verb, const struct option *names, char **argv)
{
	/* A cluster of letters stays at its word; a long name has been stepped over. */
	/* A known option here was given a value it does not take. A cluster of letters stays
	 * at its word, a long name has been stepped over. */
	const char *given = argv[optind - 1];
	for (const struct option *n = names; optopt && n->name; n++)
		if (n->val == optopt)
			return tell_cli_error(TELL_CLI_BAD, verb->name,
				"option --%s takes no value", n->name);
	if (optopt)
		return tell_cli_error(TELL_CLI_BAD, verb->name,
			"unknown option -%c; see telltale %s --help", optopt, verb->name);

	char name[64] = "";
	(void)snprintf(name, sizeof(name), "%s", given + strspn(given, "-"));
	name[strcspn(name, "=")] = '\0';
	struct tell_nearest best = { 0 };
	for (; names->name; names++)
		tell_nearest_offer(&best, name, names->name);
	if (best.word)
		return tell_cli_error(TELL_CLI_BAD, verb->name,
			"unknown option --%s; did you mean --%s?", name, best.word);
	return tell_cli_error(TELL_CLI_BAD, verb->name,
		"unknown option --%s; see telltale %s --help", name, verb->name);
}

int tell_cli_next(const struct tell_verb *verb, int argc, char **argv, bool *ret_done)
{
	char letters[4 * OPTIONS_MAX];
	struct option names[OPTIONS_MAX];
	tables(verb, letters, names);
	opterr = 0;
	*ret_done = false;

	int id = getopt_long(argc, argv, letters, names, NULL);
	switch (id) {
	case TELL_CLI_HELP:
		tell_cli_help(verb, stdout);
		*ret_done = true;
		return TELL_CLI_END;
	case TELL_CLI_VERSION:
		puts("telltale " TELL_VERSION);
		*ret_done = true;
		return TELL_CLI_END;
	case '?':
		return unknown(verb, names, argv);
	case ':':
		return tell_cli_error(TELL_CLI_BAD, verb->name,
			"option %s needs a value; see telltale %s --help",
			argv[optind - 1], verb->name);
	default:
		return id;
	}
}

/* "  -t, --identifier=NAME" */
static int put_option(const struct tell_cli_option *o, FILE *out)
{
	int n = fprintf(out, tell_cli_letter(o) ? "  -%c" : "    ", o->id);
	if (o->name)
		n += fprintf(out, "%s--%s", tell_cli_letter(o) ? ", " : "  ", o->name);
	if (!o->arg)
		return n;
	if (o->arg[0] == '[')
		return n + fprintf(out, "[=%.*s]", (int)strlen(o->arg) - 2, o->arg + 1);
	return n + fprintf(out, "%s%s", o->name ? "=" : " ", o->arg);
}

static void put_help(const struct tell_cli_option *o, FILE *out)
{
	int n = put_option(o, out);
	const char *line = o->help;
	if (n > HELP_COLUMN - 2) {
		fputc('\n', out);
		n = 0;
	}
	for (;;) {
		size_t len = strcspn(line, "\n");
		fprintf(out, "%*s%.*s\n", HELP_COLUMN - n, "", (int)len, line);
		if (!line[len])
			return;
		line += len + 1;
		n = 0;
	}
}

void tell_cli_help(const struct tell_verb *verb, FILE *out)
{
	static const struct tell_cli_option common[] = {
		{ TELL_CLI_HELP, "help", NULL, "this text", NULL },
		{ TELL_CLI_VERSION, "version", NULL, "the version", NULL },
	};
	fprintf(out, "telltale %s: %s\n\nUsage: telltale %s [OPTION]...%s%s\n",
		verb->name, verb->summary, verb->name, *verb->operands ? " " : "",
		verb->operands);
	if (verb->options[0].id != 0)
		fputs("\nOptions:\n", out);
	for (const struct tell_cli_option *o = verb->options; tell_cli_more(o); o++) {
		if (o->id == 0)
			fprintf(out, "\n%s:\n", o->help);
		else
			put_help(o, out);
	}
	fputc('\n', out);
	put_help(&common[0], out);
	put_help(&common[1], out);
	fprintf(out, "\nExamples:\n%s\nManual: telltale-%s(1)\n", verb->examples,
		verb->name);
}
