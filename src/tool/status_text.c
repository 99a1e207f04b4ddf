/* telltale status for people: tell_status_text(). */
#include <inttypes.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/number.h"
#include "encode/parts.h"
#include "tool/status.h"

uint64_t tell_status_u64(const struct tell_json_span *in, const char *key)
{
	struct tell_json_span v;
	uint64_t n = 0;
	if (tell_json_get(in, key, &v) && v.kind == TELL_JSON_NUMBER)
		(void)tell_parse_u64(v.text, v.len, &n); /* anything else: 0 */
	return n;
}

/* A string member, decoded; "" when there is none. */
static const char *get_text(
	struct tell_buf *buf, const struct tell_json_span *in, const char *key)
{
	struct tell_json_span v;
	tell_buf_clear(buf);
	if (tell_json_get(in, key, &v) && v.kind == TELL_JSON_STRING)
		tell_json_decode(buf, &v);
	return tell_buf_cstr(buf);
}

static void put_escaped(FILE *out, const char *text, size_t len)
{
	struct tell_buf shown = { 0 };
	tell_text_escape(&shown, text, len, false);
	fputs(tell_buf_cstr(&shown), out); /* seen by tell_cli_flush() */
	tell_buf_done(&shown);
}

void tell_status_put_text(FILE *out, const struct tell_json_span *in, const char *key)
{
	struct tell_buf buf = { 0 };
	const char *text = get_text(&buf, in, key);
	put_escaped(out, text, strlen(text));
	tell_buf_done(&buf);
}

static uint64_t get_time(const struct tell_json_span *in, const char *key)
{
	struct tell_buf buf = { 0 };
	uint64_t ns = 0;
	const char *text = get_text(&buf, in, key);
	(void)tell_parse_rfc3339(text, strlen(text), &ns); /* anything else: 0 */
	tell_buf_done(&buf);
	return ns;
}

/* shop, pid 4711, user ann, up 2h5m */
static void put_head(FILE *out, const struct tell_status *s, bool color)
{
	uint64_t from_ns = get_time(&s->all, "started"), to_ns = get_time(&s->all, "now");
	char up[TELL_DURATION_MAX_CHARS];
	char *end = tell_put_duration_ns(up, to_ns > from_ns ? to_ns - from_ns : 0);
	const struct passwd *user = getpwuid(s->of->uid);
	fprintf(out, "%s%s%s, pid %d, ", color ? "\033[1m" : "", s->of->service,
		color ? "\033[0m" : "", (int)s->of->pid);
	if (user)
		fprintf(out, "user %s, ", user->pw_name);
	else
		fprintf(out, "user %u, ", (unsigned)s->of->uid);
	fprintf(out, "up %.*s, telltale ", (int)(end - up), up);
	tell_status_put_text(out, &s->all, "telltale");
	fputs("\n  stack    ", out);
	tell_status_put_text(out, &s->all, "stack");
	fputc('\n', out);
}

static void put_refusal(FILE *out, const struct tell_status *s, bool color)
{
	struct tell_json_span refused;
	if (!tell_json_get(&s->all, "refused", &refused))
		return;
	fprintf(out, "  %srefused%s  ", color ? "\033[31m" : "", color ? "\033[0m" : "");
	tell_status_put_text(out, &refused, "why");
	fputs(" (", out);
	tell_status_put_text(out, &refused, "at");
	fputs(")\n", out);
}

static void put_levels(FILE *out, const struct tell_status *s)
{
	struct tell_json_span levels, key, rule, seconds;
	if (!tell_json_get(&s->all, "levels", &levels))
		return;
	for (size_t pos = 0; tell_json_next(&levels, &pos, &key, &rule);) {
		fputs("  level    ", out);
		tell_status_put_text(out, &rule, "rule");
		if (tell_json_get(&rule, "seconds", &seconds)) {
			char left[TELL_DURATION_MAX_CHARS];
			char *end = tell_put_duration_ns(left,
				tell_status_u64(&rule, "seconds") * TELL_NS_PER_SEC);
			fprintf(out, ", for another %.*s", (int)(end - left), left);
		}
		fputc('\n', out);
	}
}

