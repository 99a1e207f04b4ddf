/* telltale status for people: how the service is. */
#include <string.h>
#include "encode/parts.h"
#include "tool/status.h"

static const char *color_of(const struct tell_json_span *in, bool color)
{
	struct tell_json_span v;
	if (!color || !tell_json_get(in, "status", &v))
		return "";
	if (v.len == sizeof("\"healthy\"") - 1)
		return "\033[32m";
	return memmem(v.text, v.len, "unhealthy", 9) ? "\033[31m" : "\033[33m";
}

static void put_status(FILE *out, const struct tell_json_span *in, bool color)
{
	const char *on = color_of(in, color);
	fputs(on, out);
	tell_status_put_text(out, in, "status");
	fputs(*on ? "\033[0m" : "", out);
}

static void put_check(FILE *out, const struct tell_json_span *name,
	const struct tell_json_span *check, bool color)
{
	struct tell_json_span details, ms, reason;
	struct tell_buf text = { 0 }, shown = { 0 };
	tell_json_decode(&text, name);
	tell_text_escape(&shown, text.data, text.len, false);
	fprintf(out, "    %-16s ", tell_buf_cstr(&shown));
	put_status(out, check, color);
	if (tell_json_get(check, "latency_ms", &ms) && ms.kind == TELL_JSON_NUMBER)
		fprintf(out, ", %.*s ms", (int)ms.len, ms.text);
	if (tell_json_get(check, "since", &reason)) {
		fputs(", since ", out);
		tell_status_put_text(out, check, "since");
	}
	if (tell_json_get(check, "details", &details) &&
		tell_json_get(&details, "reason", &reason)) {
		fputs(": ", out);
		tell_status_put_text(out, &details, "reason");
	}
	fputc('\n', out);
	tell_buf_done(&text);
	tell_buf_done(&shown);
}

void tell_status_health(FILE *out, const struct tell_status *s, bool color)
{
	struct tell_json_span health, live, checks, name, check;
	if (!tell_json_get(&s->all, "health", &health))
		return;
	fputs("  health   ", out);
	put_status(out, &health, color);
	if (tell_json_get(&health, "live", &live) && live.kind == TELL_JSON_FALSE)
		fputs(", not live", out);
	fputc('\n', out);
	if (tell_json_get(&health, "checks", &checks))
		for (size_t pos = 0; tell_json_next(&checks, &pos, &name, &check);)
			put_check(out, &name, &check, color);
}
