/* telltale forward: a journal, or files, on their way to a receiver on another machine. */
#include "tool/forward.h"
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>
#include "base/cleanup.h"
#include "base/clock.h"
#include "stack/chain.h"
#include "stack/lex.h"
#include "tool/option.h"
#include "tool/time_arg.h"
#include "tool/verbs.h"

enum { OPT_NAMESPACE = TELL_CLI_LONG, OPT_FILE, OPT_STATE, OPT_CATCH_UP, OPT_DRY_RUN };

static const struct tell_cli_option options[] = {
	{ .help = "What to ship, with a SINK (default: all of this machine's journal)" },
	{ 'u', "unit", "UNIT", "entries of this systemd unit (again: or of that)", NULL },
	{ 't', "identifier", "NAME", "entries of this service (again: or of that)",
		NULL },
	{ 'p', "priority", "LEVEL", "this level and worse",
		"emerg alert crit error warning notice info debug" },
	{ 'w', "where", "EXPR", "entries for which an expression holds", NULL },
	{ 'D', "directory", "DIR", "the journal files in DIR", NULL },
	{ OPT_NAMESPACE, "namespace", "NAME", "the journal of a namespace; * for all",
		NULL },
	{ OPT_FILE, "file", "GLOB",
		"in place of a journal, logs of lines and what they were rotated to "
		"(again: and those)",
		NULL },
	{ .help = "How" },
	{ 'S', "since", "TIME", "where a first run begins (default: now)",
		"today yesterday -1h -15m" },
	{ OPT_CATCH_UP, "catch-up", NULL, "end when all that is there has been shipped",
		NULL },
	{ OPT_STATE, "state", "DIR", "keep there how far it is", NULL },
	{ 'n', "dry-run", NULL, "show the requests on stdout; send and remember nothing",
		NULL },
	{ 'q', "quiet", NULL, "no progress on a terminal", NULL },
	{ 'v', "verbose", NULL, "say each minute how far it is", NULL },
	{ 0 },
};

static const char examples[] =
	"  telltale forward loki https://loki.example.net\n"
	"  telltale forward -u shop -S -1h loki http://localhost:3100 tenant=ops\n"
	"  telltale forward --file='/var/log/shop/*.jsonl' loki http://localhost:3100\n"
	"  telltale forward logstash logs.example.net tls=yes\n"
	"  telltale forward --dry-run --catch-up -S -5m loki http://localhost:3100\n"
	"  telltale forward                  as /etc/telltale.d/telltale-forward says\n";

static int run(int argc, char **argv);

const struct tell_verb tell_verb_forward = {
	.name = "forward",
	.group = "Ship",
	.summary = "ship a journal or files to Loki, Logstash and others, losing nothing",
	.operands = "[SINK [URL] [NAME=VALUE]...]",
	.options = options,
	.examples = examples,
	.run = run,
};

/* The short form, as the lines it stands for. */
struct lines {
	struct tell_buf units, identifiers, source, files, filter, sink;
	bool any;     /* of source, files or filter */
	bool journal; /* an option that only a journal has */
};

static void add_to(struct tell_buf *list, const char *word)
{
	if (list->len)
		tell_buf_putc(list, ',');
	tell_buf_puts(list, word);
}

static void put_option(struct tell_buf *line, const char *name, const char *value)
{
	struct tell_buf word = { 0 };
	tell_buf_printf(&word, "%s=%s", name, value);
	tell_lex_put(line, tell_buf_cstr(&word));
	tell_buf_done(&word);
}

/* Its line; from where we stand, for the position is the same from everywhere. */
static int add_file(struct lines *l, const char *glob)
{
	struct tell_buf path = { 0 };
	TELL_CLEANUP(tell_freep) char *here = *glob == '/' ? NULL : getcwd(NULL, 0);
	if (strpbrk(glob, "\t\n"))
		return tell_cli_error(EX_USAGE, "forward", "a file with a line feed");
	if (*glob != '/' && !here)
		return tell_cli_error(EX_OSERR, "forward", "no directory to stand in");
	if (here)
		tell_buf_printf(&path, "%s/", here);
	tell_buf_puts(&path, glob);
	tell_buf_puts(&l->files, "source required file");
	put_option(&l->files, "path", tell_buf_cstr(&path));
	tell_buf_putc(&l->files, '\n');
	tell_buf_done(&path);
	return 0;
}

static int set_since(struct tell_forward *f, const char *text)
{
	uint64_t ns;
	if (tell_time_arg(text, tell_clock_realtime_ns(), 0, &ns) < 0)
		return tell_cli_error(EX_USAGE, "forward",
			"no time that I know: \"%s\"; %s", text, TELL_TIME_ARG_FIX);
	f->wish.since_us = ns / 1000 + (ns < 1000);
	return 0;
}

