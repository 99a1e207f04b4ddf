#include "meter/expose.h"
#include <math.h>
#include <string.h>
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
	tell_buf_puts(e->out, m->kind == TELL_METRIC_COUNTER ? " counter\n" : " gauge\n");
	const char *unit = unit_of(m->name);
	if (!unit || e->format != TELL_EXPOSE_OPENMETRICS)
		return;
	tell_buf_puts(e->out, "# UNIT ");
	put_name(e, false);
	tell_buf_putc(e->out, ' ');
	tell_buf_puts(e->out, unit);
	tell_buf_putc(e->out, '\n');
}

static void put_reading(struct tell_buf *out, struct tell_reading v)
{
	char text[TELL_F64_MAX_CHARS];
	if (v.whole)
		tell_buf_put(out, text, (size_t)(tell_put_u64(text, v.u64) - text));
	else if (isnan(v.f64))
		tell_buf_puts(out, "NaN");
	else if (isinf(v.f64))
		tell_buf_puts(out, v.f64 > 0 ? "+Inf" : "-Inf");
	else
		tell_buf_put(out, text, (size_t)(tell_put_f64(text, v.f64) - text));
}

void tell_expose_sample(struct tell_expose *e, const struct tell_label *labels, size_t n,
	struct tell_reading value)
{
	put_name(e, true);
	for (size_t i = 0; i < n; i++) {
		tell_buf_putc(e->out, i ? ',' : '{');
		tell_buf_puts(e->out, labels[i].name);
		tell_buf_puts(e->out, "=\"");
		put_text(e->out, labels[i].value, true);
		tell_buf_putc(e->out, '"');
	}
	if (n)
		tell_buf_putc(e->out, '}');
	tell_buf_putc(e->out, ' ');
	put_reading(e->out, value);
	tell_buf_putc(e->out, '\n');
}

void tell_expose_end(struct tell_expose *e)
{
	if (e->format == TELL_EXPOSE_OPENMETRICS)
		tell_buf_puts(e->out, "# EOF\n");
}
