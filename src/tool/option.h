#pragma once
#include <stdbool.h>
#include <stdio.h>

/* A verb of the command and its options: the one table that makes --help, getopt_long(3)'s
 * arrays and the completions; a test compares the manual page with it.
 *
 * Threads: one. Source: getopt_long(3); POSIX utility conventions; sysexits.h. */
enum {
	TELL_CLI_END = -1, /* no more options: optind is the first operand */
	TELL_CLI_BAD = -2, /* said on stderr; exit with EX_USAGE */
	TELL_CLI_HELP = 1000,
	TELL_CLI_VERSION,
	TELL_CLI_LONG, /* first id of options that have no letter */
};

struct tell_cli_option {
	int id; /* the letter, or from TELL_CLI_LONG on; 0: a heading, in help */
	const char *name; /* long name */
	const char *arg;  /* "LEVEL"; "[PID]" when it may be left out; NULL: takes none */
	const char *help; /* one line; '\n' allowed */
	const char *words; /* values to complete, blank separated, or NULL */
};

struct tell_verb {
	const char *name;
	const char *group;    /* daily, operate, shell: where --help lists it */
	const char *summary;  /* one line, no full stop */
	const char *operands; /* "[MATCH]..." */
	const struct tell_cli_option *options; /* ends with a NULL name and id 0 */
	const char *examples;		       /* the end of --help */
	bool stop_at_operand;		       /* options end at the first operand */
	int (*run)(int argc, char **argv);     /* argv[0] is the verb */
};

/* The next option's id, its value in optarg (NULL: none). --help and --version are
 * answered here: then *ret_done is set and TELL_CLI_END returned. */
int tell_cli_next(const struct tell_verb *verb, int argc, char **argv, bool *ret_done);

/* What --help prints. */
void tell_cli_help(const struct tell_verb *verb, FILE *out);

/* "telltale: verb: message" on stderr, secrets masked and control bytes escaped. verb may
 * be NULL. Returns code, so that a verb can end with `return tell_cli_error(EX_USAGE, ...)`. */
int tell_cli_error(int code, const char *verb, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Ends a verb that wrote to stdout: EX_IOERR, said, when not everything was taken. */
int tell_cli_flush(int code, const char *verb);

/* auto, always, never and the environment: shall fd have colours? NO_COLOR turns them
 * off, CLICOLOR_FORCE on, an explicit word decides (no-color.org, bixense.com/clicolors).
 * False for a word that is none of the three. */
bool tell_cli_color(const char *word, int fd, bool *ret_color);

/* Has the option a letter; is it one, or the end of the table? */
static inline bool tell_cli_letter(const struct tell_cli_option *o)
{
	return o->id > 0 && o->id < TELL_CLI_HELP;
}

static inline bool tell_cli_more(const struct tell_cli_option *o)
{
	return o->id || o->help;
}
