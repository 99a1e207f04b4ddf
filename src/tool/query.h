#pragma once
#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include "tool/by.h"
#include "tool/print.h"
#include "tool/source.h"

/* What --by and --of ask for. */
struct tell_by_wish {
	bool asked, timed;
	uint64_t width_ns;		/* 0: as fits */
	char *names[TELL_BY_NAMES_MAX]; /* in lower case, as fields are called */
	const char
		*as_written[TELL_BY_NAMES_MAX]; /* in memory: a metric has its own case */
	size_t n;
	const char *of;
	char *memory;
};

/* What the command line of `query` asked for.
 *
 * Threads: one. Strings are argv's, but for those of `print`. */
#define TELL_QUERY_FILES_MAX 256

struct tell_query {
	struct tell_selection select;
	struct tell_print print;
	struct tell_by_wish by;
	bool audit;
	struct tell_selection chosen; /* with audit: by which records runs are chosen */
	regex_t grep;
	const char *files[TELL_QUERY_FILES_MAX]; /* patterns of --file */
	size_t n_files;
	const char *directory, *name_space;
	char boot[33];
	bool boot_wanted;
	int64_t boot_place; /* without an id in `select`: see boots.h */
	char units[TELL_SELECT_MAX][160];
	uint64_t lines; /* -n; UINT64_MAX: all */
	bool limited, follow, reverse, quiet, no_pager;
	bool silent; /* why nothing is found was said already */
	const char *color;

	struct sd_journal *journal; /* NULL: none read */
};

/* Is there a journal at all where the command line says, and may this user read it? Says it
 * when not. 0, or an exit code: none can be read. */
int tell_query_look(struct tell_query *q);

/* Open what is to be read and tell the journal's index what is wanted. 0, or an exit code
 * whose reason was said. */
int tell_query_open(struct tell_query *q, struct tell_sources *s);

/* Read and print. An exit code. */
int tell_query_show(struct tell_query *q, struct tell_sources *s);

/* ---- query_boot.c ---- */

/* Take -b, whose value optarg or the next word is. 0 or an exit code, said. */
int tell_query_boot(struct tell_query *q, int argc, char **argv);
/* With the journal open: the boot's id into `select`. The same. */
int tell_query_boot_choose(struct tell_query *q);

/* ---- query_by.c ---- */

/* Take "level,5m". 0 or an exit code, said. */
int tell_query_by_take(struct tell_by_wish *w, const char *list);
/* Does the rest of the command line go with it? 0 or an exit code, said. */
int tell_query_by_check(const struct tell_query *q);
void tell_query_by_done(struct tell_by_wish *w);

/* Read all, then print the numbers. An exit code. */
int tell_query_by(struct tell_query *q, struct tell_sources *s);

/* ---- query_audit.c ---- */

/* Does the rest of the command line go with it, and what is read? The same. */
int tell_query_audit_check(struct tell_query *q);
/* Read all, then print what is missing. EXIT_FAILURE: something is. */
int tell_query_audit(struct tell_query *q, struct tell_sources *s);
