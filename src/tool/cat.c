/* telltale cat: a command's output, or stdin, as records; systemd-cat(1)'s options.
 *
 * The command takes this process's place, so that its pid, its signals, sd_notify(3) and
 * its exit status are its own. Who reads the pipes is no child of it: a command that waits
 * for all its children must not wait for one it never made. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <telltale/log.h>
#include <unistd.h>
#include "base/cleanup.h"
#include "tool/cat_reader.h"
#include "tool/channel.h"
#include "tool/option.h"
#include "tool/verbs.h"

/* What a shell says of a command it cannot start (POSIX 2.8.2). */
enum { EXIT_NOT_FOUND = 127, EXIT_NOT_RUN = 126 };

enum { OPT_STDERR = TELL_CLI_LONG, OPT_PREFIX, OPT_PARSE };

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
		"auto: JSON objects and words with name=value behind;\n"
		"json or logfmt: only those; none: a line is a message",
		"auto json logfmt none" },
	{ 'F', "field", "NAME=VALUE", "add a field to every record; a line's own wins",
		NULL },
	{ 0 },
};

static const char examples[] =
	"  telltale cat -t legacy -F env=test -- /usr/bin/legacy --port 80\n"
	"  telltale cat --stderr-priority=warning backup.sh /home\n"
	"  printf '<3>disk full path=/var n=3\\n' | telltale cat -t legacy\n";

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
		{ "logfmt", TELL_INPUT_LOGFMT }, { "none", TELL_INPUT_NONE } };
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(text, words[i].word) == 0) {
			*ret = words[i].parse;
			return 0;
		}
	return tell_cli_error(EX_USAGE, "cat",
		"no such form as \"%s\"; write auto, json, logfmt or none", text);
}

static int take(struct tell_cat *c, int id)
{
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
	default:
		break;
	}
	int r = tell_field_args_add(&c->fields, optarg);
	if (r == -EINVAL)
		return tell_cli_error(
			EX_USAGE, "cat", "no field: \"%s\"; write NAME=VALUE", optarg);
	if (r < 0)
		return tell_cli_error(
			EX_USAGE, "cat", "more than %d fields", TELL_FIELDS_ARG_MAX);
	tell_field_arg_hide(optarg);
	return 0;
}

/* The reader outlives the command: what ends or stops that must not lose its last words. */
static void reader_main(const struct tell_cat *c)
{
	static const int ignored[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGPIPE };
	(void)setsid(); /* out of the command's job; fails only for a leader */
	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		(void)signal(ignored[i], SIG_IGN); /* known signals: cannot fail */
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (null >= 0)
		(void)dup2(null, STDIN_FILENO);
	exit(tell_cat_read(c));
}

/* Start the reader as a grandchild. 0 or a negative errno. */
static int start_reader(struct tell_cat *c, const int out[2], const int err[2])
{
	pid_t child = fork();
	if (child < 0)
		return -errno;
	if (child == 0) {
		pid_t reader = fork();
		if (reader != 0)
			_exit(reader < 0 ? 1 : 0);
		(void)close(out[1]);
		(void)close(err[1]);
		c->fd[0] = out[0];
		c->fd[1] = err[0];
		reader_main(c);
	}
	int status;
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return status == 0 ? 0 : -EAGAIN;
}

/* Become the command, its stdout and stderr being pipes. Returns an exit code if not. */
static int run_command(struct tell_cat *c, char **command)
{
	int out[2], err[2];
	if (pipe2(out, O_CLOEXEC) < 0 || pipe2(err, O_CLOEXEC) < 0)
		return tell_cli_error(EX_OSERR, "cat", "no pipes: %s", strerror(errno));
	c->pid = (uint32_t)getpid();
	int r = start_reader(c, out, err);
	if (r < 0)
		return tell_cli_error(EX_OSERR, "cat", "cannot fork: %s", strerror(-r));

	int saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	if (dup2(out[1], STDOUT_FILENO) < 0 || dup2(err[1], STDERR_FILENO) < 0)
		return tell_cli_error(EX_OSERR, "cat", "no pipes: %s", strerror(errno));
	(void)execvp(command[0], command);

	int why = errno;
	if (saved >= 0)
		(void)dup2(saved, STDERR_FILENO); /* else it goes the way of the lines */
	return tell_cli_error(why == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_RUN, "cat",
		"cannot run %s: %s", command[0], strerror(why));
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

static int run(int argc, char **argv)
{
	struct tell_cat c = { .level = { TELL_INFO, -1 },
		.fd = { STDIN_FILENO, -1 },
		.parse = TELL_INPUT_AUTO,
		.prefix = true };
	bool done;
	int id, r = 0;
	while (r == 0 && (id = tell_cli_next(&tell_verb_cat, argc, argv, &done)) >= 0)
		r = take(&c, id);
	if (r == 0 && id == TELL_CLI_BAD)
		r = EX_USAGE;
	if (r == 0 && done)
		return tell_cli_flush(EX_OK, "cat");
	if (c.level[1] < 0)
		c.level[1] = c.level[0];

	char name[65];
	if (!c.service)
		c.service = optind < argc ? name_of(argv[optind], name, sizeof(name))
					  : "cat";
	/* Before the command starts: nobody could tell it any more. */
	if (r == 0)
		r = tell_channel_name("cat", c.service);
	if (r == 0)
		r = optind < argc ? run_command(&c, argv + optind) : tell_cat_read(&c);
	tell_field_args_done(&c.fields);
	return r;
}
