#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/clock.h"
#include "base/number.h"
#include "encode/metrics.h"
#include "meter/gather.h"
#include "metric/module.h"
#include "metric/told.h"
#include "record/event.h"

/* metric publish every=5m: one record of all numbers that changed since the last one. What is in
 * it, telltale-modules(5) says.
 *
 * Each PERIOD-th time it has all numbers, so that a reader need not go back to the start; a round
 * that does not fit in a record goes on in the next one at once (`spooled`). Numbers of our own
 * change with each record: they alone are no reason for one. */

#define PERIOD	 12
#define OTHERS	 ((size_t)2 << 10) /* of a record, for all but METRICS */
#define SAID_MAX 200		   /* of the message */

static const struct tell_option options[] = { TELL_OPTION_EACH("5m"), { 0 } };

struct change {
	uint64_t hash;
	struct tell_reading value;
};

struct publish {
	const char *service;
	uint64_t every_ns;
	struct tell_told told;
	unsigned age; /* rounds since all was said; PERIOD: it is time */
	bool ever;    /* all was said once */
	size_t from;  /* the round goes on at this series; 0: it is a new one */
	bool whole;   /* the round says all */

	/* Of one run: */
	struct tell_metrics_json json;
	struct tell_buf text, said;
	struct tell_metric family;
	double added; /* of this family's counters; for people */
	size_t at;    /* this series is the so-maniest */
	bool open;    /* the family has a sample in text */
	bool full;    /* no more fits */
	bool worth;   /* something is not our own */
	struct change *changes;
	size_t n, cap;
};

/* ---- collecting ---- */

/* Those of a forwarder are its service's own. */
static bool is_ours(const char *name)
{
	static const char ours[] = "telltale_", not_ours[] = "telltale_forward_";
	return strncmp(name, ours, sizeof(ours) - 1) == 0 &&
		strncmp(name, not_ours, sizeof(not_ours) - 1) != 0;
}

/* Behind the number of metrics: the first few counters, by how much they grew. */
static void say_family(struct publish *p)
{
	if (!(p->added > 0) || is_ours(p->family.name))
		return;
	size_t len = p->said.len;
	bool whole = p->added >= 1e15 || p->added == (double)(uint64_t)p->added;
	tell_buf_printf(&p->said, whole ? "%s %s_total +%.0f" : "%s %s_total +%.6g",
		len ? "," : ":", p->family.name, p->added);
	if (p->said.cut)
		p->said.len = len; /* and no further ones: cut stays */
}

static void family(void *arg, const struct tell_metric *m)
{
	struct publish *p = arg;
	say_family(p);
	p->family = *m;
	p->added = 0;
	p->open = false;
}

static bool remember(struct publish *p, uint64_t hash, struct tell_reading value)
{
	if (p->n == p->cap) {
		size_t cap = p->cap ? 2 * p->cap : 64;
		struct change *changes = realloc(p->changes, cap * sizeof(*changes));
		if (!changes)
			return false;
		p->changes = changes;
		p->cap = cap;
	}
	p->changes[p->n++] = (struct change){ hash, value };
	return true;
}

/* The sample, in front of it its family, into text, or all of it not. */
static bool put(struct publish *p, const struct tell_label *labels, size_t n,
	struct tell_reading value)
{
	struct tell_metrics_json before = p->json;
	size_t len = p->text.len;
	if (!p->open)
		tell_metrics_family(&p->json, &p->family);
	tell_metrics_sample(&p->json, labels, n, value);
	if (!p->text.cut && p->text.len + sizeof("]}]") <= p->text.limit) {
		p->open = true;
		return true;
	}
	p->json = before;
	p->text.len = len;
	p->text.cut = false;
	return false;
}

/* A counter that is smaller than it was began anew. */
static double addition(const struct tell_told_row *row, struct tell_reading now)
{
	double n = now.whole ? (double)now.u64 : now.f64;
	double was = row->value.whole ? (double)row->value.u64 : row->value.f64;
	return !row->known || n < was ? n : n - was;
}

