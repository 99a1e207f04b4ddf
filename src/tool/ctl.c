/* telltale ctl: an order to a running service, over its control socket. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>
#include "api/control_request.h"
#include "base/clock.h"
#include "base/nearest.h"
#include "base/size.h"
#include "encode/parts.h"
#include "tool/option.h"
#include "tool/status.h"
#include "tool/verbs.h"

#define FLUSH_MS  10000
#define RELOAD_MS 20000

enum { OPT_FOR = TELL_CLI_LONG, OPT_PID };

static const struct tell_cli_option options[] = {
	{ OPT_FOR, "for", "TIME", "level: what was before comes back after so long: 10m",
		NULL },
	{ OPT_PID, "pid", "PID", "only this process of the service", NULL },
	{ 0 },
};

static const char examples[] =
	"  telltale ctl shop level debug --for=10m         all of it, for ten minutes\n"
	"  telltale ctl shop level file:cart.c line:40-80 debug --for=10m\n"
	"  telltale ctl shop level reset                   only the stack decides again\n"
	"  telltale ctl shop reload                        read /etc/telltale.d/shop again\n"
	"  telltale ctl shop inspect spool                 what waits on the disk for its sinks\n";

static int run(int argc, char **argv);

const struct tell_verb tell_verb_ctl = {
	.name = "ctl",
	.group = "Operate",
	.summary = "give an order to a running service",
	.operands = "SERVICE level RULE|reload|flush|reopen|stats|reset|inspect",
	.options = options,
	.examples = examples,
	.run = run,
};

enum order {
	ORDER_LEVEL,
	ORDER_RELOAD,
	ORDER_FLUSH,
	ORDER_REOPEN,
	ORDER_STATS,
	ORDER_RESET,
	ORDER_INSPECT,
	N_ORDERS
};
static const char *const orders[N_ORDERS + 1] = { "level", "reload", "flush", "reopen",
	"stats", "reset", "inspect" };

struct ctl {
	const char *service;
	enum order order;
	uint64_t for_ns; /* 0: for good */
	pid_t pid;
	bool color;
	struct tell_buf rule, request;
};

/* ---- what was asked for ---- */

static int take_order(struct ctl *c, const char *word)
{
	for (size_t i = 0; i < N_ORDERS; i++) {
		c->order = (enum order)i;
		if (strcmp(orders[i], word) == 0)
			return EX_OK;
	}
	const char *best = tell_nearest_of(word, orders);
	if (best)
		return tell_cli_error(EX_USAGE, "ctl",
			"no such order as \"%s\"; did you mean %s?", word, best);
	return tell_cli_error(EX_USAGE, "ctl",
		"no such order as \"%s\"; write level, reload, flush, reopen, stats, reset or "
		"inspect",
		word);
}

/* The words behind `level` are one rule, quoted or not. */
static int take_rule(struct ctl *c, char **words, int n)
{
	if (c->order == ORDER_RESET && n > 1)
		return tell_cli_error(EX_USAGE, "ctl",
			"reset takes one sink, as \"telltale status\" names it");
	if (c->order == ORDER_INSPECT && (n != 1 || strcmp(words[0], "spool") != 0))
		return tell_cli_error(EX_USAGE, "ctl",
			"what can be inspected is the spool: inspect spool");
	if (c->order != ORDER_LEVEL && c->order != ORDER_RESET &&
		c->order != ORDER_INSPECT && n > 0)
		return tell_cli_error(EX_USAGE, "ctl",
			"%s takes no argument, as \"%s\" is", orders[c->order], words[0]);
	if (c->order == ORDER_LEVEL && n == 0)
		return tell_cli_error(EX_USAGE, "ctl",
			"a rule is missing: level debug, level file:cart.c debug");
	if (c->order != ORDER_LEVEL && c->for_ns)
		return tell_cli_error(EX_USAGE, "ctl", "--for goes with level only");
	for (int i = 0; i < n; i++) {
		if (i)
			tell_buf_putc(&c->rule, ' ');
		tell_buf_puts(&c->rule, words[i]);
	}
	return EX_OK;
}

static int make_request(struct ctl *c)
{
	uint64_t ms = (c->for_ns + TELL_NS_PER_MS - 1) / TELL_NS_PER_MS;
	if (c->order == ORDER_LEVEL)
		tell_buf_printf(
			&c->request, "level %" PRIu64 " %s", ms, tell_buf_cstr(&c->rule));
	else if (c->order == ORDER_FLUSH)
		tell_buf_printf(&c->request, "flush %d", FLUSH_MS);
	else
		tell_buf_puts(&c->request, orders[c->order]);
	if (c->order == ORDER_RESET && c->rule.len)
		tell_buf_printf(&c->request, " %s", tell_buf_cstr(&c->rule));
	if (ms > TELL_REQUEST_MS_MAX)
		return tell_cli_error(EX_USAGE, "ctl", "--for is a year at most");
	if (c->request.len >= TELL_REQUEST_MAX)
		return tell_cli_error(EX_USAGE, "ctl", "the rule is too long");
	return EX_OK;
}

