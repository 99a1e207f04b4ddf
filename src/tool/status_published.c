/* telltale status --from-journal: tell_status_published(). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-id128.h>
#include <systemd/sd-journal.h>
#include <sysexits.h>
#include "api/service.h"
#include "base/clock.h"
#include "base/number.h"
#include "metric/told.h"
#include "record/event.h"
#include "tool/status.h"
#include "tool/verbs.h"

#define PROCESSES_MAX 1000
#define STALE_ROUNDS  13 /* a process says all each twelfth time */
#define BACK_NS	      (UINT64_C(2) * 86400 * TELL_NS_PER_SEC)

/* A family of one process, put together from its records, the newest first. */
struct family {
	char *head; /* {"name":...,"samples":[ */
	char *name;
	struct tell_buf samples;
};

struct process {
	struct tell_running who;
	char service[TELL_SERVICE_MAX + 1];
	char run[9];			/* the first part of TELL_SEQ */
	char unit[128], invocation[33]; /* of the unit; "": not known */
	bool done;			/* the record where all began was met */
	struct tell_told seen;
	struct family *families;
	size_t n;
	struct tell_buf text;
};

struct published {
	sd_journal *journal;
	const char *service; /* only this one, or NULL */
	struct process *list;
	size_t n;
	uint64_t now_ns;
	uint64_t silent_ns; /* the newest record of those that must have ended; 0: none */
	char boot[33];
};

/* A field's value, up to its end; false: it has none. Valid until the next. */
static bool get(struct published *p, const char *name, const char **ret, size_t *ret_len)
{
	const void *data;
	size_t len, n = strlen(name) + 1;
	if (sd_journal_get_data(p->journal, name, &data, &len) < 0 || len < n)
		return false;
	*ret = (const char *)data + n;
	*ret_len = len - n;
	return true;
}

static uint64_t get_u64(struct published *p, const char *name)
{
	const char *text;
	size_t len;
	uint64_t n;
	return get(p, name, &text, &len) && tell_parse_u64(text, len, &n) ? n : 0;
}

static void get_text(struct published *p, const char *name, char *to, size_t size)
{
	const char *text;
	size_t len;
	to[0] = '\0';
	if (!get(p, name, &text, &len))
		return;
	len = len < size ? len : size - 1;
	memcpy(to, text, len);
	to[len] = '\0';
}

/* Has it certainly ended: with its boot, or because its unit runs anew? */
static bool has_ended(struct published *p, const struct process *of)
{
	char boot[33];
	get_text(p, "_BOOT_ID", boot, sizeof(boot));
	if (boot[0] && p->boot[0] && strcmp(boot, p->boot) != 0)
		return true;
	for (size_t i = 0; i < p->n && of->invocation[0]; i++) {
		const struct process *newer = &p->list[i];
		if (strcmp(newer->service, of->service) == 0 &&
			strcmp(newer->unit, of->unit) == 0 && newer->invocation[0] &&
			strcmp(newer->invocation, of->invocation) != 0)
			return true;
	}
	return false;
}

/* One that was not heard of for so long must have ended. */
static bool is_silent(struct published *p, uint64_t realtime_ns)
{
	uint64_t every_ns = get_u64(p, "EVERY") * TELL_NS_PER_SEC;
	if (every_ns && (p->now_ns - realtime_ns) / STALE_ROUNDS <= every_ns)
		return false;
	if (p->silent_ns < realtime_ns)
		p->silent_ns = realtime_ns;
	return true;
}

/* Whose record it is. NULL: one of an earlier run, or too old, or there are too many. */
static struct process *process_of(struct published *p, uint64_t realtime_ns)
{
	struct process new = { 0 };
	get_text(p, "SYSLOG_IDENTIFIER", new.service, sizeof(new.service));
	get_text(p, "TELL_SEQ", new.run, sizeof(new.run));
	get_text(p, "_SYSTEMD_UNIT", new.unit, sizeof(new.unit));
	get_text(p, "_SYSTEMD_INVOCATION_ID", new.invocation, sizeof(new.invocation));
	new.who.pid = (pid_t)get_u64(p, "_PID");
	if (!new.service[0] || (p->service && strcmp(p->service, new.service) != 0))
		return NULL;
	for (size_t i = 0; i < p->n; i++) {
		struct process *old = &p->list[i];
		if (old->who.pid == new.who.pid && strcmp(old->service, new.service) == 0)
			return strcmp(old->run, new.run) == 0 ? old : NULL;
	}
	if (p->n == PROCESSES_MAX || has_ended(p, &new) || is_silent(p, realtime_ns))
		return NULL;
	p->list[p->n] = new;
	p->list[p->n].who.service = p->list[p->n].service;
	tell_told_init(&p->list[p->n].seen);
	return &p->list[p->n++];
}

static struct family *family_of(struct process *of, const struct tell_json_span *name,
	const struct tell_json_span *family, const struct tell_json_span *samples)
{
	for (size_t i = 0; i < of->n; i++)
		if (strlen(of->families[i].name) == name->len &&
			memcmp(of->families[i].name, name->text, name->len) == 0)
			return &of->families[i];
	struct family *list = realloc(of->families, (of->n + 1) * sizeof(*list));
	if (!list)
		return NULL;
	of->families = list;
	struct family *f = &list[of->n];
	*f = (struct family){ .name = strndup(name->text, name->len),
		/* Up to the first sample, as it was written. */
		.head = strndup(
			family->text, (size_t)(samples->text - family->text) + 1) };
	if (!f->name || !f->head) {
		free(f->name);
		free(f->head);
		return NULL;
	}
	of->n++;
	return f;
}

