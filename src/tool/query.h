#pragma once
#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include "tool/print.h"
#include "tool/source.h"

/* What the command line of `query` asked for.
 *
 * Threads: one. Strings are argv's, but for those of `print`. */
#define TELL_QUERY_FILES_MAX 256

struct tell_query {
	struct tell_selection select;
	struct tell_print print;
	regex_t grep;
	const char *files[TELL_QUERY_FILES_MAX]; /* patterns of --file */
	size_t n_files;
	const char *directory, *name_space;
	char boot[33];
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
