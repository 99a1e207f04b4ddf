#include "tool/redactor.h"
#include <errno.h>
#include <string.h>
#include <sysexits.h>
#include <telltale/log.h>
#include "api/service.h"
#include "base/nearest.h"
#include "redact/module.h"
#include "stack/lex.h"
#include "tool/check.h"
#include "tool/option.h"

/* telltale redact: the rules are those of a stack, so the command hides what a service
 * would have hidden, and has each option as soon as a redact line has it. */

static const struct tell_module *const modules[] = { &tell_redact_keys,
	&tell_redact_detect };
#define FAILED	  "[REDACTED:error]" /* as the stack says it */
#define N_MODULES (sizeof(modules) / sizeof(modules[0]))

static int begin(struct tell_redactor *r)
{
	r->record.limit = TELL_RECORD_LIMIT_MAX;
	tell_buf_init(&r->out, 0);
	tell_buf_init(&r->work, 0);
	r->run = (struct tell_run){ .record = &r->record,
		.who = tell_stack_identity(r->stack),
		.out = &r->out,
		.work = &r->work };
	return 0;
}

static int say_faults(struct tell_report *report, int code)
{
	for (size_t i = 0; i < report->n; i++) {
		struct tell_buf line = { 0 };
		if (report->faults[i].warning)
			continue;
		tell_fault_line(&line, &report->faults[i]);
		(void)tell_cli_error(0, "redact", "%s", tell_buf_cstr(&line));
		tell_buf_done(&line);
	}
	return code;
}

/* ---- options ---- */

static bool has_option(const struct tell_module *m, const char *text, size_t len)
{
	for (const struct tell_option *o = m->options; o && o->name; o++)
		if (strlen(o->name) == len && memcmp(o->name, text, len) == 0)
			return true;
	return false;
}

static int unknown(const char *option, size_t len)
{
	struct tell_nearest best = { 0 };
	char name[64];
	(void)snprintf(name, sizeof(name), "%.*s", (int)len, option);
	for (size_t i = 0; i < N_MODULES; i++)
		for (const struct tell_option *o = modules[i]->options; o && o->name; o++)
			tell_nearest_offer(&best, name, o->name);
	return tell_cli_error(EX_USAGE, "redact",
		"no redact line has an option \"%s\"%s%s; see telltale-modules(5)", name,
		best.word ? ": did you mean " : "", best.word ? best.word : "");
}

static int put_lines(struct tell_buf *text, char *const *options, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t len = strcspn(options[i], "=");
		bool known = false;
		for (size_t m = 0; m < N_MODULES; m++)
			known |= has_option(modules[m], options[i], len);
		if (!known || options[i][len] != '=' || strchr(options[i], '\n'))
			return unknown(options[i], len);
	}
	for (size_t m = 0; m < N_MODULES; m++) {
		tell_buf_printf(text, "redact requisite %s", modules[m]->name);
		for (size_t i = 0; i < n; i++)
			if (has_option(modules[m], options[i], strcspn(options[i], "=")))
				tell_lex_put(text, options[i]);
		tell_buf_putc(text, '\n');
	}
	tell_buf_puts(text, "sink required permit\n");
	return 0;
}

int tell_redactor_open(struct tell_redactor *r, char *const *options, size_t n)
{
	*r = (struct tell_redactor){ 0 };
	struct tell_buf text = { 0 };
	struct tell_identity who;
	struct tell_report report;
	char host[256];
	int code = put_lines(&text, options, n);
	tell_report_init(&report);
	tell_check_identity(&who, "redact", host);
	if (code == 0 &&
		tell_stack_load_text(&r->stack, &who, "options", tell_buf_cstr(&text),
			text.len, TELL_STACK_NO_SINKS | TELL_STACK_NO_TERMINAL,
			&report) < 0)
		code = say_faults(&report, EX_USAGE);
	tell_report_done(&report);
	tell_buf_done(&text);
	return code ? code : begin(r);
}

int tell_redactor_open_service(struct tell_redactor *r, const char *service)
{
	*r = (struct tell_redactor){ 0 };
	struct tell_identity who;
	struct tell_report report;
	char host[256];
	if (!tell_service_name_ok(service))
		return tell_cli_error(
			EX_USAGE, "redact", "no service's name: \"%s\"", service);
	tell_report_init(&report);
	tell_check_identity(&who, service, host);
	int code = 0,
	    e = tell_stack_load(&r->stack, &who,
		    TELL_STACK_NO_SINKS | TELL_STACK_NO_TERMINAL, &report);
	if (e < 0 && report.n_errors)
		code = say_faults(&report, EX_CONFIG);
	else if (e < 0)
		code = tell_cli_error(
			EX_OSERR, "redact", "%s: %s", service, strerror(-e));
	tell_report_done(&report);
	return code ? code : begin(r);
}

