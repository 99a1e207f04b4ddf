/* The command `telltale`: telltale VERB, or telltale-VERB by a link to it. */
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include "base/nearest.h"
#include "tool/completion.h"
#include "tool/option.h"
#include "tool/verbs.h"

static const struct tell_verb *const verbs[] = {
	&tell_verb_query,
	&tell_verb_status,
	&tell_verb_ctl,
	&tell_verb_check,
	&tell_verb_recover,
	&tell_verb_compress,
	&tell_verb_log,
	&tell_verb_cat,
	&tell_verb_redact,
	&tell_verb_forward,
	NULL,
};

static void help(FILE *out)
{
	fputs("telltale: one record with typed fields, from a call to journald, syslog "
	      "and files\n\nUsage: telltale VERB [OPTION]... [ARGUMENT]...\n",
		out);
	const char *group = "";
	for (const struct tell_verb *const *v = verbs; *v; v++) {
		if (strcmp(group, (*v)->group) != 0)
			fprintf(out, "\n%s:\n", (*v)->group);
		group = (*v)->group;
		fprintf(out, "  %-8s  %s\n", (*v)->name, (*v)->summary);
	}
	fputs("\n  telltale VERB --help tells a verb's options; telltale --version the "
	      "version.\n  Stacks, which say what is kept, hidden and sent where: "
	      "telltale(5)\n\nManual: telltale(1)\n",
		out);
}

static const struct tell_verb *find(const char *name)
{
	for (const struct tell_verb *const *v = verbs; *v; v++)
		if (strcmp((*v)->name, name) == 0)
			return *v;
	return NULL;
}

static int unknown(const char *name)
{
	struct tell_nearest best = { 0 };
	bool option = name[0] == '-';
	for (const struct tell_verb *const *v = verbs; *v && !option; v++)
		tell_nearest_offer(&best, name, (*v)->name);
	if (best.word)
		return tell_cli_error(EX_USAGE, NULL, "unknown verb %s; did you mean %s?",
			name, best.word);
	return tell_cli_error(EX_USAGE, NULL, "unknown %s %s; see telltale --help",
		option ? "option" : "verb", name);
}

static int completion(const char *shell)
{
	if (!shell || !tell_completion(shell, verbs, stdout))
		return tell_cli_error(EX_USAGE, NULL,
			"completions are for " TELL_COMPLETION_SHELLS
			": telltale --completion bash");
	return tell_cli_flush(EX_OK, NULL);
}

/* "telltale-log", a link to the command, is "telltale log". */
static const struct tell_verb *called_as(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;
	const char *name = slash ? slash + 1 : path ? path : "";
	if (strncmp(name, "lt-", 3) == 0)
		name += 3; /* libtool's uninstalled copy */
	if (strncmp(name, "telltale-", 9) != 0)
		return NULL;
	return find(name + 9);
}

int main(int argc, char **argv)
{
	/* Only the reading of file names and regular expressions; numbers stay C's. */
	(void)setlocale(LC_CTYPE, "");

	const struct tell_verb *verb = called_as(argc ? argv[0] : NULL);
	if (verb)
		return verb->run(argc, argv);
	if (argc < 2) {
		help(stderr);
		return EX_USAGE;
	}

	const char *word = argv[1];
	bool wants_help = strcmp(word, "help") == 0;
	if (wants_help && argc > 2 && find(argv[2])) {
		tell_cli_help(find(argv[2]), stdout);
		return tell_cli_flush(EX_OK, NULL);
	}
	if (wants_help || strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
		help(stdout);
		return tell_cli_flush(EX_OK, NULL);
	}
	if (strcmp(word, "--version") == 0) {
		puts("telltale " TELL_VERSION);
		return tell_cli_flush(EX_OK, NULL);
	}
	if (strncmp(word, "--completion", 12) == 0 && (!word[12] || word[12] == '='))
		return completion(word[12] ? word + 13 : argv[2]);
	verb = find(word);
	return verb ? verb->run(argc - 1, argv + 1) : unknown(word);
}
