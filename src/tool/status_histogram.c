/* A histogram's sample in a status, as a process gave it: tell_status_read_histogram(). */
#include <math.h>
#include <string.h>
#include "base/clock.h"
#include "tool/status.h"

/* What is no exemplar is left out: the bucket is good without. */
static void read_exemplar(struct tell_exemplar *to, const struct tell_json_span *bucket)
{
	struct tell_json_span e, id, value, at;
	struct tell_reading v;
	to->trace_id[0] = '\0';
	if (!tell_json_get(bucket, "exemplar", &e) ||
		!tell_json_get(&e, "trace_id", &id) ||
		!tell_json_get(&e, "value", &value) || !tell_json_get(&e, "at", &at))
		return;
	/* Between quotes: ids have no escapes. */
	if (id.kind != TELL_JSON_STRING || id.len - 2 > TELL_EXEMPLAR_ID ||
		memchr(id.text, '\\', id.len) || at.kind != TELL_JSON_STRING ||
		!tell_parse_rfc3339(at.text + 1, at.len - 2, &to->realtime_ns) ||
		!tell_status_read_number(&value, &v))
		return;
	to->value = v.whole ? (double)v.u64 : v.f64;
	memcpy(to->trace_id, id.text + 1, id.len - 2);
	to->trace_id[id.len - 2] = '\0';
}

static bool read_bucket(
	struct tell_status_buckets *to, const struct tell_json_span *bucket)
{
	size_t i = to->b.n;
	struct tell_json_span le, count;
	struct tell_reading bound, n;
	if (i > TELL_BOUNDS_MAX || !tell_json_get(bucket, "le", &le) ||
		!tell_json_get(bucket, "count", &count) ||
		!tell_status_read_number(&le, &bound) ||
		!tell_status_read_number(&count, &n) || !n.whole)
		return false;
	to->bounds[i] = bound.whole ? (double)bound.u64 : bound.f64;
	to->counts[i] = n.u64;
	if (i && (to->bounds[i] <= to->bounds[i - 1] || n.u64 < to->counts[i - 1]))
		return false;
	read_exemplar(&to->exemplars[i], bucket);
	to->b.n++;
	return !isnan(to->bounds[i]);
}

bool tell_status_read_histogram(struct tell_status_buckets *to,
	const struct tell_json_span *sample, struct tell_reading *ret)
{
	struct tell_json_span sum, buckets, key, bucket;
	struct tell_reading s;
	to->b = (struct tell_buckets){ 0, to->bounds, to->counts, to->exemplars, 0 };
	if (!tell_json_get(sample, "sum", &sum) || !tell_status_read_number(&sum, &s) ||
		!tell_json_get(sample, "buckets", &buckets))
		return false;
	for (size_t pos = 0; tell_json_next(&buckets, &pos, &key, &bucket);)
		if (!read_bucket(to, &bucket))
			return false;
	if (to->b.n == 0 || !isinf(to->bounds[to->b.n - 1]))
		return false;
	to->b.sum = s.whole ? (double)s.u64 : s.f64;
	*ret = tell_reading_u64(to->counts[to->b.n - 1]);
	ret->buckets = &to->b;
	return true;
}
