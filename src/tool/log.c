/* telltale log: one record from a shell, with the options of logger(1). */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <telltale/log.h>
#include <unistd.h>
#include "api/init.h"
#include "base/cleanup.h"
#include "base/number.h"
#include "encode/parts.h"
#include "record/level.h"
#include "tool/channel.h"
#include "decode/field_arg.h"
#include "decode/input.h"
#include "tool/option.h"
#include "tool/verbs.h"

#define FLUSH_MS 5000

enum { OPT_ID = TELL_CLI_LONG, OPT_NO_ACT, OPT_PRIO_PREFIX };

static const struct tell_cli_option options[] = {
	{ 't', "tag", "NAME",
		"the service to log as, whose stack applies (default: $USER)", NULL },
	{ 'p', "priority", "LEVEL", "the level, or facility.level (default: notice)",
		"emerg alert crit error warning notice info debug" },
	{ 'F', "field", "NAME=VALUE",
		"add a field; numbers, true and false keep their type", NULL },
	{ 'f', "file", "FILE", "a record for each line of FILE", NULL },
	{ 'e', "skip-empty", NULL, "no records for empty lines", NULL },
	{ OPT_PRIO_PREFIX, "prio-prefix", NULL, "a line may begin with its level: <3>",
		NULL },
	{ 'i', NULL, NULL, "as this command's process (the default)", NULL },
	{ OPT_ID, "id", "[PID]", "as process PID, as in --id=$$", NULL },
	{ 's', "stderr", NULL, "show the messages on stderr as well", NULL },
	{ OPT_NO_ACT, "no-act", NULL, "do all but send", NULL },
	{ 0 },
};

static const char examples[] =
	"  telltale log -t backup -p warning -F request_id=r1 -F left=3 'disk almost full'\n"
	"  make 2>&1 | telltale log -t build -p info\n"
	"  telltale log -t shop -f old-style.log -e\n";

static int run(int argc, char **argv);

const struct tell_verb tell_verb_log = {
	.name = "log",
	.group = "Shell",
	.summary = "send a record, as logger(1) does, with fields",
	.operands = "[MESSAGE]...",
	.options = options,
	.examples = examples,
	.run = run,
};

struct log {
	const char *tag, *file;
	int level, facility;
	uint32_t pid;
	bool skip_empty, prefix, to_stderr, no_act;
	struct tell_field_args fields;
	uint64_t lost;
};

static int take_level(struct log *l, const char *text)
{
	l->level = tell_level_arg(text, &l->facility);
	if (l->level >= 0)
		return 0;
	return tell_cli_error(EX_USAGE, "log",
		"no such level as \"%s\"; write warning, or facility.level as in daemon.info "
		"(emerg alert crit error warning notice info debug)",
		text);
}

static int take_field(struct log *l, char *text)
{
	switch (tell_field_args_add(&l->fields, text)) {
	case 0:
		tell_field_arg_hide(text);
		return 0;
	case -EINVAL:
		return tell_cli_error(
			EX_USAGE, "log", "no field: \"%s\"; write NAME=VALUE", text);
	default:
		return tell_cli_error(
			EX_USAGE, "log", "more than %d fields", TELL_FIELDS_ARG_MAX);
	}
}

static int take_pid(struct log *l, const char *text)
{
	uint64_t pid = 0;
	if (text &&
		(!tell_parse_u64(text, strlen(text), &pid) || pid == 0 ||
			pid > INT32_MAX))
		return tell_cli_error(
			EX_USAGE, "log", "no process id: \"%s\"; write --id=$$", text);
	l->pid = (uint32_t)pid;
	return 0;
}

static int take(struct log *l, int id)
{
	switch (id) {
	case 't':
		l->tag = optarg;
		return 0;
	case 'p':
		return take_level(l, optarg);
	case 'F':
		return take_field(l, optarg);
	case 'f':
		l->file = optarg;
		return 0;
	case 'e':
		l->skip_empty = true;
		return 0;
	case OPT_PRIO_PREFIX:
		l->prefix = true;
		return 0;
	case OPT_ID:
		return take_pid(l, optarg);
	case 's':
		l->to_stderr = true;
		return 0;
	case OPT_NO_ACT:
		l->no_act = true;
		return 0;
	default: /* 'i': the default already */
		return 0;
	}
}

