/* telltale status of a service whose stack has a sink journald: what journald did not keep. */
#include <inttypes.h>
#include <string.h>
#include "base/clock.h"
#include "encode/json.h"
#include "encode/room.h"
#include "tool/status.h"

static bool has_sink_journald(const struct tell_json_span *all)
{
	struct tell_json_span sinks, key, sink, name;
	bool found = false;
	if (!tell_json_get(all, "sinks", &sinks))
		return false;
	for (size_t pos = 0; !found && tell_json_next(&sinks, &pos, &key, &sink);)
		found = tell_json_get(&sink, "sink", &name) &&
			tell_json_key_is(&name, "journald");
	return found;
}

static uint64_t started_ns(const struct tell_json_span *all)
{
	struct tell_json_span started;
	struct tell_buf text = { 0 };
	uint64_t ns = 0;
	if (tell_json_get(all, "started", &started) && started.kind == TELL_JSON_STRING)
		tell_json_decode(&text, &started);
	(void)tell_parse_rfc3339(tell_buf_cstr(&text), text.len, &ns); /* else 0: all */
	tell_buf_done(&text);
	return ns;
}

void tell_status_ask_journald(struct tell_status *s, struct tell_notices *notices)
{
	if (has_sink_journald(&s->all))
		tell_notices_count(
			notices, s->of->pid, started_ns(&s->all), &s->suppressed);
}

/* A unit's name may have backslashes. */
static void put_string(struct tell_buf *out, const char *text)
{
	size_t start = out->len, n = strlen(text);
	char *p = tell_room_begin(out, n + 2 * TELL_SLACK);
	if (p) {
		*p++ = '"';
		p = tell_json_text(out, p, text, n);
	}
	if (p)
		*p++ = '"';
	tell_room_end(out, p, start);
}

void tell_status_put_journald(FILE *out, const struct tell_status *s)
{
	struct tell_buf unit = { 0 };
	if (!s->suppressed.unit)
		return;
	put_string(&unit, s->suppressed.unit);
	fprintf(out, ",\"journald\":{\"unit\":%s,\"suppressed\":%" PRIu64 "}",
		tell_buf_cstr(&unit), s->suppressed.n);
	tell_buf_done(&unit);
}

bool tell_status_expose_journald(
	struct tell_expose *e, const struct tell_status *s, bool begun)
{
	char pid[16];
	if (!s->suppressed.unit)
		return begun;
	if (!begun)
		tell_expose_family(e,
			&(struct tell_metric){ TELL_STATUS_SUPPRESSED,
				"Records of the process's unit that journald suppressed "
				"since the service's start.",
				TELL_METRIC_COUNTER });
	(void)snprintf(pid, sizeof(pid), "%d", (int)s->of->pid); /* fits */
	const struct tell_label labels[] = { { "service", s->of->service },
		{ "pid", pid }, { "by", "journald" }, { "unit", s->suppressed.unit } };
	tell_expose_sample(e, labels, 4,
		(struct tell_reading){ .whole = true, .u64 = s->suppressed.n });
	return true;
}