/* What a later record has said of the series holds. */
static void take_sample(
	struct process *of, struct family *f, const struct tell_json_span *sample)
{
	struct tell_json_span labels;
	if (!tell_json_get(sample, "labels", &labels))
		return;
	char *text = strndup(labels.text, labels.len);
	const struct tell_label label = { "", text };
	struct tell_told_row *row = text ? tell_told_row(&of->seen, f->name, &label, 1)
					 : NULL;
	free(text);
	if (!row || row->known)
		return;
	row->known = true;
	if (f->samples.len)
		tell_buf_putc(&f->samples, ',');
	tell_buf_put(&f->samples, sample->text, sample->len);
}

static void take(struct process *of, const char *text, size_t len)
{
	struct tell_json_span all, key, family, name, samples, sample;
	if (!tell_json_check(text, len, &all) || all.kind != TELL_JSON_ARRAY)
		return;
	for (size_t pos = 0; tell_json_next(&all, &pos, &key, &family);) {
		if (!tell_json_get(&family, "name", &name) ||
			!tell_json_get(&family, "samples", &samples) ||
			samples.kind != TELL_JSON_ARRAY)
			continue;
		struct family *f = family_of(of, &name, &family, &samples);
		for (size_t at = 0; f && tell_json_next(&samples, &at, &key, &sample);)
			take_sample(of, f, &sample);
	}
}

static void read_entry(struct published *p, uint64_t realtime_ns)
{
	const char *text;
	size_t len;
	struct process *of = process_of(p, realtime_ns);
	if (!of || of->done)
		return;
	if (get(p, "METRICS", &text, &len))
		take(of, text, len);
	of->done = get(p, "WHOLE", &text, &len) && len == 4 &&
		memcmp(text, "true", 4) == 0;
}

static int read_back(struct published *p)
{
	char match[sizeof("MESSAGE_ID=") + 32];
	uint64_t us;
	(void)snprintf(match, sizeof(match), "MESSAGE_ID=%s",
		tell_event_id(TELL_EVENT_METRIC_PUBLISH)); /* fits */
	int r = sd_journal_add_match(p->journal, match, 0);
	if (r >= 0)
		r = sd_journal_set_data_threshold(p->journal, 0); /* METRICS is long */
	if (r >= 0)
		r = sd_journal_seek_tail(p->journal);
	p->now_ns = tell_clock_realtime_ns();
	while (r >= 0 && (r = sd_journal_previous(p->journal)) > 0) {
		r = sd_journal_get_realtime_usec(p->journal, &us);
		uint64_t ns = us * 1000 < p->now_ns ? us * 1000 : p->now_ns;
		if (r < 0 || p->now_ns - ns > BACK_NS)
			break;
		read_entry(p, ns);
	}
	return r < 0 ? r : 0;
}

static void show(struct published *p, enum tell_expose_format format)
{
	struct tell_status *list = calloc(p->n + 1, sizeof(*list));
	struct tell_buf out = { 0 };
	for (size_t i = 0; list && i < p->n; i++) {
		struct process *of = &p->list[i];
		tell_buf_puts(&of->text, "{\"metrics\":[");
		for (size_t k = 0; k < of->n; k++) {
			tell_buf_puts(&of->text, k ? "," : "");
			tell_buf_puts(&of->text, of->families[k].head);
			tell_buf_put(&of->text, of->families[k].samples.data,
				of->families[k].samples.len);
			tell_buf_puts(&of->text, "]}");
		}
		tell_buf_puts(&of->text, "]}");
		list[i].of = &of->who;
		(void)tell_json_check(of->text.data, of->text.len, &list[i].all);
	}
	if (list)
		(void)tell_status_metrics(&out, list, p->n, format); /* those that fit */
	fwrite(tell_buf_cstr(&out), 1, out.len, stdout); /* seen by tell_cli_flush() */
	tell_buf_done(&out);
	free(list);
}

/* Nothing is an answer that looks like an error, and the other way round. */
static void say_none(const struct published *p)
{
	char time[TELL_RFC3339_CHARS];
	const char *of = p->service ? " of " : "", *name = p->service ? p->service : "";
	if (p->silent_ns == 0) {
		(void)tell_cli_error(
			0, "status", "no process%s%s publishes metrics", of, name);
		return;
	}
	(void)tell_put_rfc3339(time, p->silent_ns);
	(void)tell_cli_error(0, "status",
		"no process%s%s publishes metrics; one that did is silent since %.*s", of,
		name, (int)sizeof(time), time);
}

static void done(struct published *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct process *of = &p->list[i];
		for (size_t k = 0; k < of->n; k++) {
			free(of->families[k].head);
			free(of->families[k].name);
			tell_buf_done(&of->families[k].samples);
		}
		free(of->families);
		tell_told_done(&of->seen);
		tell_buf_done(&of->text);
	}
	free(p->list);
	sd_journal_close(p->journal); /* NULL is allowed */
}

int tell_status_published(const char *service, enum tell_expose_format format)
{
	struct published p = { .service = service };
	sd_id128_t boot;
	if (sd_id128_get_boot(&boot) >= 0) /* not known: then none has ended with it */
		(void)sd_id128_to_string(boot, p.boot);
	p.list = calloc(PROCESSES_MAX, sizeof(*p.list));
	int r = p.list ? sd_journal_open(&p.journal, SD_JOURNAL_LOCAL_ONLY) : -ENOMEM;
	if (r >= 0)
		r = read_back(&p);
	if (r >= 0)
		show(&p, format);
	if (r >= 0 && p.n == 0)
		say_none(&p);
	done(&p);
	return r >= 0 ? EX_OK
		      : tell_cli_error(EX_OSERR, "status",
				"the journal cannot be read: %s", strerror(-r));
}
