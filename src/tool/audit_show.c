#include "tool/audit_show.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "encode/member.h"

/* How many gaps: those that were settled have no names. */
static uint64_t n_gaps(const struct tell_audit_lane *l)
{
	return l->n_settled + (l->n_spans ? l->n_spans - 1 : 0);
}

static uint64_t last(const struct tell_audit_lane *l)
{
	return l->spans[l->n_spans - 1].to;
}

/* ---- for people ---- */

enum column {
	SERVICE,
	PID,
	RUN,
	LANE,
	RANGE,
	FOUND,
	MISSING,
	SAID,
	TWICE,
	GAPS,
	N_COLUMNS
};

static const char *const heads[N_COLUMNS] = { "service", "pid", "run", "lane",
	"first..last", "found", "missing", "said lost", "twice", "gaps" };

static void put_gaps(struct tell_buf *out, const struct tell_audit_lane *l)
{
	size_t named = 0;
	for (size_t i = 1; i < l->n_spans && named < TELL_AUDIT_NAMED; i++, named++) {
		uint64_t from = l->spans[i - 1].to + 1, to = l->spans[i].from - 1;
		tell_buf_printf(out, "%s%" PRIu64, named ? " " : "", from);
		if (to > from)
			tell_buf_printf(out, "-%" PRIu64, to);
	}
	if (n_gaps(l) > named)
		tell_buf_printf(out, "%sand %" PRIu64 " more", named ? " " : "",
			n_gaps(l) - named);
}

static void put_cell(
	struct tell_buf *out, const struct tell_audit_lane *l, enum column column)
{
	switch (column) {
	case SERVICE:
		tell_print_text(out, l->who.service, strlen(l->who.service), 0);
		break;
	case PID:
		tell_buf_printf(out, "%u", l->who.pid);
		break;
	case RUN:
		tell_buf_printf(out, "%08x", l->run);
		break;
	case LANE:
		tell_buf_printf(out, "%u", l->lane);
		break;
	case RANGE:
		tell_buf_printf(out, "%" PRIu64 "..%" PRIu64, l->first, last(l));
		break;
	case FOUND:
		tell_buf_printf(out, "%" PRIu64, l->found);
		break;
	case MISSING:
		tell_buf_printf(out, "%" PRIu64, tell_audit_missing(l));
		break;
	case SAID:
		if (l->says)
			tell_buf_printf(out, "%" PRIu64, l->lost_to - l->lost_from);
		break;
	case TWICE:
		tell_buf_printf(out, "%" PRIu64, l->twice);
		break;
	case GAPS:
		put_gaps(out, l);
		break;
	case N_COLUMNS:
		break;
	}
}

static void put_line(struct tell_buf *out, const struct tell_audit_lane *l,
	const size_t *widths, struct tell_buf *cell)
{
	for (enum column c = SERVICE; c < N_COLUMNS; c++) {
		bool left = c == SERVICE || c == GAPS;
		tell_buf_clear(cell);
		if (l)
			put_cell(cell, l, c);
		else
			tell_buf_puts(cell, heads[c]);
		size_t blanks = widths[c] > cell->len ? widths[c] - cell->len : 0;
		tell_buf_printf(out, "%s%*s", c ? "  " : "", left ? 0 : (int)blanks, "");
		tell_buf_put(out, cell->data, cell->len);
		if (left && c != GAPS)
			tell_buf_printf(out, "%*s", (int)blanks, "");
	}
	while (out->len && out->data[out->len - 1] == ' ')
		out->len--;
	tell_buf_putc(out, '\n');
}

static void put_sums(const struct tell_audit *a, struct tell_buf *out)
{
	uint64_t found = 0, missing = 0, said = 0, twice = 0;
	size_t runs = 0;
	for (size_t i = 0; i < a->n_lanes; i++) {
		const struct tell_audit_lane *l = &a->lanes[i];
		found += l->found;
		missing += tell_audit_missing(l);
		said += l->lost_to - l->lost_from;
		twice += l->twice;
		runs += i == 0 || l->run != a->lanes[i - 1].run;
	}
	uint64_t beyond = tell_audit_beyond(a);
	tell_buf_printf(out,
		"%" PRIu64 " of %" PRIu64 " records are missing, of %zu run%s; %" PRIu64
		" were said to be lost, %" PRIu64 " came twice\n",
		missing, found + missing, runs, runs == 1 ? "" : "s", said, twice);
	if (beyond)
		tell_buf_printf(out,
			"%" PRIu64 " more were said to be lost than are missing: beyond "
			"first..last, or elsewhere\n",
			beyond);
}

void tell_audit_table(
	const struct tell_audit *a, struct tell_print *print, struct tell_buf *out)
{
	struct tell_buf cell = { 0 };
	size_t widths[N_COLUMNS];
	for (enum column c = SERVICE; c < N_COLUMNS; c++)
		widths[c] = strlen(heads[c]);
	for (size_t i = 0; i < a->n_lanes; i++)
		for (enum column c = SERVICE; c < GAPS; c++) {
			tell_buf_clear(&cell);
			put_cell(&cell, &a->lanes[i], c);
			widths[c] = cell.len > widths[c] ? cell.len : widths[c];
		}
	tell_paint(print, out, TELL_PAINT_DIM);
	put_line(out, NULL, widths, &cell);
	tell_paint(print, out, TELL_PAINT_NONE);
	for (size_t i = 0; i < a->n_lanes; i++)
		put_line(out, &a->lanes[i], widths, &cell);
	put_sums(a, out);
	tell_buf_done(&cell);
}

/* ---- for programs ---- */

static void member_gaps(struct tell_buf *out, const struct tell_audit_lane *l)
{
	size_t named = 0;
	tell_member_name(out, "gaps");
	tell_buf_putc(out, '[');
	for (size_t i = 1; i < l->n_spans && named < TELL_AUDIT_NAMED_JSON; i++, named++)
		tell_buf_printf(out, "%s[%" PRIu64 ",%" PRIu64 "]", named ? "," : "",
			l->spans[i - 1].to + 1, l->spans[i].from - 1);
	tell_buf_putc(out, ']');
	if (n_gaps(l) > named)
		tell_member_u64(out, "more_gaps", n_gaps(l) - named);
}

static void put_object(struct tell_buf *out, const struct tell_audit_lane *l)
{
	char run[9];
	(void)snprintf(run, sizeof(run), "%08x", l->run);
	tell_buf_putc(out, '{');
	tell_member_text(out, "service", l->who.service);
	tell_member_u64(out, "pid", l->who.pid);
	if (*l->who.boot)
		tell_member_text(out, "boot", l->who.boot);
	tell_member_text(out, "run", run);
	tell_member_u64(out, "lane", l->lane);
	tell_member_time(out, "begin", l->begin_ns);
	tell_member_time(out, "end", l->end_ns);
	tell_member_u64(out, "first", l->first);
	tell_member_u64(out, "last", last(l));
	tell_member_u64(out, "found", l->found);
	tell_member_u64(out, "missing", tell_audit_missing(l));
	if (l->says)
		tell_member_u64(out, "said_lost", l->lost_to - l->lost_from);
	tell_member_u64(out, "twice", l->twice);
	member_gaps(out, l);
	tell_buf_puts(out, "}\n");
}

void tell_audit_json(const struct tell_audit *a, struct tell_buf *out)
{
	for (size_t i = 0; i < a->n_lanes; i++)
		put_object(out, &a->lanes[i]);
}
