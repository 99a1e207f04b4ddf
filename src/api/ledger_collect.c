/* The ledger as metrics: telltale_records_... */
#include "api/ledger.h"

#include "api/process.h"
#include "meter/collect.h"

static void begin(const struct tell_collector *to, const char *name, const char *help)
{
	const struct tell_metric m = { name, help, TELL_METRIC_COUNTER };
	to->family(to->arg, &m);
}

static void one(
	const struct tell_collector *to, const char *label, const char *value, uint64_t n)
{
	const struct tell_label l = { label, value };
	to->sample(to->arg, &l, 1, tell_reading_u64(n));
}

static void by_sink(const struct tell_collector *to, const struct tell_ledger *l,
	uint64_t (*count)(const struct tell_ledger_row *))
{
	for (size_t i = 0; i < l->n; i++)
		one(to, "sink", l->rows[i].sink, count(&l->rows[i]));
}

static uint64_t delivered(const struct tell_ledger_row *row)
{
	return row->verdicts[TELL_SUCCESS];
}

static uint64_t spooled(const struct tell_ledger_row *row)
{
	return row->verdicts[TELL_SPOOLED];
}

static uint64_t cut(const struct tell_ledger_row *row)
{
	return row->cut;
}

static uint64_t opened(const struct tell_ledger_row *row)
{
	return row->opened;
}

static uint64_t turned_away(const struct tell_ledger_row *row)
{
	return row->turned_away;
}

static uint64_t state(const struct tell_ledger_row *row)
{
	return (uint64_t)row->breaker;
}

static void dropped(const struct tell_collector *to, const struct tell_ledger *l)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct tell_ledger_row *row = &l->rows[i];
		for (size_t v = 0; v < TELL_N_VERDICTS; v++) {
			const struct tell_label labels[] = { { "sink", row->sink },
				{ "reason", tell_verdict_word((enum tell_verdict)v) } };
			if (tell_ledger_is_drop((enum tell_verdict)v) && row->verdicts[v])
				to->sample(to->arg, labels, 2,
					tell_reading_u64(row->verdicts[v]));
		}
	}
	const struct tell_label labels[] = { { "sink", TELL_LEDGER_QUEUE },
		{ "reason", TELL_LEDGER_QUEUE_FULL } };
	if (l->sum.dropped)
		to->sample(to->arg, labels, 2, tell_reading_u64(l->sum.dropped));
}

static void of_sinks(const struct tell_collector *to, const struct tell_ledger *l)
{
	begin(to, "telltale_records_offered", "Records a sink was asked to take.");
	by_sink(to, l, tell_ledger_offered);
	begin(to, "telltale_records_delivered", "Records a sink handed over.");
	by_sink(to, l, delivered);
	begin(to, "telltale_records_spooled", "Records a sink took to hand over later.");
	by_sink(to, l, spooled);
	begin(to, "telltale_records_dropped",
		"Records that a sink, or the queue, did not take.");
	dropped(to, l);
	begin(to, "telltale_records_cut", "Records cut to a sink's limit.");
	by_sink(to, l, cut);
	begin(to, "telltale_sink_opened", "How often a sink's breaker opened.");
	by_sink(to, l, opened);
	begin(to, "telltale_sink_turned_away",
		"Records dropped as unavailable by a breaker that was open.");
	by_sink(to, l, turned_away);
	static const struct tell_metric breaker = { "telltale_sink_breaker",
		"A sink's breaker: 0 closed, 1 open, 2 half-open.", TELL_METRIC_GAUGE };
	to->family(to->arg, &breaker);
	by_sink(to, l, state);
}