void tell_redactor_close(struct tell_redactor *r)
{
	r->stack = tell_stack_free(r->stack);
	tell_record_done(&r->record);
	tell_buf_done(&r->out);
	tell_buf_done(&r->work);
}

/* ---- counting ---- */

static void add_kind(struct tell_redactor *r, const char *name, size_t len)
{
	size_t i = 0;
	while (i < r->n_kinds &&
		(strlen(r->kinds[i].name) != len || memcmp(r->kinds[i].name, name, len)))
		i++;
	if (i == TELL_REDACTOR_KINDS)
		return;
	if (i == r->n_kinds) {
		(void)snprintf(r->kinds[i].name, sizeof(r->kinds[i].name), "%.*s",
			(int)len, name);
		r->n_kinds++;
	}
	r->kinds[i].n++;
}

/* The kind of the mask at p; 0: there is none. */
static size_t mask_kind(const char *p, const char *end, const char **ret)
{
	static const char begin_mask[] = "[REDACTED";
	size_t len = sizeof(begin_mask) - 1, n = 0;
	if ((size_t)(end - p) <= len || memcmp(p, begin_mask, len) != 0)
		return 0;
	p += len;
	if (*p == ']') {
		*ret = "name";
		return 4;
	}
	if (*p != ':')
		return 0;
	while (p + 1 + n < end &&
		n < sizeof(((struct tell_redactor_kind *)0)->name) - 1 &&
		((p[1 + n] >= 'a' && p[1 + n] <= 'z') || p[1 + n] == '_' ||
			p[1 + n] == '-' || (p[1 + n] >= '0' && p[1 + n] <= '9')))
		n++;
	*ret = p + 1;
	return n;
}

/* All masks behind the first `skip` of them. */
static size_t count_masks(struct tell_redactor *r, const char *s, size_t n, size_t skip)
{
	size_t seen = 0;
	for (const char *p = s, *end = s + n;
		p < end && (p = memchr(p, '[', (size_t)(end - p))); p++) {
		const char *kind;
		size_t len = mask_kind(p, end, &kind);
		if (len && seen++ >= skip && r)
			add_kind(r, kind, len);
	}
	return seen;
}

void tell_redactor_count(struct tell_redactor *r, const char *before, size_t n_before,
	const char *after, size_t n_after)
{
	if (r->counting)
		(void)count_masks(
			r, after, n_after, count_masks(NULL, before, n_before, 0));
}

/* ---- asking ---- */

bool tell_redactor_text(
	struct tell_redactor *r, const char *s, size_t n, struct tell_buf *to)
{
	size_t len = 0;
	const char *text = FAILED;
	if (n <= TELL_REDACTOR_TEXT_MAX &&
		tell_record_begin(&r->record, TELL_INFO, TELL_KIND_LOG) == 0) {
		tell_record_message(&r->record, s, n);
		tell_stack_redact(r->stack, &r->run);
		text = tell_record_text(&r->record, &len);
	} else {
		len = strlen(text);
	}
	tell_buf_put(to, text, len);
	bool changed = len != n || memcmp(text, s, n) != 0;
	if (changed)
		tell_redactor_count(r, s, n, text, len);
	return changed;
}

/* Nothing happened to it? */
static bool is_as_before(const struct tell_value *v, const struct tell_field *before)
{
	if (v->type == TELL_TYPE_SECRET || v->type == TELL_TYPE_NULL)
		return false;
	if (before->type != TELL_TYPE_STR)
		return v->type == before->type;
	return v->len == before->len && memcmp(v->data, before->v.ptr, v->len) == 0;
}

const struct tell_value *tell_redactor_value(
	struct tell_redactor *r, const struct tell_field *field)
{
	uint32_t pos = 0;
	struct tell_value *v = &r->value;
	if (field->len > TELL_REDACTOR_TEXT_MAX ||
		tell_record_begin(&r->record, TELL_INFO, TELL_KIND_LOG) < 0) {
		*v = (struct tell_value){
			.type = TELL_TYPE_STR, .data = FAILED, .len = sizeof(FAILED) - 1
		};
		return v;
	}
	tell_record_add(&r->record, field, 1, 0, NULL);
	tell_stack_redact(r->stack, &r->run);
	if (!tell_record_next(&r->record, &pos, v))
		*v = (struct tell_value){ .type = TELL_TYPE_NULL };
	return is_as_before(v, field) ? NULL : v;
}

bool tell_redactor_name(struct tell_redactor *r, const char *name)
{
	const struct tell_field x = tell_str(name, "x");
	return tell_redactor_value(r, &x) != NULL;
}
