#include <errno.h>
#include <stdlib.h>
#include "base/buf.h"
#include "base/clock.h"
#include "base/number.h"
#include "health/module.h"
#include "meter/recent.h"
#include "meter/window.h"
#include "record/expr_metric.h"
#include "record/record.h"

/* health metric: conditions on the process's own numbers. When nothing was counted that a
 * condition could be judged by, nothing is known: neither good nor bad. */
static const struct tell_option options[] = {
	{ "when", TELL_OPTION_TEXT, NULL, NULL,
		"it is unhealthy then: [when=errors_total / requests_total > 0.1]",
		true },
	{ "degraded", TELL_OPTION_TEXT, NULL, NULL,
		"it is degraded then: [degraded=request_duration_seconds.p95 > 2]",
		false },
	{ "window", TELL_OPTION_DURATION, "5m", NULL,
		"counters and histograms are of this last time; 1h at most", false },
	{ "least", TELL_OPTION_COUNT, "1", NULL,
		"nothing is known when its busiest metric met fewer in the window",
		false },
	TELL_OPTION_CHECK,
	{ 0 },
};

#define REASON_BYTES 240

struct metric {
	struct tell_metric_expr *when, *degraded; /* degraded: or NULL */
	const char *service, *when_text, *degraded_text;
	uint64_t window_ns, least;
};

static void close_metric(void *state)
{
	struct metric *m = state;
	if (m) {
		tell_metric_expr_free(m->when);
		tell_metric_expr_free(m->degraded);
	}
	free(m);
}

static int compile(struct tell_metric_expr **ret, const struct tell_args *args,
	const char *name, struct tell_refusal *why)
{
	struct tell_expr_error error;
	const char *text = tell_args_text(args, name);
	int r = text ? tell_metric_expr_new(ret, text, &error) : 0;
	if (r < 0)
		return tell_refuse(why, r, name, error.fix,
			"%s, in column %u of %s=", error.what, error.column, name);
	return 0;
}

static int open_metric(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	struct metric *m = calloc(1, sizeof(*m));
	if (!m)
		return -ENOMEM;
	m->service = tell_args_service(args);
	m->when_text = tell_args_text(args, "when");
	m->degraded_text = tell_args_text(args, "degraded");
	m->window_ns = tell_args_u64(args, "window");
	m->least = tell_args_u64(args, "least");
	int r = compile(&m->when, args, "when", why);
	if (r == 0)
		r = compile(&m->degraded, args, "degraded", why);
	if (r == 0 && (m->window_ns == 0 || m->window_ns > TELL_WINDOW_HOUR_NS))
		r = tell_refuse(why, -ERANGE, "window", "write 1s to 1h",
			"no window is that long");
	if (r < 0)
		close_metric(m);
	else
		*ret = m;
	return r;
}

static void say(struct tell_run *run, const struct tell_buf *text)
{
	const struct tell_field f = tell_strn("reason", text->data, text->len);
	tell_record_add(run->record, &f, 1, 0, NULL);
}

/* "errors_total / requests_total > 0.1: errors_total is 7, requests_total is 20" */
static void say_values(
	struct tell_run *run, const struct tell_metric_expr *e, const char *text)
{
	struct tell_buf said;
	struct tell_metric_term t;
	const char *between = ":";
	tell_buf_init(&said, REASON_BYTES);
	tell_buf_puts(&said, text);
	for (size_t pos = 0; tell_metric_expr_next(e, &pos, &t); between = ",")
		if (t.known)
			tell_buf_printf(&said, "%s %s is %.6g", between, t.name, t.value);
	say(run, &said); /* cut is fine */
	tell_buf_done(&said);
}

/* Why nothing is known. */
static void say_open(struct tell_run *run, const struct metric *m)
{
	struct tell_buf said;
	struct tell_metric_term t;
	const struct tell_metric_expr *list[] = { m->when, m->degraded };
	tell_buf_init(&said, REASON_BYTES);
	for (size_t i = 0; i < 2 && list[i] && !said.len; i++)
		for (size_t pos = 0;
			!said.len && tell_metric_expr_next(list[i], &pos, &t);)
			if (t.why)
				tell_buf_puts(&said, t.why);
	if (!said.len)
		tell_buf_puts(&said, "too little was met to judge by");
	say(run, &said);
	tell_buf_done(&said);
}

/* What can be a field's name; the rest is in the reason. */
static void add_values(struct tell_run *run, const struct tell_metric_expr *e)
{
	struct tell_metric_term t;
	for (size_t pos = 0; tell_metric_expr_next(e, &pos, &t);) {
		const struct tell_field f = tell_f64(t.name, t.value);
		if (t.known && !t.chosen)
			tell_record_add(run->record, &f, 1, 0, NULL);
	}
}

/* Does it hold? Open, too, when there was less than `least`. */
static enum tell_expr_truth ask(
	const struct metric *m, struct tell_metric_expr *e, struct tell_run *run)
{
	if (!e)
		return TELL_EXPR_NO;
	tell_metric_expr_read(e, m->service, m->window_ns, tell_clock_monotonic_ns());
	add_values(run, e);
	return tell_metric_expr_traffic(e) < m->least ? TELL_EXPR_OPEN
						      : tell_metric_expr_judge(e);
}

static enum tell_verdict run_metric(void *state, struct tell_run *run)
{
	const struct metric *m = state;
	enum tell_expr_truth bad = ask(m, m->when, run);
	if (bad == TELL_EXPR_YES) {
		say_values(run, m->when, m->when_text);
		return TELL_LIMITED;
	}
	enum tell_expr_truth amiss = ask(m, m->degraded, run);
	if (amiss == TELL_EXPR_YES) {
		say_values(run, m->degraded, m->degraded_text);
		return TELL_SPOOLED;
	}
	if (bad == TELL_EXPR_NO && amiss == TELL_EXPR_NO)
		return TELL_SUCCESS;
	say_open(run, m);
	return TELL_IGNORE;
}

const struct tell_module tell_health_metric = {
	TELL_MODULE_ABI,
	"health",
	"metric",
	"asks the process's own numbers",
	.options = options,
	.open = open_metric,
	.run = run_metric,
	.close = close_metric,
};