/* ", 3 filtered" when there are some. */
static void put_some(FILE *out, uint64_t n, const char *what)
{
	if (n)
		fprintf(out, ", %" PRIu64 " %s", n, what);
}

static void put_records(FILE *out, const struct tell_status *s)
{
	struct tell_json_span r;
	if (!tell_json_get(&s->all, "records", &r))
		return;
	fprintf(out, "  records  %" PRIu64 " made, %" PRIu64 " delivered",
		tell_status_u64(&r, "made"), tell_status_u64(&r, "delivered"));
	put_some(out, tell_status_u64(&r, "filtered"), "filtered");
	put_some(out, tell_status_u64(&r, "undelivered"), "not delivered");
	put_some(out, tell_status_u64(&r, "masked"), "masked");
	put_some(out, tell_status_u64(&r, "unenriched"), "not enriched");
	put_some(out, tell_status_u64(&r, "nested"), "dropped in signal handlers");
	put_some(out, tell_status_u64(&r, "memory"), "dropped for want of memory");
	fputc('\n', out);
}

/* Only of a stack that has one. */
static void put_queue(FILE *out, const struct tell_status *s)
{
	struct tell_json_span q, r;
	if (!tell_json_get(&s->all, "queue", &q) ||
		!tell_json_get(&s->all, "records", &r))
		return;
	uint64_t lanes = tell_status_u64(&q, "lanes");
	fprintf(out, "  queue    %" PRIu64 " %s, %" PRIu64 " queued", lanes,
		lanes == 1 ? "lane" : "lanes", tell_status_u64(&r, "queued"));
	put_some(out, tell_status_u64(&r, "dropped"), "dropped");
	put_some(out, tell_status_u64(&q, "passed"), "went past it");
	put_some(out, tell_status_u64(&r, "recovered"), "recovered");
	fputc('\n', out);
}

/* "3 card, 1 name"; nothing when nothing was. */
static void put_redacted(FILE *out, const struct tell_status *s)
{
	struct tell_json_span kinds, kind, n;
	bool any = false;
	if (!tell_json_get(&s->all, "redacted", &kinds))
		return;
	for (size_t pos = 0; tell_json_next(&kinds, &pos, &kind, &n); any = true) {
		struct tell_buf word = { 0 };
		tell_json_decode(&word, &kind);
		fputs(any ? ", " : "  redacted ", out);
		put_escaped(out, n.text, n.len);
		fputc(' ', out);
		put_escaped(out, tell_buf_cstr(&word), word.len);
		tell_buf_done(&word);
	}
	if (any)
		fputc('\n', out);
}

/* "  quota    8 kept, 1 suppressed": a line for each filter that limits. */
static void put_filter(FILE *out, const struct tell_json_span *filter)
{
	struct tell_buf name = { 0 };
	struct tell_json_span key, n;
	bool any = false;
	const char *text = get_text(&name, filter, "filter");
	fputs("  ", out);
	put_escaped(out, text, strlen(text));
	fprintf(out, "%*s ", name.len < 8 ? 8 - (int)name.len : 0, "");
	for (size_t pos = 0; tell_json_next(filter, &pos, &key, &n);) {
		struct tell_buf word = { 0 };
		if (n.kind != TELL_JSON_NUMBER)
			continue;
		tell_json_decode(&word, &key);
		fputs(any ? ", " : "", out);
		put_escaped(out, n.text, n.len);
		fputc(' ', out);
		put_escaped(out, tell_buf_cstr(&word), word.len);
		tell_buf_done(&word);
		any = true;
	}
	fputc('\n', out);
	tell_buf_done(&name);
}

static void put_filters(FILE *out, const struct tell_status *s)
{
	struct tell_json_span filters, key, filter;
	if (!tell_json_get(&s->all, "filters", &filters))
		return;
	for (size_t pos = 0; tell_json_next(&filters, &pos, &key, &filter);)
		put_filter(out, &filter);
}