static void sample(
	void *arg, const struct tell_label *labels, size_t n, struct tell_reading now)
{
	struct publish *p = arg;
	size_t at = p->at++;
	if (p->full || at < p->from)
		return;
	struct tell_told_row *row = tell_told_row(&p->told, p->family.name, labels, n);
	bool changed = row && !(row->known && tell_reading_same(row->value, now));
	if (!row || !(changed || p->whole))
		return;
	double added = p->family.kind == TELL_METRIC_COUNTER ? addition(row, now) : 0;
	if (!put(p, labels, n, now)) {
		/* One that fits in no record at all is passed over. */
		p->full = p->n > 0;
		p->from = p->full ? at : 0;
		return;
	}
	p->worth |= changed && !is_ours(p->family.name);
	if (remember(p, row->hash, now))
		p->added += added;
}

/* ---- the record ---- */

/* The first of a round that says all is marked: readers go backwards up to there. */
static void fill(struct publish *p, struct tell_record *r, bool first)
{
	struct tell_buf message;
	tell_buf_init(&message, SAID_MAX + 40);
	tell_buf_printf(&message, "%zu metric%s", p->n, p->n == 1 ? "" : "s");
	tell_buf_put(&message, p->said.data, p->said.len);
	if (p->said.cut)
		tell_buf_puts(&message, ", …");
	const struct tell_field fields[] = {
		tell_jsonn("metrics", p->text.data, p->text.len),
		tell_u64("series", p->n),
		tell_u64("every", p->every_ns / TELL_NS_PER_SEC),
		tell_bool("whole", p->whole && first),
	};
	tell_record_own_message(r, message.data, message.len);
	/* Added: they are not for the message. */
	tell_record_add(r, fields, 4, TELL_SLOT_ADDED, NULL);
	tell_record_event(r, TELL_EVENT_METRIC_PUBLISH);
	tell_buf_done(&message);
}

static void begin(struct publish *p, size_t limit)
{
	tell_buf_init(&p->text, limit > 2 * OTHERS ? limit - OTHERS : limit / 2);
	tell_buf_init(&p->said, SAID_MAX);
	tell_metrics_begin(&p->json, &p->text);
	p->family = (struct tell_metric){ 0 };
	p->added = 0;
	p->at = p->n = 0;
	p->open = p->full = p->worth = false;
}

static void end(struct publish *p)
{
	tell_buf_done(&p->text);
	tell_buf_done(&p->said);
}

/* All in the record was said. */
static void keep(struct publish *p)
{
	for (size_t i = 0; i < p->n; i++)
		tell_told_set(&p->told, p->changes[i].hash, p->changes[i].value);
	if (!p->full)
		p->from = 0;
}

static enum tell_verdict say(struct publish *p, struct tell_run *run)
{
	bool first = p->from == 0;
	begin(p, run->record->limit);
	if (first) {
		p->age++;
		p->whole = !p->ever || p->age >= PERIOD;
	}
	if (!tell_gather(p->service, &(struct tell_collector){ family, sample, p }))
		return TELL_UNAVAILABLE;
	say_family(p);
	tell_metrics_end(&p->json);
	if (p->n == 0 || (first && !p->worth && p->age < PERIOD)) {
		p->from = 0;
		return TELL_IGNORE;
	}
	if (p->whole) {
		p->ever = true;
		p->age = 0;
	}
	fill(p, run->record, first);
	keep(p);
	return p->full ? TELL_SPOOLED : TELL_SUCCESS;
}

static enum tell_verdict run(void *state, struct tell_run *run)
{
	struct publish *p = state;
	enum tell_verdict v = say(p, run);
	end(p);
	return v;
}

/* ---- its life ---- */

static void close_publish(void *state)
{
	struct publish *p = state;
	tell_told_done(&p->told);
	free(p->changes);
	free(p);
}

static int open_publish(
	void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	struct publish *p = calloc(1, sizeof(*p));
	if (!p)
		return tell_refuse(why, -ENOMEM, NULL, NULL, "memory is out");
	p->service = tell_args_service(args);
	p->every_ns = tell_args_u64(args, "every");
	tell_told_init(&p->told);
	*ret = p;
	return 0;
}

/* Another run: all is said anew. */
static void child(void *state)
{
	struct publish *p = state;
	tell_told_forget(&p->told);
	p->ever = false;
	p->from = 0;
	p->age = 0;
}

const struct tell_module tell_metric_publish = {
	TELL_MODULE_ABI,
	"metric",
	"publish",
	"sends a record of the numbers that changed",
	.options = options,
	.open = open_publish,
	.run = run,
	.close = close_publish,
	.child = child,
};
