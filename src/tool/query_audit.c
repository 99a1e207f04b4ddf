/* telltale query --audit: which records did not arrive. */
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include "tool/audit_show.h"
#include "tool/by_field.h"
#include "tool/option.h"
#include "tool/pager.h"
#include "tool/query.h"

int tell_query_audit_check(struct tell_query *q)
{
	if (!q->audit)
		return 0;
	if (q->by.asked || q->follow || q->limited || q->reverse || q->print.n_fields)
		return tell_cli_error(EX_USAGE, "query",
			"--audit goes with none of --by, -f, -n, -r and --output-fields");
	if (strcmp(q->print.format, "short") != 0 && strcmp(q->print.format, "json") != 0)
		return tell_cli_error(
			EX_USAGE, "query", "--audit has a table, or lines with -o json");
	/* One record that is left out would be one that is missing: what is chosen are runs. */
	q->chosen = q->select;
	q->select = (struct tell_selection){ .since_ns = q->chosen.since_ns,
		.until_ns = q->chosen.until_ns };
	return 0;
}

/* ---- what is chosen ---- */

static bool raw_is(const struct tell_entry *e, const char *name, const char *value)
{
	const struct tell_raw_field *f = tell_entry_raw(e, name);
	return f && f->len == strlen(value) && memcmp(f->value, value, f->len) == 0;
}

/* What the index does where records are chosen. */
static bool journal_holds(const struct tell_selection *s, const struct tell_entry *e)
{
	bool unit = s->n_units == 0, service = s->n_identifiers == 0;
	for (size_t i = 0; i < s->n_units && !unit; i++)
		unit = raw_is(e, "_SYSTEMD_UNIT", s->units[i]);
	for (size_t i = 0; i < s->n_identifiers && !service; i++)
		service = strcmp(s->identifiers[i], e->who.service) == 0;
	return unit && service && (!s->boot || raw_is(e, "_BOOT_ID", s->boot)) &&
		(!s->levels || s->levels & 1u << e->record.head->level) &&
		tell_matches_hold(&s->matches, e);
}

static bool chooses(const struct tell_query *q, const struct tell_entry *e)
{
	return (!e->journal || journal_holds(&q->chosen, e)) &&
		tell_selection_holds(&q->chosen, e);
}

/* ---- reading ---- */

static void copy_field(
	const struct tell_entry *e, const char *name, char *to, size_t size)
{
	struct tell_buf text = { 0 };
	if (tell_by_field(e, name, &text))
		(void)snprintf(to, size, "%s", tell_buf_cstr(&text));
	tell_buf_done(&text);
}

/* What Loki has of an entry is text, also the pid, and the service by another name. */
static void know(struct tell_audit_who *who, const struct tell_entry *e)
{
	double pid;
	*who = (struct tell_audit_who){ .pid = e->record.head->pid };
	if (who->pid == 0 && tell_by_number(e, "user_pid", &pid) && pid > 0 &&
		pid <= UINT32_MAX)
		who->pid = (uint32_t)pid;
	copy_field(e, *e->who.service ? "service" : "service_name", who->service,
		sizeof(who->service));
	copy_field(e, "_boot_id", who->boot, sizeof(who->boot));
}

/* How many records a run has lost, as it says (api/loss.c). There are more such records, of a
 * sink or of what never had a number; and in Loki they have no kind. */
static void hear(struct tell_audit_lane *l, const struct tell_entry *e)
{
	double lost, total, records;
	if (tell_by_number(e, "records_total", &records) &&
		tell_by_number(e, "lost_total", &total) &&
		tell_by_number(e, "lost", &lost) && lost >= 0 && total >= lost &&
		total < 1e15)
		tell_audit_said(l, (uint64_t)lost, (uint64_t)total);
}

static bool may_say(const struct tell_entry *e)
{
	struct tell_buf logger = { 0 };
	bool ours = e->record.head->kind == TELL_KIND_LOSS ||
		(tell_by_field(e, "logger", &logger) &&
			strcmp(tell_buf_cstr(&logger), "telltale") == 0);
	tell_buf_done(&logger);
	return ours;
}

static void take(
	const struct tell_query *q, struct tell_audit *a, const struct tell_entry *e)
{
	const struct tell_head *h = e->record.head;
	if (!e->own || h->seq == 0)
		return;
	struct tell_audit_lane *l = tell_audit_lane(a, h->run, h->lane);
	if (!l)
		return;
	uint64_t ns = tell_entry_time(e);
	if (tell_audit_meet(a, l, h->seq))
		know(&l->who, e);
	l->begin_ns = l->begin_ns == 0 || ns < l->begin_ns ? ns : l->begin_ns;
	l->end_ns = ns > l->end_ns ? ns : l->end_ns;
	if (!l->chosen)
		l->chosen = chooses(q, e);
	if (may_say(e))
		hear(l, e);
}

/* ---- showing ---- */

static void say(const struct tell_query *q, const struct tell_audit *a)
{
	uint64_t settled = 0;
	for (size_t i = 0; i < a->n_lanes; i++)
		settled += a->lanes[i].n_settled;
	if (a->left_out)
		(void)tell_cli_error(0, "query",
			"%llu records were left out: there are more than %d lanes; "
			"--since reads fewer",
			(unsigned long long)a->left_out, TELL_AUDIT_LANES);
	if (settled && !q->quiet)
		(void)tell_cli_error(0, "query",
			"there are too many gaps: %llu are counted and have no name",
			(unsigned long long)settled);
}

static int show(struct tell_query *q, const struct tell_audit *a)
{
	struct tell_buf out = { 0 };
	uint64_t missing = a->left_out + tell_audit_beyond(a); /* who knows */
	for (size_t i = 0; i < a->n_lanes; i++)
		missing += tell_audit_missing(&a->lanes[i]);
	say(q, a);
	if (strcmp(q->print.format, "json") == 0)
		tell_audit_json(a, &out);
	else if (a->n_lanes)
		tell_audit_table(a, &q->print, &out);
	else if (!q->quiet && !q->silent)
		fputs("-- No records with a number --\n", stderr);
	if (!q->no_pager)
		(void)tell_pager_open(); /* none: straight to the terminal */
	if (out.len)
		(void)fwrite(out.data, 1, out.len, stdout); /* see tell_cli_flush() */
	tell_pager_close();
	tell_buf_done(&out);
	return missing ? EXIT_FAILURE : EX_OK;
}

int tell_query_audit(struct tell_query *q, struct tell_sources *s)
{
	struct tell_audit a;
	const struct tell_entry *e;
	if (tell_audit_init(&a) < 0)
		return tell_cli_error(EX_OSERR, "query", "out of memory");
	int r = tell_sources_seek(s);
	if (r < 0)
		r = tell_cli_error(
			EX_IOERR, "query", "cannot go there: %s", strerror(-r));
	while (r == 0 && !a.out_of_memory && (e = tell_sources_next(s)) != NULL)
		take(q, &a, e);
	if (r == 0 && a.out_of_memory)
		r = tell_cli_error(EX_OSERR, "query", "out of memory");
	if (r == 0) {
		tell_audit_order(&a);
		r = show(q, &a);
	}
	tell_audit_done(&a);
	return r;
}
