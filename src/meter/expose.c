#include "meter/expose.h"
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include "base/clock.h"
#include "base/number.h"
#include "base/utf8.h"

/* Text in its escapes: of a label also the quote. */
static void put_text(struct tell_buf *out, const char *s, bool quoted)
{
	for (size_t n = strlen(s); n;) {
		uint32_t cp;
		char bytes[TELL_UTF8_MAX_BYTES];
		int taken = tell_utf8_next(s, n, &cp);
		if (cp == '\n')
			tell_buf_puts(out, "\\n");
		else if (cp == '\\')
			tell_buf_puts(out, "\\\\");
		else if (cp == '"' && quoted)
			tell_buf_puts(out, "\\\"");
		else
			tell_buf_put(out, bytes, tell_utf8_put(bytes, cp));
		s += taken;
		n -= (size_t)taken;
	}
}

static void put_name(struct tell_expose *e, bool sample)
{
	bool total = e->now.kind == TELL_METRIC_COUNTER &&
		(sample || e->format == TELL_EXPOSE_PROMETHEUS);
	tell_buf_puts(e->out, e->now.name);
	if (total)
		tell_buf_puts(e->out, "_total");
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), k = strlen(end);
	return n > k && strcmp(s + n - k, end) == 0;
}

/* OpenMetrics 1.0, "Metric Family": the unit is the end of the name, after "_". */
static const char *unit_of(const char *name)
{
	static const char *const units[] = { "seconds", "bytes", "ratio" };
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (ends_with(name, units[i]) &&
			name[strlen(name) - strlen(units[i]) - 1] == '_')
			return units[i];
	return NULL;
}

void tell_expose_family(struct tell_expose *e, const struct tell_metric *m)
{
	e->now = *m;
	tell_buf_puts(e->out, "# HELP ");
	put_name(e, false);
	tell_buf_putc(e->out, ' ');
	/* OpenMetrics escapes the quote here, too (ABNF, escaped-string). */
	put_text(e->out, m->help, e->format == TELL_EXPOSE_OPENMETRICS);
	tell_buf_puts(e->out, "\n# TYPE ");
	put_name(e, false);
	tell_buf_putc(e->out, ' ');
	tell_buf_puts(e->out, tell_metric_kind_word(m->kind));
	tell_buf_putc(e->out, '\n');
	const char *unit = unit_of(m->name);
	if (!unit || e->format != TELL_EXPOSE_OPENMETRICS)
		return;
	tell_buf_puts(e->out, "# UNIT ");
	put_name(e, false);
	tell_buf_putc(e->out, ' ');
	tell_buf_puts(e->out, unit);
	tell_buf_putc(e->out, '\n');
}

static void put_f64(struct tell_buf *out, double v)
{
	char text[TELL_F64_MAX_CHARS];
	if (isnan(v))
		tell_buf_puts(out, "NaN");
	else if (isinf(v))
		tell_buf_puts(out, v > 0 ? "+Inf" : "-Inf");
	else
		tell_buf_put(out, text, (size_t)(tell_put_f64(text, v) - text));
}

static void put_u64(struct tell_buf *out, uint64_t v)
{
	char text[TELL_U64_MAX_CHARS];
	tell_buf_put(out, text, (size_t)(tell_put_u64(text, v) - text));
}

/* All labels but for the closing brace. */
static size_t put_labels(struct tell_buf *out, const struct tell_label *labels, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		tell_buf_putc(out, i ? ',' : '{');
		tell_buf_puts(out, labels[i].name);
		tell_buf_puts(out, "=\"");
		put_text(out, labels[i].value, true);
		tell_buf_putc(out, '"');
	}
	return n;
}

/* Up to the value, with what stands behind the family's name and, where there is one, a bound. */
static void put_key(struct tell_expose *e, const char *end,
	const struct tell_label *labels, size_t n, const double *le)
{
	put_name(e, true);
	tell_buf_puts(e->out, end);
	size_t any = put_labels(e->out, labels, n);
	if (le) {
		tell_buf_puts(e->out, any++ ? ",le=\"" : "{le=\"");
		tell_expose_put_bound(e->out, *le);
		tell_buf_putc(e->out, '"');
	}
	tell_buf_puts(e->out, any ? "} " : " ");
}

/* OpenMetrics 1.0, "Exemplars": the value and its time, in seconds. */
static void put_exemplar(struct tell_buf *out, const struct tell_exemplar *e)
{
	tell_buf_puts(out, " # {trace_id=\"");
	put_text(out, e->trace_id, true);
	tell_buf_puts(out, "\"} ");
	put_f64(out, e->value);
	tell_buf_printf(out, " %" PRIu64 ".%03u", e->realtime_ns / TELL_NS_PER_SEC,
		(unsigned)(e->realtime_ns % TELL_NS_PER_SEC / TELL_NS_PER_MS));
}

static void put_histogram(struct tell_expose *e, const struct tell_label *labels,
	size_t n, const struct tell_buckets *b)
{
	for (size_t i = 0; i < b->n; i++) {
		put_key(e, "_bucket", labels, n, &b->bounds[i]);
		put_u64(e->out, b->counts[i]);
		if (e->format == TELL_EXPOSE_OPENMETRICS && b->exemplars &&
			b->exemplars[i].trace_id[0])
			put_exemplar(e->out, &b->exemplars[i]);
		tell_buf_putc(e->out, '\n');
	}
	put_key(e, "_sum", labels, n, NULL);
	put_f64(e->out, b->sum);
	tell_buf_putc(e->out, '\n');
	put_key(e, "_count", labels, n, NULL);
	put_u64(e->out, b->counts[b->n - 1]);
	tell_buf_putc(e->out, '\n');
}

void tell_expose_sample(struct tell_expose *e, const struct tell_label *labels, size_t n,
	struct tell_reading value)
{
	if (value.buckets) {
		put_histogram(e, labels, n, value.buckets);
		return;
	}
	put_key(e, "", labels, n, NULL);
	if (value.whole)
		put_u64(e->out, value.u64);
	else
		put_f64(e->out, value.f64);
	tell_buf_putc(e->out, '\n');
}

void tell_expose_end(struct tell_expose *e)
{
	if (e->format == TELL_EXPOSE_OPENMETRICS)
		tell_buf_puts(e->out, "# EOF\n");
}
