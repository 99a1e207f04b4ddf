#include "api/ledger.h"
#include <string.h>
#include "base/buf.h"
#include "meter/expose.h"
#include "support/check_main.h"

static struct tell_buf out;
static struct tell_expose expose = { .out = &out };

static void family(void *arg, const struct tell_metric *m)
{
	tell_expose_family(arg, m);
}

static void sample(
	void *arg, const struct tell_label *labels, size_t n, struct tell_reading value)
{
	tell_expose_sample(arg, labels, n, value);
}

static const char *collect(const struct tell_ledger *l, bool process)
{
	tell_buf_clear(&out);
	tell_ledger_collect(
		l, process, &(struct tell_collector){ family, sample, &expose });
	return tell_buf_cstr(&out);
}

static bool has(const char *text, const char *line)
{
	const char *at = strstr(text, line);
	return at && (at == text || at[-1] == '\n') && at[strlen(line)] == '\n';
}

START_TEST(each_sink_and_reason_has_a_sample)
{
	struct tell_ledger l = { .n_counts = 1,
		.counts = { { .filter = "quota", .word = "suppressed", .n = 14 } },
		.n = 2,
		.sum = { .records = 12,
			.delivered = 7,
			.filtered = 3,
			.undelivered = 2,
			.queued = 6,
			.dropped = 8,
			.recovered = 1 },
		.rows = { { .sink = "file" }, { .sink = "file#2" } } };
	l.rows[0].verdicts[TELL_SUCCESS] = 5;
	l.rows[0].verdicts[TELL_SPOOLED] = 1;
	l.rows[0].verdicts[TELL_TIMEOUT] = 2;
	l.rows[0].verdicts[TELL_IGNORE] = 9;
	l.rows[1].verdicts[TELL_FULL] = 4;
	const char *text = collect(&l, false);
	static const char *const lines[] = {
		"# TYPE telltale_records_total counter",
		"telltale_records_total{outcome=\"delivered\"} 7",
		"telltale_records_total{outcome=\"filtered\"} 3",
		"telltale_records_total{outcome=\"undelivered\"} 2",
		"telltale_records_offered_total{sink=\"file\"} 8",
		"telltale_records_delivered_total{sink=\"file\"} 5",
		"telltale_records_spooled_total{sink=\"file\"} 1",
		"telltale_records_dropped_total{sink=\"file\",reason=\"timeout\"} 2",
		"telltale_records_offered_total{sink=\"file#2\"} 4",
		"telltale_records_dropped_total{sink=\"file#2\",reason=\"full\"} 4",
		"telltale_records_total{outcome=\"dropped\"} 8",
		"telltale_records_dropped_total{sink=\"queue\",reason=\"full\"} 8",
		"# TYPE telltale_records_queued gauge",
		"telltale_records_queued 6",
		"telltale_records_recovered_total 1",
		"telltale_filter_total{filter=\"quota\",count=\"suppressed\"} 14",
		"telltale_records_masked_total 0",
	};
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		ck_assert_msg(has(text, lines[i]), "no %s in\n%s", lines[i], text);
	ck_assert_ptr_null(strstr(text, "ignore"));
	ck_assert_ptr_null(strstr(text, "unmade"));
}
END_TEST

START_TEST(what_belongs_to_no_service_is_there_once)
{
	static const struct tell_ledger none;
	const char *text = collect(&none, true);
	ck_assert(has(text, "telltale_records_unmade_total{reason=\"nested\"} 0"));
	ck_assert(has(text, "telltale_records_unmade_total{reason=\"memory\"} 0"));
}
END_TEST

static Suite *ledger_collect_suite(void)
{
	Suite *s = suite_create("api/ledger_collect");
	tell_check_add(s, "metrics", each_sink_and_reason_has_a_sample,
		what_belongs_to_no_service_is_there_once, NULL);
	return s;
}
TELL_CHECK_MAIN(ledger_collect_suite)