static int take(struct tell_forward *f, struct lines *l, int id)
{
	l->journal |= id == 'u' || id == 't' || id == 'p' || id == 'D' ||
		id == OPT_NAMESPACE;
	switch (id) {
	case 'u':
		add_to(&l->units, optarg);
		break;
	case 't':
		add_to(&l->identifiers, optarg);
		break;
	case 'p':
		put_option(&l->source, "priority", optarg);
		break;
	case 'D':
		put_option(&l->source, "directory", optarg);
		break;
	case OPT_NAMESPACE:
		put_option(&l->source, "namespace", optarg);
		break;
	case 'w':
		tell_buf_puts(&l->filter, "filter required match");
		put_option(&l->filter, "when", optarg);
		tell_buf_putc(&l->filter, '\n');
		break;
	case OPT_FILE:
		l->any = true;
		return add_file(l, optarg);
	case 'S':
		return set_since(f, optarg);
	case OPT_CATCH_UP:
		f->wish.catch_up = true;
		return 0;
	case OPT_STATE:
		f->wish.state_dir = optarg;
		return 0;
	case 'n':
		f->wish.dry = true;
		return 0;
	case 'q':
		f->quiet = true;
		return 0;
	default:
		f->verbose = true;
		return 0;
	}
	l->any = true;
	return 0;
}

/* What an operand without a name is: the first of these that the sink knows. */
static const char *place_option(const char *sink)
{
	static const char *const places[] = { "url", "host", "path" };
	const struct tell_module *m = tell_module_of(TELL_CHAIN_SINK, sink);
	for (size_t i = 0; m && i < sizeof(places) / sizeof(places[0]); i++)
		for (const struct tell_option *o = m->options; o && o->name; o++)
			if (strcmp(o->name, places[i]) == 0)
				return places[i];
	return NULL;
}

static int take_sink(struct lines *l, int n, char **words)
{
	tell_buf_printf(&l->sink, "sink required");
	tell_lex_put(&l->sink, words[0]);
	for (int i = 1; i < n; i++) {
		const char *place = i == 1 && !strchr(words[i], '=')
			? place_option(words[0])
			: NULL;
		if (strchr(words[i], '\n'))
			return tell_cli_error(
				EX_USAGE, "forward", "an operand with a line feed");
		if (place)
			put_option(&l->sink, place, words[i]);
		else
			tell_lex_put(&l->sink, words[i]);
	}
	tell_buf_putc(&l->sink, '\n');
	return 0;
}

static void put_text(struct lines *l, struct tell_buf *text)
{
	if (l->units.len)
		put_option(&l->source, "unit", tell_buf_cstr(&l->units));
	if (l->identifiers.len)
		put_option(&l->source, "identifier", tell_buf_cstr(&l->identifiers));
	if (l->files.len)
		tell_buf_put(text, l->files.data, l->files.len);
	else
		tell_buf_printf(
			text, "source required journal%s\n", tell_buf_cstr(&l->source));
	tell_buf_put(text, l->filter.data, l->filter.len);
	tell_buf_put(text, l->sink.data, l->sink.len);
}

static int read_options(struct tell_forward *f, struct lines *l, struct tell_buf *text,
	int argc, char **argv)
{
	bool done;
	int id, r = 0;
	while (r == 0 && (id = tell_cli_next(&tell_verb_forward, argc, argv, &done)) >= 0)
		r = take(f, l, id);
	if (r != 0)
		return r;
	if (id == TELL_CLI_BAD)
		return EX_USAGE;
	if (done)
		return -1;
	if (l->files.len && l->journal)
		return tell_cli_error(EX_USAGE, "forward",
			"--file is in place of a journal: -u, -t, -p, -D and --namespace are "
			"not for it; -w is");
	if (optind == argc && l->any)
		return tell_cli_error(EX_USAGE, "forward",
			"say where to as well: telltale forward -u shop loki https://host; "
			"without a sink the file says both");
	if (optind < argc && (r = take_sink(l, argc - optind, argv + optind)) == 0) {
		put_text(l, text);
		f->wish.text = tell_buf_cstr(text);
	}
	return r;
}

static int run(int argc, char **argv)
{
	struct tell_forward f = { 0 };
	struct lines l = { 0 };
	struct tell_buf text = { 0 };
	int r = read_options(&f, &l, &text, argc, argv);
	if (r == 0)
		r = tell_forward_run(&f);
	tell_buf_done(&l.units);
	tell_buf_done(&l.identifiers);
	tell_buf_done(&l.source);
	tell_buf_done(&l.files);
	tell_buf_done(&l.filter);
	tell_buf_done(&l.sink);
	tell_buf_done(&text);
	return tell_cli_flush(r < 0 ? EX_OK : r, "forward");
}
