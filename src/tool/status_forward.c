/* telltale status of a forwarder: how far each of its ways is, from its own metrics. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/number.h"
#include "encode/parts.h"
#include "forward/board.h"
#include "tool/status.h"

#define FAMILY "telltale_forward_"
/* What a way's name is made of: anything else is somebody else's, and ends it. */
#define PLAIN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-"

/* What is shown of a way. */
struct row {
	char name[TELL_BOOKMARK_NAME];
	double sent, refused, passed_over, gaps, damaged, missing, restarts;
	double lag_seconds, lag_bytes, away_seconds, up;
};

struct rows {
	struct row list[TELL_WAYS_MAX];
	size_t n;
};

static double *number_of(struct row *r, const struct tell_json_span *name)
{
	const struct {
		const char *name;
		double *number;
	} all[] = {
		{ FAMILY "sent", &r->sent },
		{ FAMILY "refused", &r->refused },
		{ FAMILY "passed_over", &r->passed_over },
		{ FAMILY "gaps", &r->gaps },
		{ FAMILY "damaged", &r->damaged },
		{ FAMILY "missing", &r->missing },
		{ FAMILY "restarts", &r->restarts },
		{ FAMILY "lag_seconds", &r->lag_seconds },
		{ FAMILY "lag_bytes", &r->lag_bytes },
		{ FAMILY "up", &r->up },
		{ FAMILY "away_seconds", &r->away_seconds },
	};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (tell_json_key_is(name, all[i].name))
			return all[i].number;
	return NULL;
}

/* The one of this name, which may be new; NULL: there is no room, or it is no name. */
static struct row *row_of(struct rows *rows, const struct tell_json_span *labels)
{
	struct tell_json_span way;
	struct tell_buf text = { 0 };
	char name[TELL_BOOKMARK_NAME];
	if (!tell_json_get(labels, "way", &way) || way.kind != TELL_JSON_STRING)
		return NULL;
	tell_json_decode(&text, &way);
	(void)snprintf(name, sizeof(name), "%s", tell_buf_cstr(&text)); /* cut is fine */
	tell_buf_done(&text);
	for (size_t i = 0; i < rows->n; i++)
		if (strcmp(rows->list[i].name, name) == 0)
			return &rows->list[i];
	if (rows->n == TELL_WAYS_MAX)
		return NULL;
	struct row *r = &rows->list[rows->n++];
	memcpy(r->name, name, sizeof(name));
	return r;
}

/* Those of one name, by reason, are added up. */
static void take_sample(struct rows *rows, const struct tell_json_span *name,
	const struct tell_json_span *sample)
{
	struct tell_json_span labels, value;
	struct tell_reading reading;
	if (!tell_json_get(sample, "labels", &labels) ||
		!tell_json_get(sample, "value", &value) ||
		!tell_status_read_number(&value, &reading))
		return;
	struct row *r = row_of(rows, &labels);
	if (r)
		*number_of(r, name) += reading.whole ? (double)reading.u64 : reading.f64;
}

static void take_family(struct rows *rows, const struct tell_json_span *family)
{
	struct tell_json_span name, samples, key, sample;
	struct row any;
	if (!tell_json_get(family, "name", &name) || name.kind != TELL_JSON_STRING ||
		!number_of(&any, &name) || !tell_json_get(family, "samples", &samples))
		return;
	for (size_t pos = 0; tell_json_next(&samples, &pos, &key, &sample);)
		take_sample(rows, &name, &sample);
}

static void put_some(FILE *out, double n, const char *what)
{
	if (n > 0)
		fprintf(out, ", %.0f %s", n, what);
}

static const char *time_words(char text[TELL_DURATION_MAX_CHARS + 1], double seconds)
{
	uint64_t s = seconds < 1 ? 1 : seconds < 1e9 ? (uint64_t)seconds : 1000000000;
	*tell_put_duration_ns(text, s * TELL_NS_PER_SEC) = '\0';
	return text;
}

static void put_row(FILE *out, const struct row *r, bool color)
{
	char time[TELL_DURATION_MAX_CHARS + 1];
	struct tell_buf shown = { 0 };
	tell_text_escape(&shown, r->name, strlen(r->name), false);
	fprintf(out, "  way      %s: %.0f sent", tell_buf_cstr(&shown), r->sent);
	tell_buf_done(&shown);
	put_some(out, r->refused, "refused");
	put_some(out, r->passed_over, "passed over");
	put_some(out, r->gaps, "gaps");
	put_some(out, r->damaged, "damaged");
	put_some(out, r->missing, "missing");
	put_some(out, r->restarts, "restarts");
	if (r->lag_seconds > 0)
		fprintf(out, ", %s behind", time_words(time, r->lag_seconds));
	else
		fputs(", nothing waits", out);
	if (r->lag_bytes > 0)
		fprintf(out, ", %.0f KiB to read", r->lag_bytes / 1024);
	const char *on = color ? "\033[31m" : "", *off = color ? "\033[0m" : "";
	if (r->away_seconds > 0)
		fprintf(out, ", %saway for %s%s", on, time_words(time, r->away_seconds),
			off);
	else if (r->up <= 0)
		fprintf(out, ", %shas ended%s", on, off);
	fputc('\n', out);
}

static void read_rows(struct rows *rows, const struct tell_status *s)
{
	struct tell_json_span families, key, family;
	if (!tell_json_get(&s->all, "metrics", &families))
		return;
	for (size_t pos = 0; tell_json_next(&families, &pos, &key, &family);)
		take_family(rows, &family);
}

void tell_status_forward(FILE *out, const struct tell_status *s, bool color)
{
	struct rows *rows = calloc(1, sizeof(*rows)); /* 7 KiB */
	if (!rows)
		return;
	read_rows(rows, s);
	for (size_t i = 0; i < rows->n; i++)
		put_row(out, &rows->list[i], color);
	free(rows);
}

void tell_status_forward_perf(struct tell_buf *out, const struct tell_status *s)
{
	struct rows *rows = calloc(1, sizeof(*rows));
	if (!rows)
		return;
	read_rows(rows, s);
	for (size_t i = 0; i < rows->n; i++) {
		const struct row *r = &rows->list[i];
		size_t n = strspn(r->name, PLAIN);
		tell_buf_printf(
			out, " '%.*s lag'=%.3fs;;;0", (int)n, r->name, r->lag_seconds);
		tell_buf_printf(
			out, " '%.*s left'=%.0fB;;;0", (int)n, r->name, r->lag_bytes);
	}
	free(rows);
}
