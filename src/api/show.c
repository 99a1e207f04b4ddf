#include "api/show.h"
#include <errno.h>
#include "api/gather.h"
#include "encode/metrics.h"
#include "meter/expose.h"

static void expose_family(void *arg, const struct tell_metric *m)
{
	tell_expose_family(arg, m);
}

static void expose_sample(
	void *arg, const struct tell_label *labels, size_t n, struct tell_reading value)
{
	tell_expose_sample(arg, labels, n, value);
}

static bool put_json(struct tell_buf *out, tell_show_gather_fn *gather, const void *arg)
{
	struct tell_metrics_json m;
	tell_buf_puts(out, "{\"metrics\":");
	tell_metrics_begin(&m, out);
	bool all = gather(arg,
		&(struct tell_collector){ tell_metrics_family, tell_metrics_sample, &m });
	tell_metrics_end(&m);
	tell_buf_puts(out, "}\n");
	return all;
}

bool tell_show_metrics(struct tell_buf *out, enum tell_metrics_format format,
	tell_show_gather_fn *gather, const void *arg)
{
	if (format == TELL_METRICS_JSON)
		return put_json(out, gather, arg);
	struct tell_expose e = { .out = out };
	if (format == TELL_METRICS_OPENMETRICS)
		e.format = TELL_EXPOSE_OPENMETRICS;
	bool all = gather(
		arg, &(struct tell_collector){ expose_family, expose_sample, &e });
	tell_expose_end(&e);
	return all;
}

static bool gather_named(const void *service, const struct tell_collector *to)
{
	return tell_gather_named(service, to);
}

static int show_metrics(
	struct tell_buf *out, const char *service, enum tell_metrics_format format)
{
	return tell_show_metrics(out, format, gather_named, service) ? 0 : -EBUSY;
}

static int show_health(struct tell_buf *out, const char *service,
	enum tell_health_layout layout, struct tell_shown *ret)
{
	struct tell_gather_health h = { 0 };
	int r = tell_gather_health(out, service, layout, &h);
	tell_buf_putc(out, '\n');
	ret->live = h.live;
	ret->ready = h.n_checks == 0 || h.status == TELL_HEALTHY ||
		h.status == TELL_DEGRADED;
	ret->unhealthy = h.status == TELL_UNHEALTHY;
	return r;
}

static int put(struct tell_buf *out, const char *service, enum tell_show what,
	struct tell_shown *ret)
{
	switch (what) {
	case TELL_SHOW_PROMETHEUS:
		return show_metrics(out, service, TELL_METRICS_PROMETHEUS);
	case TELL_SHOW_OPENMETRICS:
		return show_metrics(out, service, TELL_METRICS_OPENMETRICS);
	case TELL_SHOW_JSON:
		return show_metrics(out, service, TELL_METRICS_JSON);
	case TELL_SHOW_CHECKS:
		return show_health(out, service, TELL_HEALTH_CHECKS, ret);
	case TELL_SHOW_COMPONENTS:
		return show_health(out, service, TELL_HEALTH_COMPONENTS, ret);
	case TELL_SHOW_HEALTH_JSON:
		return show_health(out, service, TELL_HEALTH_JSON, ret);
	}
	return -EINVAL;
}

int tell_show_named(const char *service, enum tell_show what, struct tell_shown *ret)
{
	struct tell_shown shown = { 0 };
	struct tell_buf out;
	tell_buf_init(&out, 0);
	int r = put(&out, service, what, &shown);
	if (r == 0 && out.cut)
		r = -ENOMEM;
	if (r < 0) {
		tell_buf_done(&out);
		return r;
	}
	shown.text = out.data;
	shown.len = out.len;
	*ret = shown;
	return 0;
}
