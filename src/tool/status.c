/* telltale status: every service that runs here, its stack, its ledger, its metrics. */
#include "tool/status.h"
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>
#include "base/number.h"
#include "tool/verbs.h"

enum {
	OPT_PID = TELL_CLI_LONG,
	OPT_COLOR,
	OPT_LIVE,
	OPT_READY,
	OPT_NAGIOS,
	OPT_FROM_JOURNAL,
	OPT_TEXTFILE
};

enum form { FORM_TEXT, FORM_JSON, FORM_PROMETHEUS, FORM_OPENMETRICS, N_FORMS };
static const char *const forms[N_FORMS + 1] = { "text", "json", "prometheus",
	"openmetrics" };

static const struct tell_cli_option options[] = {
	{ 'o', "format", "FORMAT",
		"text; json: an object a line; prometheus, openmetrics:\n"
		"all metrics, with service and pid as labels",
		"text json prometheus openmetrics" },
	{ OPT_PID, "pid", "PID", "only this process", NULL },
	{ OPT_LIVE, "live", NULL, "say nothing; end with 1 if a line with live=yes fails",
		NULL },
	{ OPT_READY, "ready", NULL, "say nothing; end with 1 unless healthy or degraded",
		NULL },
	{ OPT_NAGIOS, "nagios", NULL,
		"a line for monitoring; end with 0 healthy, 1 degraded,\n"
		"2 unhealthy, 3 not known",
		NULL },
	{ OPT_TEXTFILE, "textfile", "DIR",
		"put all metrics into DIR/" TELL_STATUS_TEXTFILE ", for node_exporter",
		NULL },
	{ OPT_FROM_JOURNAL, "from-journal", NULL,
		"metrics as the journal has them, of all that publish them", NULL },
	{ OPT_COLOR, "color", "WHEN", "auto, always or never", "auto always never" },
	{ 0 },
};

static const char examples[] =
	"  telltale status\n"
	"  telltale status checkout\n"
	"  telltale status --ready checkout || echo 'send them elsewhere'\n"
	"  telltale status -o json | jq 'select(.records.undelivered > 0) | .service'\n"
	"  telltale status --textfile /var/lib/prometheus/node-exporter\n";

static int run(int argc, char **argv);

const struct tell_verb tell_verb_status = {
	.name = "status",
	.group = "Daily",
	.summary = "running services: stack, sinks, losses, health, metrics",
	.operands = "[SERVICE]",
	.options = options,
	.examples = examples,
	.run = run,
};

struct status {
	enum form form;
	pid_t pid;
	bool color;
	enum tell_status_probe probe;
	const char *service;
	const char *textfile; /* a directory, or NULL */
	bool from_journal;
};

/* An answer that is an object. */
static bool is_object(const struct tell_buf *answer, struct tell_json_span *ret)
{
	return tell_json_check(answer->data, answer->len, ret) &&
		ret->kind == TELL_JSON_OBJECT;
}

static int ask(struct tell_running *r, const char *verb, struct tell_buf *answer,
	struct tell_json_span *ret)
{
	int code = tell_running_ask(r, "stats", TELL_RUNNING_MS, answer);
	if (code != EX_OK)
		return tell_cli_error(code, verb, "%s[%d]: %s", r->service, (int)r->pid,
			tell_buf_cstr(answer));
	if (!is_object(answer, ret))
		return tell_cli_error(EX_PROTOCOL, verb,
			"%s[%d]: its answer is no JSON object", r->service, (int)r->pid);
	return EX_OK;
}

int tell_status_show(struct tell_running *r, const char *verb, bool color)
{
	struct tell_buf answer = { 0 };
	struct tell_status s = { .of = r };
	struct tell_notices notices = { 0 };
	int code = ask(r, verb, &answer, &s.all);
	if (code == EX_OK) {
		tell_status_ask_journald(&s, &notices);
		tell_status_text(stdout, &s, color);
	}
	tell_suppressed_done(&s.suppressed);
	tell_notices_done(&notices);
	tell_buf_done(&answer);
	return code;
}

int tell_status_show_spools(struct tell_running *r, const char *verb)
{
	struct tell_buf answer = { 0 };
	struct tell_status s = { .of = r };
	int code = ask(r, verb, &answer, &s.all);
	if (code == EX_OK)
		tell_status_spools(stdout, &s);
	tell_buf_done(&answer);
	return code;
}

/* As it came, and whose it is and what journald did not keep: the kernel and the journal say
 * that, not the process. */
static void put_json(const struct tell_status *s)
{
	bool empty = s->all.len == 2;
	printf("{\"uid\":%u,\"peer_pid\":%d", (unsigned)s->of->uid, (int)s->of->pid);
	tell_status_put_journald(stdout, s);
	if (!empty)
		putchar(',');
	fwrite(s->all.text + 1, 1, s->all.len - 1, stdout); /* seen by tell_cli_flush() */
	putchar('\n');
}

static int put_metrics(const char *textfile, const struct tell_status *list, size_t n,
	enum tell_expose_format format)
{
	int code = EX_OK;
	struct tell_buf out = { 0 };
	size_t left_out = tell_status_metrics(&out, list, n, format);
	if (textfile)
		code = tell_status_textfile(textfile, &out);
	else
		fwrite(tell_buf_cstr(&out), 1, out.len,
			stdout); /* seen by tell_cli_flush() */
	tell_buf_done(&out);
	if (left_out)
		(void)tell_cli_error(0, "status",
			"%zu metrics were left out: others of the same name have another type",
			left_out);
	return code;
}

