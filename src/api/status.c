#include "api/status.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "api/gather.h"
#include "api/health_view.h"
#include "api/level.h"
#include "api/process.h"
#include "api/rule.h"
#include "base/clock.h"
#include "encode/member.h"
#include "encode/metrics.h"

/* ---- parts ---- */

static void put_records(struct tell_buf *out, const struct tell_stack_stats *sum)
{
	tell_member_name(out, "records");
	tell_buf_putc(out, '{');
	tell_member_u64(out, "made", sum->records);
	tell_member_u64(out, "delivered", sum->delivered);
	tell_member_u64(out, "filtered", sum->filtered);
	tell_member_u64(out, "undelivered", sum->undelivered);
	tell_member_u64(out, "queued", sum->queued);
	tell_member_u64(out, "dropped", sum->dropped);
	tell_member_u64(out, "recovered", sum->recovered);
	tell_member_u64(out, "masked", sum->masked);
	tell_member_u64(out, "unenriched", sum->enrich_failed);
	tell_member_u64(out, "nested",
		__atomic_load_n(&tell_process.lost.nested, __ATOMIC_RELAXED));
	tell_member_u64(out, "memory",
		__atomic_load_n(&tell_process.lost.memory, __ATOMIC_RELAXED));
	tell_buf_putc(out, '}');
}

/* Records that found the queue full, or no memory for it, and waited for the sinks. */
static uint64_t passed(const struct tell_stack *stack)
{
	struct tell_line_stats line;
	uint64_t n = 0;
	for (size_t pos = 0; tell_stack_next_line(stack, &pos, &line);)
		if (strcmp(line.type, "queue") == 0)
			n += line.verdicts[TELL_FULL] + line.verdicts[TELL_UNAVAILABLE];
	return n;
}

static void put_queue(struct tell_buf *out, const struct tell_stack *stack,
	const struct tell_stack_stats *sum)
{
	if (!stack || !tell_stack_has_queue(stack))
		return;
	tell_member_name(out, "queue");
	tell_buf_putc(out, '{');
	tell_member_u64(out, "lanes", sum->lanes);
	tell_member_u64(out, "passed", passed(stack));
	tell_buf_putc(out, '}');
}

static void put_spool(struct tell_buf *out, const struct tell_outbox_stats *spool)
{
	tell_member_name(out, "spool");
	tell_buf_putc(out, '{');
	tell_member_text(out, "path", spool->path);
	tell_member_u64(out, "limit", spool->limit);
	tell_member_u64(out, "bytes", spool->bytes);
	tell_member_u64(out, "waiting", spool->waiting);
	tell_member_u64(out, "unsent", spool->unsent);
	tell_member_u64(out, "found", spool->found);
	tell_member_u64(out, "again", spool->again);
	tell_member_u64(out, "dropped", spool->dropped);
	tell_member_u64(out, "damaged", spool->damaged);
	tell_buf_putc(out, '}');
}

static void put_sinks(struct tell_buf *out, const struct tell_ledger *l)
{
	tell_member_name(out, "sinks");
	tell_buf_putc(out, '[');
	for (size_t i = 0; i < l->n; i++) {
		const struct tell_ledger_row *row = &l->rows[i];
		tell_member_element(out);
		tell_member_text(out, "sink", row->sink);
		tell_member_u64(out, "offered", tell_ledger_offered(row));
		tell_member_u64(out, "delivered", row->verdicts[TELL_SUCCESS]);
		tell_member_u64(out, "spooled", row->verdicts[TELL_SPOOLED]);
		tell_member_name(out, "dropped");
		tell_buf_putc(out, '{');
		for (size_t v = 0; v < TELL_N_VERDICTS; v++)
			if (row->verdicts[v] && tell_ledger_is_drop((enum tell_verdict)v))
				tell_member_u64(out,
					tell_verdict_word((enum tell_verdict)v),
					row->verdicts[v]);
		tell_buf_putc(out, '}');
		if (row->cut)
			tell_member_u64(out, "cut", row->cut);
		tell_member_text(out, "breaker", tell_breaker_word(row->breaker));
		tell_member_u64(out, "opened", row->opened);
		tell_member_u64(out, "turned_away", row->turned_away);
		if (row->breaker != TELL_BREAKER_CLOSED)
			tell_member_u64(out, "retry_ms", row->left_ns / TELL_NS_PER_MS);
		if (row->spools)
			put_spool(out, &row->spool);
		tell_buf_putc(out, '}');
	}
	tell_buf_putc(out, ']');
}

