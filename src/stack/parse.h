#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/pool.h"
#include "stack/report.h"
#include "stack/verdict.h"

/* Stack files as lists of lines, by type, with includes put in their place.
 *
 * Limits:  TELL_LEVELS_MAX files deep, TELL_FILES_MAX files, TELL_LINES_MAX lines.
 * Threads: one owner at a time.
 * Source:  pam.conf(5), `@include` as in Debian; libpam is the oracle. What libpam only
 *          logs (and makes a line that must fail) is an error in the report here. */
#define TELL_FILES_MAX 256
#define TELL_LINES_MAX 4096

/* The stack types, in the order a record meets them. */
enum tell_chain_type {
	TELL_CHAIN_ENRICH,
	TELL_CHAIN_FILTER,
	TELL_CHAIN_QUEUE,
	TELL_CHAIN_REDACT, /* the most sensitive: a line of no known type is one of these */
	TELL_CHAIN_SINK,
	TELL_CHAIN_METRIC,
	TELL_CHAIN_HEALTH,
	TELL_CHAIN_ALERT,
	TELL_CHAIN_SOURCE,
	TELL_CHAIN_SERVICE,
	TELL_N_CHAINS
};
#define TELL_CHAIN_ANY TELL_N_CHAINS

/* "enrich" ... "service". Static. */
const char *tell_chain_word(enum tell_chain_type type);

struct tell_arg {
	const char *text;
	struct tell_spot at;
};

/* A line. All text is the pool's. */
struct tell_line {
	struct tell_rule rule;
	bool silent;		      /* -type: nobody misses the module */
	bool wrong;		      /* is in the report already */
	const char *control, *module; /* "" when missing */
	struct tell_arg *args;
	size_t n_args;
	struct tell_spot at, module_at;
};

struct tell_lines {
	struct tell_line *list;
	size_t n, cap;
};

/* A file's text, in the pool; a NUL stands behind it. */
struct tell_text {
	const char *path, *text;
	size_t len;
};

/* Find an included file. 0, or a negative errno with the reason in the report. */
typedef int tell_text_fn(
	void *arg, const char *name, const struct tell_spot *at, struct tell_text *ret);

struct tell_parse {
	struct tell_pool *pool;
	struct tell_report *report; /* or NULL */
	tell_text_fn *find;
	void *arg;
	struct tell_lines lines[TELL_N_CHAINS];
	size_t n_files, n_lines;
};

/* Add the lines of a file. 0; -ENOMEM; -EBADMSG: it cannot be used at all (libpam aborts),
 * the lines before are there. Wrong lines are in the report and, as libpam does, in place. */
int tell_parse_text(struct tell_parse *p, const struct tell_text *file);

/* Frees the lists; the pool stays. */
void tell_parse_done(struct tell_parse *p);