static void show(const struct log *l, int level, const char *text, size_t len)
{
	struct tell_buf line = { 0 };
	tell_text_escape(&line, text, len, false);
	fprintf(stderr, "%s: %s: %s\n", l->tag, tell_level_word(level),
		tell_buf_cstr(&line));
	tell_buf_done(&line);
}

static void send_message(struct log *l, int level, const char *text, size_t len)
{
	if (len == 0 && l->skip_empty)
		return;
	if (l->to_stderr)
		show(l, level, text, len);
	struct tell_channel_record r = { .level = level,
		.message = text,
		.message_len = len,
		.fields = l->fields.fields,
		.n_fields = l->fields.n };
	if (!l->no_act && tell_channel_send(&r) == TELL_FATE_LOST)
		l->lost++;
}

/* The words, joined by blanks. */
static int send_words(struct log *l, char **words, int n)
{
	struct tell_buf text = { 0 };
	for (int i = 0; i < n; i++) {
		if (i)
			tell_buf_putc(&text, ' ');
		tell_buf_puts(&text, words[i]);
		tell_arg_hide(words[i]);
	}
	send_message(l, l->level, tell_buf_cstr(&text), text.len);
	tell_buf_done(&text);
	return 0;
}

static int send_lines(struct log *l)
{
	FILE *in = !l->file || strcmp(l->file, "-") == 0 ? stdin : fopen(l->file, "re");
	if (!in)
		return tell_cli_error(errno == EACCES ? EX_NOPERM : EX_NOINPUT, "log",
			"cannot open %s: %s", l->file, strerror(errno));

	TELL_CLEANUP(tell_freep) char *line = NULL;
	TELL_CLEANUP(tell_freep)
	struct tell_input *parts = calloc(1, sizeof(*parts));
	size_t cap = 0;
	ssize_t n;
	if (!parts)
		return tell_cli_error(EX_OSERR, "log", "out of memory");
	tell_input_init(parts);
	parts->prefix = l->prefix;
	while ((n = getline(&line, &cap, in)) >= 0) {
		size_t len = (size_t)n - (n > 0 && line[n - 1] == '\n');
		tell_input_read(parts, line, len);
		send_message(l, parts->level < 0 ? l->level : parts->level,
			parts->message, parts->message_len);
	}
	bool failed = ferror(in);
	tell_input_done(parts);
	if (in != stdin)
		(void)fclose(in); /* only read */
	return failed ? tell_cli_error(EX_IOERR, "log", "cannot read the lines") : 0;
}

static int finish(struct log *l)
{
	if (l->no_act)
		return EX_OK;
	if (!tell_channel_flush(FLUSH_MS) && l->lost == 0)
		return tell_cli_error(
			EX_IOERR, "log", "not delivered within %d s", FLUSH_MS / 1000);
	if (l->lost == 0)
		return EX_OK;
	struct tell_buf why = { 0 };
	tell_channel_why(&why);
	(void)tell_cli_error(0, "log", "%llu of the records not delivered: %s",
		(unsigned long long)l->lost, tell_buf_cstr(&why));
	tell_buf_done(&why);
	return EX_IOERR;
}

static int run(int argc, char **argv)
{
	struct log l = { .level = TELL_NOTICE };
	bool done;
	int id, r = 0;
	while (r == 0 && (id = tell_cli_next(&tell_verb_log, argc, argv, &done)) >= 0)
		r = take(&l, id);
	if (r == 0 && id == TELL_CLI_BAD)
		r = EX_USAGE;
	if (r == 0 && done)
		return tell_cli_flush(EX_OK, "log");

	if (!l.tag)
		l.tag = getenv("USER");
	if (!l.tag || !*l.tag)
		l.tag = "telltale";
	if (r == 0)
		r = tell_channel_open("log", l.tag, l.facility);
	if (r == 0) {
		tell__set_pid(l.pid);
		if (optind < argc && !l.file)
			r = send_words(&l, argv + optind, argc - optind);
		else
			r = send_lines(&l);
	}
	if (r == 0)
		r = finish(&l);
	tell_field_args_done(&l.fields);
	return r;
}