/* ---- doing it ---- */

static unsigned patience(const struct ctl *c)
{
	return c->order == ORDER_FLUSH	   ? FLUSH_MS + TELL_RUNNING_MS
		: c->order == ORDER_RELOAD ? RELOAD_MS
					   : TELL_RUNNING_MS;
}

static void put_escaped(const char *text, size_t len)
{
	struct tell_buf shown = { 0 };
	tell_text_escape(&shown, text, len, false);
	fputs(tell_buf_cstr(&shown), stdout); /* seen by tell_cli_flush() */
	tell_buf_done(&shown);
}

static void say_level(const struct ctl *c, const char *answer)
{
	char span[TELL_DURATION_MAX_CHARS];
	char *end = tell_put_duration_ns(span, c->for_ns);
	fputs("level ", stdout);
	put_escaped(c->rule.data, c->rule.len);
	if (c->for_ns)
		printf(" for %.*s", (int)(end - span), span);
	long sites = strtol(answer, NULL, 10);
	if (sites == 0)
		fputs("; no call site matches it so far", stdout);
	else
		printf(", %ld call site%s", sites, sites == 1 ? "" : "s");
}

static void say_done(
	const struct ctl *c, const struct tell_running *r, struct tell_buf *answer)
{
	const char *text = tell_buf_cstr(answer);
	printf("%s[%d]: ", r->service, (int)r->pid);
	if (c->order == ORDER_LEVEL)
		say_level(c, text);
	else if (c->order == ORDER_RELOAD) {
		fputs("reloaded ", stdout);
		put_escaped(text, strcspn(text, "\n"));
	} else
		fputs(c->order == ORDER_FLUSH		  ? "flushed"
				: c->order == ORDER_RESET ? "reset"
							  : "reopened",
			stdout);
	putchar('\n');
}

static int obey_one(struct ctl *c, struct tell_running *r)
{
	if (c->order == ORDER_INSPECT)
		return tell_status_show_spools(r, "ctl");
	if (c->order == ORDER_STATS)
		return tell_status_show(r, "ctl", c->color);
	struct tell_buf answer = { 0 };
	int code = tell_running_ask(r, tell_buf_cstr(&c->request), patience(c), &answer);
	if (code == EX_OK)
		say_done(c, r, &answer);
	else
		(void)tell_cli_error(code, "ctl", "%s[%d]: %s", r->service, (int)r->pid,
			tell_buf_cstr(&answer));
	tell_buf_done(&answer);
	return code;
}

static int obey(struct ctl *c)
{
	struct tell_running_list running;
	int r = tell_running_find(&running);
	if (r < 0)
		return tell_cli_error(EX_OSERR, "ctl", "%s", strerror(-r));
	int result = tell_running_choose(&running, "ctl", c->service, c->pid);
	for (size_t i = 0, n = result == EX_OK ? running.n : 0; i < n; i++) {
		int code = obey_one(c, &running.list[i]);
		result = result ? result : code;
	}
	tell_running_done(&running);
	return result;
}

static int take(struct ctl *c, int id)
{
	if (id == OPT_PID)
		return tell_running_pid("ctl", optarg, &c->pid);
	if (tell_parse_duration(optarg, &c->for_ns) == 0 && c->for_ns > 0)
		return EX_OK;
	return tell_cli_error(
		EX_USAGE, "ctl", "no time: \"%s\"; " TELL_DURATION_FIX, optarg);
}

static int run_ctl(struct ctl *c, int argc, char **argv)
{
	if (argc - optind < 2)
		return tell_cli_error(EX_USAGE, "ctl",
			"a service and an order are needed: telltale ctl shop reload");
	c->service = argv[optind];
	int r = take_order(c, argv[optind + 1]);
	if (r == EX_OK)
		r = take_rule(c, argv + optind + 2, argc - optind - 2);
	if (r == EX_OK)
		r = make_request(c);
	return r == EX_OK ? obey(c) : r;
}

static int run(int argc, char **argv)
{
	struct ctl c = { 0 };
	(void)tell_cli_color("auto", STDOUT_FILENO, &c.color);
	bool done;
	int id, r = EX_OK;
	while (r == EX_OK && (id = tell_cli_next(&tell_verb_ctl, argc, argv, &done)) >= 0)
		r = take(&c, id);
	if (r == EX_OK && id == TELL_CLI_BAD)
		r = EX_USAGE;
	if (r == EX_OK && !done)
		r = run_ctl(&c, argc, argv);
	tell_buf_done(&c.rule);
	tell_buf_done(&c.request);
	return tell_cli_flush(r, "ctl");
}
