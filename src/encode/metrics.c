#include "encode/metrics.h"
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include "base/number.h"
#include "encode/json.h"
#include "encode/room.h"

void tell_metrics_string(struct tell_buf *out, const char *s, size_t n)
{
	size_t start = out->len;
	char *p = tell_room_begin(out, n + 2 * TELL_SLACK);
	if (p) {
		*p++ = '"';
		p = tell_json_text(out, p, s, n);
	}
	if (p)
		*p++ = '"';
	tell_room_end(out, p, start);
}

static void put_text(struct tell_buf *out, const char *s)
{
	tell_metrics_string(out, s, strlen(s));
}

/* The next element of an array, whose '[' is the last byte before the first one. */
static void open_element(struct tell_buf *out)
{
	tell_buf_puts(out, out->len && out->data[out->len - 1] == '[' ? "{" : ",{");
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
	open_element(m->out);
	tell_buf_puts(m->out, "\"name\":");
	put_text(m->out, family->name);
	tell_buf_puts(m->out,
		family->kind == TELL_METRIC_COUNTER ? ",\"type\":\"counter\""
						    : ",\"type\":\"gauge\"");
	tell_buf_puts(m->out, ",\"help\":");
	put_text(m->out, family->help);
	tell_buf_puts(m->out, ",\"samples\":[");
}

static void put_reading(struct tell_buf *out, struct tell_reading v)
{
	char text[TELL_F64_MAX_CHARS];
	if (v.whole)
		tell_buf_printf(out, "%" PRIu64, v.u64);
	else if (isnan(v.f64))
		tell_buf_puts(out, "\"NaN\"");
	else if (isinf(v.f64))
		tell_buf_puts(out, v.f64 > 0 ? "\"+Inf\"" : "\"-Inf\"");
	else
		tell_buf_put(out, text, (size_t)(tell_put_f64(text, v.f64) - text));
}

void tell_metrics_sample(
	void *arg, const struct tell_label *labels, size_t n, struct tell_reading value)
{
	struct tell_buf *out = ((struct tell_metrics_json *)arg)->out;
	open_element(out);
	tell_buf_puts(out, "\"labels\":{");
	for (size_t i = 0; i < n; i++) {
		if (i)
			tell_buf_putc(out, ',');
		put_text(out, labels[i].name);
		tell_buf_putc(out, ':');
		put_text(out, labels[i].value);
	}
	tell_buf_puts(out, "},\"value\":");
	put_reading(out, value);
	tell_buf_putc(out, '}');
}

void tell_metrics_end(struct tell_metrics_json *m)
{
	tell_buf_puts(m->out, m->begun ? "]}]" : "]");
}
