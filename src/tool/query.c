/* telltale query: records from journals and from files of lines, by one set of options. */
#include "tool/query.h"
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <systemd/sd-journal.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/number.h"
#include "record/level.h"
#include "tool/option.h"
#include "tool/time_arg.h"
#include "tool/verbs.h"

#define FOLLOW_LINES 10 /* what -f shows first, as journalctl and tail do */

enum {
	OPT_FILE = TELL_CLI_LONG,
	OPT_NAMESPACE,
	OPT_FIELDS,
	OPT_UTC,
	OPT_COLOR,
	OPT_NO_PAGER,
	OPT_NO_HOSTNAME,
	OPT_JSON,
	OPT_BY,
	OPT_OF,
	OPT_AUDIT
};

static const struct tell_cli_option options[] = {
	{ .help = "What to show" },
	{ 'n', "lines", "N", "the newest N records", NULL },
	{ 'f', "follow", NULL, "the newest 10, then those that come", NULL },
	{ 'S', "since", "TIME",
		"from then on: -1h, yesterday, \"2026-11-21 10:00\", @SECONDS",
		"today yesterday -1h -15m" },
	{ 'U', "until", "TIME", "up to then", "now today yesterday" },
	{ 'p', "priority", "LEVEL", "this level and worse; LEVEL..LEVEL for a range",
		"emerg alert crit error warning notice info debug" },
	{ 't', "identifier", "NAME", "records of this service (again: or of that)",
		NULL },
	{ 'u', "unit", "UNIT", "records of this systemd unit (again: or of that)", NULL },
	{ 'b', "boot", "[BOOT]",
		"since the machine started, -1: the boot before, or an id", NULL },
	{ 'w', "where", "EXPR",
		"records for which an expression holds, as in\n"
		"'level>=warning and status>=500 and not path~\"^/health\"'",
		NULL },
	{ 'g', "grep", "REGEX", "messages that match; all lower case ignores case",
		NULL },
	{ 'r', "reverse", NULL, "newest first", NULL },
	{ .help = "Numbers instead of records" },
	{ OPT_BY, "by", "LIST",
		"count by fields and time: level, endpoint,5m; a metric that\n"
		"metric publish sends: requests_total,endpoint,1h",
		"level service logger message kind caller host time 1m 5m 1h 1d" },
	{ OPT_OF, "of", "FIELD", "whose p50, p95 and p99 are shown, too: duration",
		NULL },
	{ OPT_AUDIT, "audit", NULL, "which records did not arrive, by their TELL_SEQ",
		NULL },
	{ .help = "Where to look (default: this machine's journal)" },
	{ OPT_FILE, "file", "GLOB", "journal files or files of JSON lines; - is stdin",
		NULL },
	{ 'D', "directory", "DIR", "the journal files in DIR", NULL },
	{ OPT_NAMESPACE, "namespace", "NAME", "the journal of a namespace; * for all",
		NULL },
	{ .help = "How to show it" },
	{ 'o', "output", "FORMAT",
		"short, short-precise, short-iso, short-iso-precise,\n"
		"verbose, cat, json, json-pretty, logfmt, export",
		TELL_PRINT_FORMATS },
	{ OPT_JSON, "json", NULL, "the same as -o json", NULL },
	{ OPT_FIELDS, "output-fields", "LIST", "only these fields: request_id,status",
		NULL },
	{ OPT_UTC, "utc", NULL, "times in UTC, not local time", NULL },
	{ OPT_NO_HOSTNAME, "no-hostname", NULL, "leave the host out of short lines",
		NULL },
	{ OPT_COLOR, "color", "WHEN", "auto, always or never", "auto always never" },
	{ OPT_NO_PAGER, "no-pager", NULL, "straight to the terminal", NULL },
	{ 'q', "quiet", NULL, "no hints on stderr", NULL },
	{ 0 },
};

static const char examples[] =
	"  telltale query request_id=r1                 all of one request\n"
	"  telltale query -t shop -p warning -S -1h     what went wrong lately\n"
	"  telltale query -f -w 'status >= 500'         failures as they happen\n"
	"  telltale query --file='/var/log/shop/*.jsonl' -o json user=ann + user=bob\n"
	"  telltale query -S -1h --by=level,1m          how it went, by level and minute\n"
	"  telltale query --audit -t shop -S today      did all records arrive?\n";

static int run(int argc, char **argv);

const struct tell_verb tell_verb_query = {
	.name = "query",
	.group = "Daily",
	.summary = "find records in journals and JSON-lines files",
	.operands = "[FIELD=VALUE]... [+ FIELD=VALUE...]",
	.options = options,
	.examples = examples,
	.run = run,
};