static void put_dropped(FILE *out, const struct tell_json_span *sink, bool color)
{
	struct tell_json_span dropped, reason, n;
	bool any = false;
	if (!tell_json_get(sink, "dropped", &dropped))
		return;
	for (size_t pos = 0; tell_json_next(&dropped, &pos, &reason, &n); any = true) {
		struct tell_buf word = { 0 };
		tell_json_decode(&word, &reason);
		fputs(any ? ", " : color ? "\033[31m" : "", out);
		put_escaped(out, n.text, n.len);
		fputc(' ', out);
		put_escaped(out, tell_buf_cstr(&word), word.len);
		tell_buf_done(&word);
	}
	fputs(any ? (color ? "\033[0m" : "") : "0", out);
}

/* "; open, next try in 1.2s": of a sink that is left alone. */
static void put_breaker(FILE *out, const struct tell_json_span *sink)
{
	struct tell_json_span retry;
	struct tell_buf word = { 0 };
	if (!tell_json_get(sink, "retry_ms", &retry))
		return;
	const char *state = get_text(&word, sink, "breaker");
	char left[TELL_DURATION_MAX_CHARS];
	char *end = tell_put_duration_ns(
		left, tell_status_u64(sink, "retry_ms") * TELL_NS_PER_MS);
	fputs("; ", out);
	put_escaped(out, state, strlen(state));
	fprintf(out, ", next try in %.*s", (int)(end - left), left);
	tell_buf_done(&word);
}

/* 12 records wait in its spool */
static void put_waiting(FILE *out, const struct tell_json_span *sink)
{
	struct tell_json_span spool;
	if (!tell_json_get(sink, "spool", &spool) ||
		tell_status_u64(&spool, "waiting") == 0)
		return;
	fprintf(out, "; %" PRIu64 " in its spool", tell_status_u64(&spool, "waiting"));
}

static void put_sinks(FILE *out, const struct tell_status *s, bool color)
{
	struct tell_json_span sinks, key, sink;
	bool any = false;
	if (!tell_json_get(&s->all, "sinks", &sinks))
		return;
	for (size_t pos = 0; tell_json_next(&sinks, &pos, &key, &sink); any = true) {
		struct tell_buf name = { 0 };
		if (!any)
			fprintf(out, "  %-12s %12s %12s %12s   %s\n", "sink", "offered",
				"delivered", "spooled", "dropped");
		const char *text = get_text(&name, &sink, "sink");
		fputs("  ", out);
		put_escaped(out, text, strlen(text));
		fprintf(out, "%*s %12" PRIu64 " %12" PRIu64 " %12" PRIu64 "   ",
			name.len < 12 ? 12 - (int)name.len : 0, "",
			tell_status_u64(&sink, "offered"),
			tell_status_u64(&sink, "delivered"),
			tell_status_u64(&sink, "spooled"));
		put_dropped(out, &sink, color);
		if (tell_status_u64(&sink, "cut"))
			fprintf(out, "; %" PRIu64 " cut", tell_status_u64(&sink, "cut"));
		put_breaker(out, &sink);
		put_waiting(out, &sink);
		fputc('\n', out);
		tell_buf_done(&name);
	}
}

/* Behind the sinks, as it is no sink's number: of all that the unit's processes said. */
static void put_suppressed(FILE *out, const struct tell_status *s, bool color)
{
	if (s->suppressed.n == 0)
		return;
	fprintf(out, "  %sjournald suppressed %" PRIu64 "%s of ", color ? "\033[31m" : "",
		s->suppressed.n, color ? "\033[0m" : "");
	put_escaped(out, s->suppressed.unit, strlen(s->suppressed.unit));
	fputc('\n', out);
}

void tell_status_text(FILE *out, const struct tell_status *s, bool color)
{
	put_head(out, s, color);
	put_refusal(out, s, color);
	tell_status_health(out, s, color);
	tell_status_forward(out, s, color);
	put_levels(out, s);
	put_records(out, s);
	put_queue(out, s);
	put_filters(out, s);
	put_redacted(out, s);
	tell_status_families(out, s);
	put_sinks(out, s, color);
	put_suppressed(out, s, color);
}
