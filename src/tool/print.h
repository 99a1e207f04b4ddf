#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"
#include "source/entry.h"

/* How `query` shows an entry: -o.
 *
 * Shape:   appends whole lines to a buffer; nothing in them can act on a terminal but our
 *          own colours.
 * Threads: one owner. */
#define TELL_PRINT_FIELDS_MAX 64

struct tell_print {
	const char *format; /* a word of TELL_PRINT_FORMATS */
	bool utc, color, hostname;
	const char *fields[TELL_PRINT_FIELDS_MAX]; /* --output-fields, lower case */
	size_t n_fields;
	char *fields_memory;
	struct tell_buf line, work;
};

#define TELL_PRINT_FORMATS                                                               \
	"short short-precise short-iso short-iso-precise verbose cat json json-pretty "  \
	"logfmt export"

/* {.format = ...} by one of the words; false: no such. */
bool tell_print_format(struct tell_print *p, const char *word);

/* "a,b,C": names as matches have them. 0, -EINVAL, -E2BIG or -ENOMEM. */
int tell_print_fields(struct tell_print *p, const char *list);
void tell_print_done(struct tell_print *p);

void tell_print_entry(
	struct tell_print *p, const struct tell_entry *e, struct tell_buf *out);

/* ---- print_line.c, print_all.c: one noun's forms each ---- */
void tell_print_short(
	struct tell_print *p, const struct tell_entry *e, struct tell_buf *out);
void tell_print_cat(
	struct tell_print *p, const struct tell_entry *e, struct tell_buf *out);
void tell_print_verbose(
	struct tell_print *p, const struct tell_entry *e, struct tell_buf *out);
void tell_print_export(
	struct tell_print *p, const struct tell_entry *e, struct tell_buf *out);

/* Is the field wanted by --output-fields? name in either case. */
bool tell_print_wants(const struct tell_print *p, const char *name, size_t len);

/* Text for a terminal: as tell_text_escape() shows it, but newlines are kept and what
 * follows one is indented by `indent` blanks. */
void tell_print_text(struct tell_buf *out, const char *text, size_t len, size_t indent);

/* Local time or UTC as strftime(3) has it, with ".123456" behind when precise. */
void tell_print_time(const struct tell_print *p, struct tell_buf *out, const char *format,
	bool precise, uint64_t ns);

enum tell_paint { TELL_PAINT_NONE, TELL_PAINT_DIM, TELL_PAINT_NAME };
/* Switch to the colour of a level, or of a part; then back. Nothing without colours. */
void tell_paint_level(const struct tell_print *p, struct tell_buf *out, int level);
void tell_paint(const struct tell_print *p, struct tell_buf *out, enum tell_paint part);
