#include "tool/completion.h"

#include <string.h>

#define WRITTEN_BY "completion of telltale(1), written by `telltale --completion %s`\n"

/* What a value or an operand is the name of, by the word that stands for it in help. */
enum completes { NOTHING, FILES, COMMAND };

static enum completes completes(const char *arg)
{
	if (strstr(arg, "COMMAND"))
		return COMMAND;
	if (strstr(arg, "FILE") || strcmp(arg, "GLOB") == 0 || strcmp(arg, "DIR") == 0)
		return FILES;
	return NOTHING;
}

/* A help text in one line, to stand between single quotes: a backslash before what is
 * special there, and `quote` for a single quote. */
static void put_text(const char *text, const char *special, const char *quote, FILE *out)
{
	for (; *text; text++) {
		if (*text == '\'') {
			fputs(quote, out);
			continue;
		}
		if (strchr(special, *text))
			fputc('\\', out);
		fputc(*text == '\n' ? ' ' : *text, out);
	}
}

static const struct tell_cli_option common[] = {
	{ TELL_CLI_HELP, "help", NULL, "this text", NULL },
	{ TELL_CLI_VERSION, "version", NULL, "the version", NULL },
	{ 0 },
};

/* Call put for each option, those that all verbs have first. */
static void each_option(const struct tell_verb *verb,
	void (*put)(const struct tell_verb *, const struct tell_cli_option *, FILE *),
	FILE *out)
{
	for (const struct tell_cli_option *o = common; tell_cli_more(o); o++)
		put(verb, o, out);
	for (const struct tell_cli_option *o = verb->options; tell_cli_more(o); o++)
		if (o->id)
			put(verb, o, out);
}

/* ---- bash ---- */

static void bash_names(
	const struct tell_verb *verb, const struct tell_cli_option *o, FILE *out)
{
	(void)verb;
	if (tell_cli_letter(o))
		fprintf(out, " -%c", o->id);
	if (o->name)
		fprintf(out, " --%s", o->name);
}

static void bash_values(
	const struct tell_verb *verb, const struct tell_cli_option *o, FILE *out)
{
	(void)verb;
	if (!o->words)
		return;
	fputs("\t\t", out);
	if (tell_cli_letter(o))
		fprintf(out, "-%c%s", o->id, o->name ? "|" : "");
	if (o->name)
		fprintf(out, "--%s", o->name);
	fprintf(out,
		") mapfile -t COMPREPLY < <(compgen -W '%s' -- \"$cur\"); return ;;\n",
		o->words);
}

static void bash_verb(const struct tell_verb *verb, FILE *out)
{
	fprintf(out, "\t%s)\n\t\tcase $prev in\n", verb->name);
	each_option(verb, bash_values, out);
	fputs("\t\tesac\n\t\twords='", out);
	each_option(verb, bash_names, out);
	fputs("'\n\t\t;;\n", out);
}

static void bash(const struct tell_verb *const *verbs, FILE *out)
{
	fprintf(out, "# bash " WRITTEN_BY, "bash");
	fputs("_telltale()\n{\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words\n"
	      "\tCOMPREPLY=()\n"
	      "\t[ \"$prev\" = = ] && prev=${COMP_WORDS[COMP_CWORD-2]}\n"
	      "\t[ \"$cur\" = = ] && prev=${COMP_WORDS[COMP_CWORD-1]} cur=\n"
	      "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
	      "\t\tmapfile -t COMPREPLY < <(compgen -W '--help --version --completion",
		out);
	for (const struct tell_verb *const *v = verbs; *v; v++)
		fprintf(out, " %s", (*v)->name);
	fputs("' -- \"$cur\")\n\t\treturn\n\tfi\n\tcase ${COMP_WORDS[1]} in\n", out);
	for (const struct tell_verb *const *v = verbs; *v; v++)
		bash_verb(*v, out);
	fputs("\tesac\n"
	      "\tif [ \"${cur#-}\" != \"$cur\" ]; then\n"
	      "\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
	      "\telse\n\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n\tfi\n}\n"
	      "complete -o filenames -F _telltale telltale\n",
		out);
}

/* ---- zsh ---- */

/* One name of an option: '*-n+[help]:N:'. Those without a value exclude themselves. */
static void zsh_name(const struct tell_cli_option *o, bool letter, FILE *out)
{
	bool optional = o->arg && o->arg[0] == '[';

	fputs(" \\\n\t\t\t'", out);
	if (o->arg)
		fputc('*', out);
	else if (tell_cli_letter(o) && o->name)
		fprintf(out, "(-%c --%s)", o->id, o->name);
	if (letter)
		fprintf(out, "-%c%s", o->id, !o->arg ? "" : optional ? "-" : "+");
	else
		fprintf(out, "--%s%s", o->name, !o->arg ? "" : optional ? "=-" : "=");
	fputc('[', out);
	put_text(o->help, "[]\\", "'\\''", out);
	fputc(']', out);
	if (o->arg)
		fprintf(out, "%s:%.*s:", optional ? ":" : "",
			(int)strcspn(o->arg + optional, "]"), o->arg + optional);
	if (o->words)
		fprintf(out, "(%s)", o->words);
	else if (o->arg && completes(o->arg) == FILES)
		fputs(strcmp(o->arg, "DIR") == 0 ? "_files -/" : "_files", out);
	fputc('\'', out);
}

static void zsh_option(
	const struct tell_verb *verb, const struct tell_cli_option *o, FILE *out)
{
	(void)verb;
	if (tell_cli_letter(o))
		zsh_name(o, true, out);
	if (o->name)
		zsh_name(o, false, out);
}