/* Of those that have a spool. */
static void of_spools(const struct tell_collector *to, const struct tell_ledger *l)
{
	static const struct tell_metric waiting = { "telltale_spool_records",
		"Records in a sink's spool that its receiver does not have for sure.",
		TELL_METRIC_GAUGE };
	static const struct tell_metric bytes = { "telltale_spool_bytes",
		"Bytes of a sink's spool on the disk.", TELL_METRIC_GAUGE };
	to->family(to->arg, &waiting);
	for (size_t i = 0; i < l->n; i++)
		if (l->rows[i].spools)
			one(to, "sink", l->rows[i].sink, l->rows[i].spool.waiting);
	to->family(to->arg, &bytes);
	for (size_t i = 0; i < l->n; i++)
		if (l->rows[i].spools)
			one(to, "sink", l->rows[i].sink, l->rows[i].spool.bytes);
	begin(to, "telltale_spool_lost",
		"Records of a spool dropped as it was full, or damaged on the disk.");
	for (size_t i = 0; i < l->n; i++) {
		const struct tell_ledger_row *row = &l->rows[i];
		const struct tell_label full[] = { { "sink", row->sink },
			{ "reason", "full" } };
		const struct tell_label damaged[] = { { "sink", row->sink },
			{ "reason", "damaged" } };
		if (!row->spools)
			continue;
		to->sample(to->arg, full, 2, tell_reading_u64(row->spool.dropped));
		to->sample(to->arg, damaged, 2, tell_reading_u64(row->spool.damaged));
	}
	begin(to, "telltale_spool_again",
		"Records sent once more, as a connection broke that may have lost them.");
	for (size_t i = 0; i < l->n; i++)
		if (l->rows[i].spools)
			one(to, "sink", l->rows[i].sink, l->rows[i].spool.again);
}

static void of_queue(const struct tell_collector *to, const struct tell_stack_stats *sum)
{
	static const struct tell_metric queued = { "telltale_records_queued",
		"Records in the queue, on their way to the sinks.", TELL_METRIC_GAUGE };
	to->family(to->arg, &queued);
	to->sample(to->arg, NULL, 0, tell_reading_u64(sum->queued));
	tell_collect_count(to, "telltale_records_recovered",
		"Records of processes that ended before they were delivered: delivered or "
		"undelivered here, but not made.",
		sum->recovered);
}

static void of_filters(const struct tell_collector *to, const struct tell_ledger *l)
{
	begin(to, "telltale_filter",
		"What limiting filters count: kept, suppressed, repeated and the like.");
	for (size_t i = 0; i < l->n_counts; i++) {
		const struct tell_label labels[] = { { "filter", l->counts[i].filter },
			{ "count", l->counts[i].word } };
		to->sample(to->arg, labels, 2, tell_reading_u64(l->counts[i].n));
	}
}

static void of_process(const struct tell_collector *to)
{
	begin(to, "telltale_records_unmade", "Calls that could not become a record.");
	one(to, "reason", "nested",
		__atomic_load_n(&tell_process.lost.nested, __ATOMIC_RELAXED));
	one(to, "reason", "memory",
		__atomic_load_n(&tell_process.lost.memory, __ATOMIC_RELAXED));
}

void tell_ledger_collect(
	const struct tell_ledger *l, bool process, const struct tell_collector *to)
{
	begin(to, "telltale_records", "Records of the service, by what became of them.");
	one(to, "outcome", "delivered", l->sum.delivered);
	one(to, "outcome", "dropped", l->sum.dropped);
	one(to, "outcome", "filtered", l->sum.filtered);
	one(to, "outcome", "undelivered", l->sum.undelivered);
	of_sinks(to, l);
	of_spools(to, l);
	of_queue(to, &l->sum);
	of_filters(to, l);
	begin(to, "telltale_redacted", "Values that redaction hid, by kind.");
	for (size_t i = 0; i < l->n_kinds; i++)
		one(to, "kind", l->kinds[i].word, l->kinds[i].n);
	tell_collect_count(to, "telltale_records_masked",
		"Records with all values masked, as redaction failed.", l->sum.masked);
	tell_collect_count(to, "telltale_records_unenriched",
		"Records that an enrich line failed for.", l->sum.enrich_failed);
	tell_collect_count(to, "telltale_notes_suppressed",
		"Notes of stack lines kept back, as they were said a minute ago.",
		l->sum.notes_suppressed);
	if (process)
		of_process(to);
}
