#include "stack/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX   ((size_t)1024)
#define SOURCE_MAX ((size_t)200)

void tell_report_init(struct tell_report *r)
{
	*r = (struct tell_report){ 0 };
}

void tell_report_done(struct tell_report *r)
{
	for (size_t i = 0; i < r->n; i++) {
		free(r->faults[i].file);
		free(r->faults[i].message);
		free(r->faults[i].fix);
		free(r->faults[i].source);
	}
	free(r->faults);
	tell_watch_done(&r->watch);
	*r = (struct tell_report){ 0 };
}

static bool report_grow(struct tell_report *r)
{
	if (r->n < r->cap)
		return true;
	size_t cap = r->cap ? r->cap * 2 : 8;
	struct tell_fault *faults = realloc(r->faults, cap * sizeof(*faults));
	if (!faults)
		return false;
	r->faults = faults;
	r->cap = cap;
	return true;
}

static char *copy_line(const char *s, size_t max)
{
	size_t n = s ? strcspn(s, "\r\n") : 0;
	return strndup(s ? s : "", n < max ? n : max);
}

static void report_add(struct tell_report *r, bool warning, const struct tell_spot *at,
	const char *fix, const char *message)
{
	if (!r)
		return;
	if (warning)
		r->n_warnings++;
	else
		r->n_errors++;
	if (r->n >= TELL_FAULTS_MAX || !report_grow(r))
		return;
	struct tell_fault f = {
		.warning = warning,
		.line = at->line,
		.column = at->column,
		.file = copy_line(at->file, TEXT_MAX),
		.message = copy_line(message, TEXT_MAX),
		.fix = copy_line(fix, TEXT_MAX),
		.source = copy_line(at->source, SOURCE_MAX),
	};
	if (!f.file || !f.message || !f.fix || !f.source) {
		free(f.file);
		free(f.message);
		free(f.fix);
		free(f.source);
		return;
	}
	r->faults[r->n++] = f;
}

__attribute__((format(printf, 5, 0))) static void report_format(struct tell_report *r,
	bool warning, const struct tell_spot *at, const char *fix, const char *fmt,
	va_list ap)
{
	char text[TEXT_MAX];
	int n = vsnprintf(text, sizeof(text), fmt, ap);
	report_add(r, warning, at, fix, n < 0 ? fmt : text);
}

void tell_report_error(struct tell_report *r, const struct tell_spot *at, const char *fix,
	const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	report_format(r, false, at, fix, fmt, ap);
	va_end(ap);
}

void tell_report_warning(struct tell_report *r, const struct tell_spot *at,
	const char *fix, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	report_format(r, true, at, fix, fmt, ap);
	va_end(ap);
}

void tell_fault_line(struct tell_buf *out, const struct tell_fault *f)
{
	tell_buf_puts(out, f->file);
	if (f->line)
		tell_buf_printf(out, ":%u", f->line);
	if (f->line && f->column)
		tell_buf_printf(out, ":%u", f->column);
	tell_buf_puts(out, f->warning ? ": warning: " : ": error: ");
	tell_buf_puts(out, f->message);
	if (*f->fix) {
		tell_buf_puts(out, "; ");
		tell_buf_puts(out, f->fix);
	}
}

void tell_fault_show(struct tell_buf *out, const struct tell_fault *f)
{
	tell_fault_line(out, f);
	tell_buf_putc(out, '\n');
	if (!*f->source)
		return;
	tell_buf_puts(out, "    ");
	tell_buf_puts(out, f->source);
	tell_buf_putc(out, '\n');
	if (!f->column || f->column > strlen(f->source) + 1)
		return;
	tell_buf_puts(out, "    ");
	/* A tab stays a tab, so that the mark stands under its letter. */
	for (unsigned i = 1; i < f->column; i++)
		tell_buf_putc(out, f->source[i - 1] == '\t' ? '\t' : ' ');
	tell_buf_puts(out, "^\n");
}