static void put_redacted(struct tell_buf *out, const struct tell_ledger *l)
{
	tell_member_name(out, "redacted");
	tell_buf_putc(out, '{');
	for (size_t i = 0; i < l->n_kinds; i++)
		tell_member_u64(out, l->kinds[i].word, l->kinds[i].n);
	tell_buf_putc(out, '}');
}

/* The counts of one filter follow one another. */
static void put_filters(struct tell_buf *out, const struct tell_ledger *l)
{
	tell_member_name(out, "filters");
	tell_buf_putc(out, '[');
	for (size_t i = 0; i < l->n_counts; i++) {
		const struct tell_ledger_count *c = &l->counts[i];
		if (i == 0 || strcmp(c->filter, c[-1].filter) != 0) {
			if (i)
				tell_buf_putc(out, '}');
			tell_member_element(out);
			tell_member_text(out, "filter", c->filter);
		}
		tell_member_u64(out, c->word, c->n);
	}
	tell_buf_puts(out, l->n_counts ? "}]" : "]");
}

static void put_levels(struct tell_buf *out)
{
	uint64_t now_ns = tell_clock_monotonic_ns();
	struct tell_level_rule *rules = calloc(TELL_RULES_MAX, sizeof(*rules));
	size_t n = rules ? tell_level_rules(rules, TELL_RULES_MAX) : 0;
	struct tell_buf text;
	tell_buf_init(&text, 4096);
	tell_member_name(out, "levels");
	tell_buf_putc(out, '[');
	for (size_t i = 0; i < n; i++) {
		uint64_t until_ns = rules[i].until_ns;
		tell_buf_clear(&text);
		tell_rule_put(&text, &rules[i]);
		tell_member_element(out);
		tell_member_text(out, "rule", tell_buf_cstr(&text));
		if (rules[i].owner)
			tell_member_u64(out, "seconds",
				until_ns > now_ns
					? (until_ns - now_ns - 1) / TELL_NS_PER_SEC + 1
					: 0);
		tell_buf_putc(out, '}');
	}
	tell_buf_putc(out, ']');
	tell_buf_done(&text);
	free(rules);
}

/* Where there is something to be asked. */
static void put_health(struct tell_buf *out, const struct tell_service *s)
{
	size_t n;
	bool live;
	(void)tell_health_list(s, NULL, 0, &n);
	if (n == 0)
		return;
	tell_member_name(out, "health");
	(void)tell_health_put(out, s, TELL_HEALTH_CHECKS, &live);
}

static void put_refusal(struct tell_buf *out, const struct tell_service *s)
{
	if (!s->refused_ns)
		return;
	tell_member_name(out, "refused");
	tell_buf_putc(out, '{');
	tell_member_time(out, "at", s->refused_ns);
	tell_member_text(out, "why", s->refusal ? s->refusal : "");
	tell_buf_putc(out, '}');
}

/* ---- metrics ---- */

static void put_metrics(
	struct tell_buf *out, const struct tell_service *s, const struct tell_ledger *l)
{
	struct tell_metrics_json m;
	const struct tell_collector to = { tell_metrics_family, tell_metrics_sample, &m };
	tell_member_name(out, "metrics");
	tell_metrics_begin(&m, out);
	tell_gather_service(s, l, &to);
	tell_metrics_end(&m);
}

void tell_status_put(struct tell_buf *out, const struct tell_service *s)
{
	const struct tell_stack *stack = __atomic_load_n(&s->stack, __ATOMIC_ACQUIRE);
	struct tell_ledger ledger;
	tell_service_ledger(s, &ledger);
	tell_buf_putc(out, '{');
	tell_member_text(out, "telltale", TELL_VERSION);
	tell_member_text(out, "service", s->name);
	tell_member_u64(out, "pid", (uint64_t)getpid());
	tell_member_time(out, "started", s->start_ns);
	tell_member_time(out, "now", tell_clock_realtime_ns());
	tell_member_text(out, "stack", stack ? tell_stack_source(stack) : "");
	tell_member_u64(out, "reloads", s->reload.n);
	tell_member_u64(
		out, "rounds", __atomic_load_n(&s->thread.rounds, __ATOMIC_RELAXED));
	put_records(out, &ledger.sum);
	put_queue(out, stack, &ledger.sum);
	put_redacted(out, &ledger);
	put_filters(out, &ledger);
	put_sinks(out, &ledger);
	put_levels(out);
	put_health(out, s);
	put_refusal(out, s);
	put_metrics(out, s, &ledger);
	tell_buf_puts(out, "}\n");
}