static int put_all(const struct status *o, const struct tell_status *list, size_t n)
{
	switch (o->form) {
	case FORM_TEXT:
		for (size_t i = 0; i < n; i++) {
			if (i)
				putchar('\n');
			tell_status_text(stdout, &list[i], o->color);
		}
		break;
	case FORM_JSON:
		for (size_t i = 0; i < n; i++)
			put_json(&list[i]);
		break;
	case FORM_PROMETHEUS:
		return put_metrics(o->textfile, list, n, TELL_EXPOSE_PROMETHEUS);
	case FORM_OPENMETRICS:
		return put_metrics(NULL, list, n, TELL_EXPOSE_OPENMETRICS);
	case N_FORMS:
		break;
	}
	return EX_OK;
}

/* Ask all, then show all: metrics of one name stand together. */
static int show(const struct status *o, struct tell_running_list *running)
{
	struct tell_status *list = calloc(running->n + 1, sizeof(*list));
	struct tell_buf *answers = calloc(running->n + 1, sizeof(*answers));
	struct tell_notices notices = { 0 };
	size_t n = 0;
	int result = EX_OK;
	if (!list || !answers)
		result = tell_cli_error(EX_OSERR, "status", "memory is out");
	for (size_t i = 0; list && answers && i < running->n; i++) {
		list[n].of = &running->list[i];
		int code = ask(&running->list[i], "status", &answers[i], &list[n].all);
		if (code == EX_OK)
			tell_status_ask_journald(&list[n++], &notices);
		result = result ? result : code;
	}
	if (list && answers && o->probe) {
		int code = tell_status_probe(o->probe, list, n);
		result = result && o->probe != TELL_STATUS_NAGIOS ? result : code;
	} else if (list && answers) {
		int code = put_all(o, list, n);
		result = result ? result : code;
	}
	for (size_t i = 0; answers && i < running->n; i++)
		tell_buf_done(&answers[i]);
	for (size_t i = 0; list && i < n; i++)
		tell_suppressed_done(&list[i].suppressed);
	tell_notices_done(&notices);
	free(answers);
	free(list);
	return result;
}

static int find(struct status *o)
{
	struct tell_running_list running;
	int r = tell_running_find(&running);
	if (r < 0)
		return tell_cli_error(EX_OSERR, "status", "%s", strerror(-r));
	bool named = o->service || o->pid;
	int code = named ? tell_running_choose(&running, "status", o->service, o->pid)
			 : 0;
	if (code != EX_OK && o->probe == TELL_STATUS_NAGIOS)
		printf("TELLTALE UNKNOWN - %s cannot be asked\n", o->service);
	if (code == EX_OK && running.n == 0 && o->form == FORM_TEXT)
		puts("No service that runs here can be asked. " TELL_RUNNING_HINT);
	if (code == EX_OK)
		code = show(o, &running);
	tell_running_done(&running);
	return code;
}

static int take(struct status *o, int id)
{
	switch (id) {
	case 'o':
		for (size_t i = 0; i < N_FORMS; i++)
			if (strcmp(forms[i], optarg) == 0) {
				o->form = (enum form)i;
				return EX_OK;
			}
		return tell_cli_error(EX_USAGE, "status",
			"no such format as \"%s\"; write text, json, prometheus or openmetrics",
			optarg);
	case OPT_LIVE:
		o->probe = TELL_STATUS_LIVE;
		return EX_OK;
	case OPT_READY:
		o->probe = TELL_STATUS_READY;
		return EX_OK;
	case OPT_NAGIOS:
		o->probe = TELL_STATUS_NAGIOS;
		return EX_OK;
	case OPT_TEXTFILE:
		o->form = FORM_PROMETHEUS;
		o->textfile = optarg;
		return EX_OK;
	case OPT_FROM_JOURNAL:
		o->from_journal = true;
		return EX_OK;
	case OPT_PID:
		return tell_running_pid("status", optarg, &o->pid);
	default:
		if (tell_cli_color(optarg, STDOUT_FILENO, &o->color))
			return EX_OK;
		return tell_cli_error(EX_USAGE, "status",
			"no such word as \"%s\"; write auto, always or never", optarg);
	}
}

static int run(int argc, char **argv)
{
	struct status o = { .form = FORM_TEXT };
	(void)tell_cli_color("auto", STDOUT_FILENO, &o.color);
	bool done;
	int id, r = EX_OK;
	while (r == EX_OK &&
		(id = tell_cli_next(&tell_verb_status, argc, argv, &done)) >= 0)
		r = take(&o, id);
	if (r == EX_OK && id == TELL_CLI_BAD)
		r = EX_USAGE;
	if (r != EX_OK || done)
		return tell_cli_flush(r, "status");
	if (argc - optind > 1)
		return tell_cli_error(EX_USAGE, "status", "one service, or none for all");
	o.service = optind < argc ? argv[optind] : NULL;
	if (o.probe && !o.service)
		return tell_cli_error(EX_USAGE, "status", "which service?");
	if (o.textfile && (o.service || o.pid || o.form != FORM_PROMETHEUS))
		return tell_cli_error(EX_USAGE, "status",
			"--textfile has all services, in Prometheus' format");
	bool metrics = o.form == FORM_PROMETHEUS || o.form == FORM_OPENMETRICS;
	if (o.from_journal && (!metrics || o.pid || o.probe || o.textfile))
		return tell_cli_error(EX_USAGE, "status",
			"--from-journal has metrics: add -o prometheus or openmetrics");
	int code = o.from_journal
		? tell_status_published(o.service,
			  o.form == FORM_PROMETHEUS ? TELL_EXPOSE_PROMETHEUS
						    : TELL_EXPOSE_OPENMETRICS)
		: find(&o);
	if (code >= EX__BASE && o.probe == TELL_STATUS_NAGIOS)
		code = TELL_STATUS_UNKNOWN;
	return tell_cli_flush(code, "status");
}