static void zsh_verb(const struct tell_verb *verb, FILE *out)
{
	fprintf(out, "\t\t%s)\n\t\t\t_arguments -s%s :", verb->name,
		verb->stop_at_operand ? " -A '-*'" : "");
	each_option(verb, zsh_option, out);
	switch (completes(verb->operands)) {
	case COMMAND:
		fputs(" \\\n\t\t\t'(-)1:command: _command_names -e'"
		      " \\\n\t\t\t'*::argument: _normal' && ret=0\n",
			out);
		break;
	case FILES:
		fputs(" \\\n\t\t\t'1:service or file:_telltale_stacks'"
		      " \\\n\t\t\t'*:message: ' && ret=0\n",
			out);
		break;
	case NOTHING:
		fputs(" \\\n\t\t\t'*:", out);
		put_text(verb->operands, "[]:\\", "'\\''", out);
		fputs(": ' && ret=0\n", out);
	}
	fputs("\t\t\t;;\n", out);
}

static void zsh(const struct tell_verb *const *verbs, FILE *out)
{
	fputs("#compdef telltale\n", out);
	fprintf(out, "# zsh " WRITTEN_BY, "zsh");
	fputs("_telltale_stacks()\n{\n"
	      "\tlocal -a stacks=(${TELLTALE_CONFDIR:-" TELL_CONFDIR "}/*(N:t))\n"
	      "\t_alternative 'stacks:service:($stacks)' 'files:file:_files'\n}\n\n"
	      "_telltale()\n{\n"
	      "\tlocal curcontext=$curcontext state state_descr line ret=1\n"
	      "\ttypeset -A opt_args\n"
	      "\tlocal -a verbs=(\n",
		out);
	for (const struct tell_verb *const *v = verbs; *v; v++) {
		fprintf(out, "\t\t'%s:", (*v)->name);
		put_text((*v)->summary, ":\\", "'\\''", out);
		fputs("'\n", out);
	}
	fputs("\t)\n\t_arguments -C '(- *)--help[the verbs]' '(- *)--version[the version]' \\\n"
	      "\t\t'(- *)--completion[a completion script]:shell:(bash zsh fish)' \\\n"
	      "\t\t'1:verb:->verb' '*::argument:->argument' && ret=0\n"
	      "\tcase $state in\n\tverb)\n\t\t_describe -t verbs verb verbs && ret=0\n\t\t;;\n"
	      "\targument)\n\t\tcase $words[1] in\n",
		out);
	for (const struct tell_verb *const *v = verbs; *v; v++)
		zsh_verb(*v, out);
	fputs("\t\tesac\n\t\t;;\n\tesac\n\treturn ret\n}\n\n_telltale \"$@\"\n", out);
}

/* ---- fish ---- */

static void fish_begin(const char *verb, FILE *out)
{
	fprintf(out, "complete -c telltale -n '__telltale_verb %s'", verb);
}

static void fish_help(const char *text, FILE *out)
{
	fputs(" -d '", out);
	put_text(text, "\\", "\\'", out);
	fputs("'\n", out);
}

static void fish_option(
	const struct tell_verb *verb, const struct tell_cli_option *o, FILE *out)
{
	fish_begin(verb->name, out);
	if (tell_cli_letter(o))
		fprintf(out, " -s %c", o->id);
	if (o->name)
		fprintf(out, " -l %s", o->name);
	if (o->arg && o->arg[0] != '[')
		fputs(completes(o->arg) == FILES ? " -r -F" : " -x", out);
	if (o->words)
		fprintf(out, " -a '%s'", o->words);
	fish_help(o->help, out);
}

static void fish_verb(const struct tell_verb *verb, FILE *out)
{
	fprintf(out, "complete -c telltale -n __telltale_no_verb -a %s", verb->name);
	fish_help(verb->summary, out);
	each_option(verb, fish_option, out);
	if (completes(verb->operands) == FILES) {
		fish_begin(verb->name, out);
		fputs(" -F -a '(__telltale_stacks)'\n", out);
	}
	if (completes(verb->operands) == COMMAND) {
		fish_begin(verb->name, out);
		fputs(" -x -a '(__fish_complete_subcommand --fcs-skip=2)'\n", out);
	}
}

static void fish(const struct tell_verb *const *verbs, FILE *out)
{
	fprintf(out, "# fish " WRITTEN_BY, "fish");
	fputs("function __telltale_no_verb\n"
	      "\ttest (count (commandline -opc)) -eq 1\nend\n"
	      "function __telltale_verb\n\tset -l words (commandline -opc)\n"
	      "\ttest (count $words) -gt 1; and test $words[2] = $argv[1]\nend\n"
	      "function __telltale_stacks\n\tset -l dir " TELL_CONFDIR "\n"
	      "\tset -q TELLTALE_CONFDIR; and set dir $TELLTALE_CONFDIR\n"
	      "\tfor stack in $dir/*\n\t\tstring replace -r '.*/' '' -- $stack\n\tend\nend\n"
	      "complete -c telltale -f\n"
	      "complete -c telltale -n __telltale_no_verb -l help -d 'the verbs'\n"
	      "complete -c telltale -n __telltale_no_verb -l version -d 'the version'\n"
	      "complete -c telltale -n __telltale_no_verb -l completion -x -a 'bash zsh fish' "
	      "-d 'a completion script'\n",
		out);
	for (const struct tell_verb *const *v = verbs; *v; v++)
		fish_verb(*v, out);
}

bool tell_completion(const char *shell, const struct tell_verb *const *verbs, FILE *out)
{
	static const struct {
		const char *shell;
		void (*put)(const struct tell_verb *const *verbs, FILE *out);
	} shells[] = { { "bash", bash }, { "zsh", zsh }, { "fish", fish } };

	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++)
		if (strcmp(shells[i].shell, shell) == 0) {
			shells[i].put(verbs, out);
			return true;
		}
	return false;
}
