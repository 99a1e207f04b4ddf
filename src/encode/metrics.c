#include "encode/metrics.h"
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include "base/clock.h"
#include "base/number.h"
#include "encode/member.h"
#include "meter/exemplar.h"

static void put_text(struct tell_buf *out, const char *s)
{
	tell_member_string(out, s, strlen(s));
}

void tell_metrics_begin(struct tell_metrics_json *m, struct tell_buf *out)
{
	*m = (struct tell_metrics_json){ .out = out };
	tell_buf_putc(out, '[');
}

void tell_metrics_family(void *arg, const struct tell_metric *family)
{
	struct tell_metrics_json *m = arg;
	if (m->begun)
		tell_buf_puts(m->out, "]}");
	m->begun = true;
	tell_member_element(m->out);
	tell_buf_puts(m->out, "\"name\":");
	put_text(m->out, family->name);
	tell_buf_printf(m->out, ",\"type\":\"%s\"", tell_metric_kind_word(family->kind));
	tell_buf_puts(m->out, ",\"help\":");
	put_text(m->out, family->help);
	tell_buf_puts(m->out, ",\"samples\":[");
}

static void put_f64(struct tell_buf *out, double v)
{
	char text[TELL_F64_MAX_CHARS];
	if (isnan(v))
		tell_buf_puts(out, "\"NaN\"");
	else if (isinf(v))
		tell_buf_puts(out, v > 0 ? "\"+Inf\"" : "\"-Inf\"");
	else
		tell_buf_put(out, text, (size_t)(tell_put_f64(text, v) - text));
}

static void put_exemplar(struct tell_buf *out, const struct tell_exemplar *e)
{
	char at[TELL_RFC3339_CHARS];
	(void)tell_put_rfc3339(at, e->realtime_ns);
	tell_buf_puts(out, ",\"exemplar\":{\"trace_id\":");
	put_text(out, e->trace_id);
	tell_buf_puts(out, ",\"value\":");
	put_f64(out, e->value);
	tell_buf_puts(out, ",\"at\":");
	tell_member_string(out, at, sizeof(at));
	tell_buf_putc(out, '}');
}

static void put_buckets(struct tell_buf *out, const struct tell_buckets *b)
{
	tell_buf_puts(out, "\"sum\":");
	put_f64(out, b->sum);
	tell_buf_puts(out, ",\"buckets\":[");
	for (size_t i = 0; i < b->n; i++) {
		tell_member_element(out);
		tell_buf_puts(out, "\"le\":");
		put_f64(out, b->bounds[i]);
		tell_buf_printf(out, ",\"count\":%" PRIu64, b->counts[i]);
		if (b->exemplars && b->exemplars[i].trace_id[0])
			put_exemplar(out, &b->exemplars[i]);
		tell_buf_putc(out, '}');
	}
	tell_buf_putc(out, ']');
}

static void put_reading(struct tell_buf *out, struct tell_reading v)
{
	if (v.buckets) {
		put_buckets(out, v.buckets);
		return;
	}
	tell_buf_puts(out, "\"value\":");
	if (v.whole)
		tell_buf_printf(out, "%" PRIu64, v.u64);
	else
		put_f64(out, v.f64);
}

void tell_metrics_sample(
	void *arg, const struct tell_label *labels, size_t n, struct tell_reading value)
{
	struct tell_buf *out = ((struct tell_metrics_json *)arg)->out;
	tell_member_element(out);
	tell_buf_puts(out, "\"labels\":{");
	for (size_t i = 0; i < n; i++) {
		if (i)
			tell_buf_putc(out, ',');
		put_text(out, labels[i].name);
		tell_buf_putc(out, ':');
		put_text(out, labels[i].value);
	}
	tell_buf_puts(out, "},");
	put_reading(out, value);
	tell_buf_putc(out, '}');
}

void tell_metrics_end(struct tell_metrics_json *m)
{
	tell_buf_puts(m->out, m->begun ? "]}]" : "]");
}
