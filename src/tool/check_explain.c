/* telltale check --explain: each line a record meets, and what it makes of it. */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include "base/clock.h"
#include "base/hash.h"
#include "encode/encode.h"
#include "encode/parts.h"
#include "record/key.h"
#include "record/level.h"
#include "tool/check.h"
#include "tool/option.h"

#define SEEN_MAX 64 /* fields; what a line does to others is not shown */

/* A field as the step before left it. */
struct seen {
	char name[TELL_NAME_MAX + 1];
	uint32_t hash;
	bool there;
};

struct walk {
	struct tell_check *check;
	struct tell_run *run;
	const char *type; /* the chain the last step was of */
	struct tell_buf takers;
	struct seen seen[SEEN_MAX];
	size_t n_seen;
};

static bool is_good(enum tell_verdict v)
{
	return v == TELL_SUCCESS || v == TELL_SPOOLED;
}

static void show_record(const struct walk *w, const char *title)
{
	struct tell_buf line = { 0 };
	struct tell_layout layout = { .who = w->run->who, .work = w->run->work };
	tell_encode_json(&line, w->run->record, &layout);
	tell_check_title(w->check, title);
	printf("  %s\n", tell_buf_cstr(&line));
	tell_buf_done(&line);
}

/* What the record has, without its values: they are not redacted yet. */
static void show_names(const struct walk *w)
{
	struct tell_value v;
	tell_check_title(w->check, "record, as it is made");
	printf("  %s, with", tell_level_word(w->run->record->head->level));
	for (uint32_t pos = 0; tell_record_next(w->run->record, &pos, &v);)
		printf(" %.*s", (int)v.name_len, v.name);
	putchar('\n');
}

/* "level" of "requisite level", with PAM's control as written. */
static void show_line(const struct walk *w, const struct tell_step *s)
{
	const char *base = strrchr(s->file, '/');
	char where[96];
	(void)snprintf(where, sizeof(where), "%s:%u", base ? base + 1 : s->file, s->line);
	enum tell_finding kind = !s->ran ? TELL_FINDING_NOTE
		: is_good(s->verdict)	 ? TELL_FINDING_OK
					 : TELL_FINDING_WARN;
	printf("  %-24s %-11s %-10s %s%-12s%s %s", where, s->control, s->module,
		tell_check_paint(w->check, kind),
		s->ran ? tell_verdict_word(s->verdict) : "would send",
		tell_check_plain(w->check), s->action);
	if (s->jump)
		printf(" %u", s->jump);
	putchar('\n');
}

/* The kinds of the masks in a text, each once: " (card, pair)". Never the value. */
static void show_kinds(const struct tell_value *v)
{
	static const char mask[] = "[REDACTED:";
	const char *text = v->data, *end = text + v->len, *before[8];
	size_t n = 0;
	for (const char *at = text; n < 8 && at < end &&
		(at = memmem(at, (size_t)(end - at), mask, sizeof(mask) - 1));) {
		at += sizeof(mask) - 1;
		size_t len = 0;
		while (at + len < end && at[len] >= 'a' && at[len] <= 'z')
			len++;
		bool known = false;
		for (size_t i = 0; i < n; i++)
			known |= strncmp(before[i], at, len + 1) == 0;
		if (len && !known) {
			printf("%s%.*s", n ? ", " : " (", (int)len, at);
			before[n++] = at;
		}
	}
	if (n)
		putchar(')');
}

static struct seen *find_seen(struct walk *w, const struct tell_value *v)
{
	for (size_t i = 0; i < w->n_seen; i++)
		if (strlen(w->seen[i].name) == v->name_len &&
			memcmp(w->seen[i].name, v->name, v->name_len) == 0)
			return &w->seen[i];
	if (w->n_seen == SEEN_MAX)
		return NULL;
	struct seen *s = &w->seen[w->n_seen++];
	(void)snprintf(s->name, sizeof(s->name), "%.*s", (int)v->name_len, v->name);
	s->hash = tell_hash_bytes(v->data, v->len);
	return s;
}

/* What the last step has changed, which of redact are the secrets it took. */
static void look(struct walk *w, bool say)
{
	struct tell_value v;
	for (size_t i = 0; i < w->n_seen; i++)
		w->seen[i].there = false;
	for (uint32_t pos = 0; tell_record_next(w->run->record, &pos, &v);) {
		struct seen *s = find_seen(w, &v);
		uint32_t hash = tell_hash_bytes(v.data, v.len);
		if (s && say && hash != s->hash) {
			printf("%40shides %s", "", s->name);
			show_kinds(&v);
			putchar('\n');
		}
		if (s) {
			s->hash = hash;
			s->there = true;
		}
	}
	for (size_t i = 0; i < w->n_seen; i++)
		if (!w->seen[i].there && *w->seen[i].name) {
			if (say)
				printf("%40sdrops %s\n", "", w->seen[i].name);
			w->seen[i].name[0] = '\0';
		}
}

static void step(void *arg, const struct tell_step *s)
{
	struct walk *w = arg;
	bool is_sink = strcmp(s->type, "sink") == 0;
	if (!w->type || strcmp(w->type, s->type) != 0) {
		if (is_sink)
			show_record(w, "record, as sinks get it");
		tell_check_title(w->check, s->type);
	}
	w->type = s->type;
	show_line(w, s);
	look(w, strcmp(s->type, "redact") == 0);
	if (is_sink && is_good(s->verdict))
		tell_buf_printf(&w->takers, "%s%s", w->takers.len ? ", " : "", s->module);
	if (s->last)
		printf("  %s= %s%s\n",
			tell_check_paint(w->check,
				is_good(s->result) ? TELL_FINDING_OK : TELL_FINDING_WARN),
			tell_verdict_word(s->result), tell_check_plain(w->check));
}

static int make_record(
	const struct tell_check *c, const struct tell_stack *s, struct tell_record *r)
{
	r->limit = tell_stack_limit(s);
	int e = tell_record_begin(r, c->level, TELL_KIND_LOG);
	if (e < 0)
		return e;
	r->head->realtime_ns = tell_clock_realtime_ns();
	r->head->pid = tell_stack_identity(s)->pid;
	tell_record_message(r, c->message, strlen(c->message));
	tell_record_add(r, c->fields.fields, c->fields.n, 0, NULL);
	return 0;
}

int tell_check_explain(struct tell_check *c, struct tell_stack *s)
{
	struct tell_record record = { 0 };
	struct tell_buf out = { 0 }, work = { 0 };
	struct tell_run run = { .record = &record,
		.who = tell_stack_identity(s),
		.out = &out,
		.work = &work };
	struct walk w = { .check = c, .run = &run };
	if (make_record(c, s, &record) < 0)
		return tell_cli_error(EX_OSERR, "check", "out of memory");

	printf("\n");
	show_names(&w);
	look(&w, false);
	enum tell_verdict v = tell_stack_explain(s, &run, true, step, &w);
	printf("\n%s",
		tell_check_paint(c, is_good(v) ? TELL_FINDING_OK : TELL_FINDING_WARN));
	if (v == TELL_IGNORE)
		printf("Dropped: a filter does not want it.");
	else if (is_good(v))
		printf("It would go to: %s.", tell_buf_cstr(&w.takers));
	else
		printf("Nobody would take it.");
	printf("%s\n", tell_check_plain(c));

	tell_buf_done(&w.takers);
	tell_buf_done(&out);
	tell_buf_done(&work);
	tell_record_done(&record);
	return 0;
}