static int bad(const char *what, const char *value, const char *fix)
{
	return tell_cli_error(EX_USAGE, "query", "%s \"%s\"; %s", what, value, fix);
}

static int set_levels(struct tell_query *q, const char *text)
{
	const char *dots = strstr(text, "..");
	int to = tell_level_parse(text, dots ? (size_t)(dots - text) : strlen(text));
	int from = dots ? tell_level_parse(dots + 2, strlen(dots + 2)) : 0;
	if (from < 0 || to < 0)
		return bad("no such level as in", text,
			"levels are emerg alert crit error warning notice info debug");
	if (from > to) {
		int swap = from;
		from = to;
		to = swap;
	}
	q->select.levels = 0;
	for (int level = from; level <= to; level++)
		q->select.levels |= 1u << level;
	return 0;
}

static int set_grep(struct tell_query *q, const char *pattern)
{
	int flags = REG_EXTENDED;
	if (strpbrk(pattern, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == NULL)
		flags |= REG_ICASE;
	if (q->select.grep)
		regfree(q->select.grep);
	q->select.grep = NULL;
	int r = regcomp(&q->grep, pattern, flags);
	if (r != 0) {
		char why[128];
		(void)regerror(r, &q->grep, why, sizeof(why));
		return tell_cli_error(
			EX_USAGE, "query", "bad pattern \"%s\": %s", pattern, why);
	}
	q->select.grep = &q->grep;
	return 0;
}

static int set_where(struct tell_query *q, const char *text)
{
	struct tell_expr_error error = { 0 };
	q->select.expr = tell_expr_free(q->select.expr);
	int r = tell_expr_new(&q->select.expr, text, &error);
	if (r == 0)
		return 0;
	(void)tell_cli_error(
		0, "query", "-w column %u: %s; %s", error.column, error.what, error.fix);
	fprintf(stderr, "  ");
	size_t until = fwrite(text, 1, strcspn(text, "\n\033"), stderr);
	fprintf(stderr, "\n  %*s^\n",
		error.column && error.column <= until + 1 ? (int)error.column - 1 : 0,
		"");
	return EX_USAGE;
}

static int set_time(uint64_t *ret, const char *text, bool utc)
{
	if (tell_time_arg(text, tell_clock_realtime_ns(), utc, ret) < 0)
		return bad("no time that I know:", text, TELL_TIME_ARG_FIX);
	return 0;
}

static int add_word(const char **list, size_t *n, const char *word)
{
	if (*n == TELL_SELECT_MAX)
		return tell_cli_error(
			EX_USAGE, "query", "more than %d of one kind", TELL_SELECT_MAX);
	list[(*n)++] = word;
	return 0;
}

/* "shop" is "shop.service", as systemctl has it. */
static int add_unit(struct tell_query *q, const char *name)
{
	size_t n = q->select.n_units;
	int r = add_word(
		q->select.units, &q->select.n_units, q->units[n % TELL_SELECT_MAX]);
	if (r == 0)
		(void)snprintf(q->units[n], sizeof(q->units[n]), "%s%s", name,
			strchr(name, '.') ? "" : ".service");
	return r;
}

static int set_lines(struct tell_query *q, const char *text)
{
	q->limited = true;
	q->lines = UINT64_MAX;
	if (strcmp(text, "all") != 0 && !tell_parse_u64(text, strlen(text), &q->lines))
		return bad("no number of lines:", text, "write a whole number, or all");
	return 0;
}

static int set_fields(struct tell_query *q, const char *list)
{
	if (tell_print_fields(&q->print, list) < 0)
		return bad("no list of fields:", list,
			"write names with commas: user,status");
	return 0;
}

static int set_format(struct tell_query *q, const char *word)
{
	if (!tell_print_format(&q->print, word))
		return bad("no such format as", word, "formats are " TELL_PRINT_FORMATS);
	return 0;
}

static int take_where(struct tell_query *q, int id)
{
	switch (id) {
	case OPT_FILE:
		if (q->n_files == TELL_QUERY_FILES_MAX)
			return tell_cli_error(EX_USAGE, "query", "too many --file");
		q->files[q->n_files++] = optarg;
		return 0;
	case 'D':
		q->directory = optarg;
		return 0;
	case OPT_NAMESPACE:
		q->name_space = optarg;
		return 0;
	case 'p':
		return set_levels(q, optarg);
	case 't':
		return add_word(q->select.identifiers, &q->select.n_identifiers, optarg);
	case 'u':
		return add_unit(q, optarg);
	case 'w':
		return set_where(q, optarg);
	case 'g':
		return set_grep(q, optarg);
	default:
		return set_lines(q, optarg);
	}
}

static int take(struct tell_query *q, int id)
{
	switch (id) {
	case 'f':
		q->follow = true;
		return 0;
	case 'r':
		q->reverse = true;
		return 0;
	case 'q':
		q->quiet = true;
		return 0;
	case 'o':
	case OPT_JSON:
		return set_format(q, id == OPT_JSON ? "json" : optarg);
	case OPT_BY:
		return tell_query_by_take(&q->by, optarg);
	case OPT_OF:
		q->by.of = optarg;
		return 0;
	case OPT_AUDIT:
		q->audit = true;
		return 0;
	case OPT_FIELDS:
		return set_fields(q, optarg);
	case OPT_UTC:
		q->print.utc = true;
		return 0;
	case OPT_NO_HOSTNAME:
		q->print.hostname = false;
		return 0;
	case OPT_NO_PAGER:
		q->no_pager = true;
		return 0;
	case OPT_COLOR:
		q->color = optarg;
		return tell_cli_color(optarg, STDOUT_FILENO, &q->print.color)
			? 0
			: bad("no such word as", optarg, "write auto, always or never");
	default:
		return take_where(q, id);
	}
}

static int take_operands(struct tell_query *q, int argc, char **argv)
{
	for (int i = optind; i < argc; i++) {
		int r = tell_matches_add(&q->select.matches, argv[i]);
		if (r == -E2BIG)
			return tell_cli_error(EX_USAGE, "query", "too many matches");
		if (r < 0)
			return bad("no match:", argv[i],
				"write FIELD=VALUE, as in request_id=r1; -t names a "
				"service, -g finds text");
	}
	return 0;
}

/* The command line into q. 0; or -1 when --help was it; or an exit code. */
static int read_options(struct tell_query *q, int argc, char **argv)
{
	const char *since = NULL, *until = NULL;
	bool done;
	int id, r = 0;
	while (r == 0 && (id = tell_cli_next(&tell_verb_query, argc, argv, &done)) >= 0) {
		if (id == 'S')
			since = optarg;
		else if (id == 'U')
			until = optarg;
		else if (id == 'b')
			r = tell_query_boot(q, argc, argv);
		else
			r = take(q, id);
	}
	if (r != 0)
		return r;
	if (id == TELL_CLI_BAD)
		return EX_USAGE;
	if (done)
		return -1;
	/* After the loop, for --utc may come behind them. */
	if (since && (r = set_time(&q->select.since_ns, since, q->print.utc)) != 0)
		return r;
	if (until && (r = set_time(&q->select.until_ns, until, q->print.utc)) != 0)
		return r;
	if (q->select.until_ns && q->select.since_ns > q->select.until_ns)
		return tell_cli_error(EX_USAGE, "query", "--since is later than --until");
	if ((r = tell_query_by_check(q)) != 0)
		return r;
	if (q->follow && q->reverse)
		return tell_cli_error(EX_USAGE, "query", "-f and -r do not go together");
	r = take_operands(q, argc, argv);
	return r ? r : tell_query_audit_check(q);
}

static void selection_done(struct tell_selection *s)
{
	if (s->grep)
		regfree(s->grep);
	tell_expr_free(s->expr);
}

static int run(int argc, char **argv)
{
	struct tell_query *q = calloc(1, sizeof(*q));
	if (!q)
		return tell_cli_error(EX_OSERR, "query", "out of memory");
	q->print.format = "short";
	q->print.hostname = true;
	q->color = "auto";
	q->by.of = TELL_BY_OF;
	(void)tell_cli_color("auto", STDOUT_FILENO, &q->print.color);

	struct tell_sources sources = { .select = &q->select };
	int r = read_options(q, argc, argv);
	if (q->follow && !q->limited) {
		q->limited = true;
		q->lines = FOLLOW_LINES;
	}
	if (r == 0)
		r = tell_query_open(q, &sources);
	if (r == 0)
		r = q->audit	      ? tell_query_audit(q, &sources)
			: q->by.asked ? tell_query_by(q, &sources)
				      : tell_query_show(q, &sources);

	tell_sources_done(&sources);
	if (q->journal)
		sd_journal_close(q->journal);
	selection_done(&q->select);
	selection_done(&q->chosen);
	tell_print_done(&q->print);
	tell_query_by_done(&q->by);
	free(q);
	return tell_cli_flush(r < 0 ? EX_OK : r, "query");
}
