#include "stack/parse.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/word.h"
#include "stack/control.h"
#include "stack/lex.h"

static const char *const type_words[] = { "enrich", "filter", "queue", "redact", "sink",
	"metric", "health", "alert", "source", "service", NULL };

const char *tell_chain_word(enum tell_chain_type type)
{
	return (unsigned)type < TELL_N_CHAINS ? type_words[type] : "?";
}

/* Where in the tree of files we are. */
struct place {
	enum tell_chain_type wanted; /* TELL_CHAIN_ANY: lines of all types */
	unsigned depth;		     /* files open around this one */
	unsigned level;		     /* substacks around it */
};

static int parse_file(
	struct tell_parse *p, const struct tell_text *file, const struct place *where);

static struct tell_line *add_line(
	struct tell_parse *p, enum tell_chain_type type, const struct tell_line *line)
{
	struct tell_lines *lines = &p->lines[type];
	if (lines->n == lines->cap) {
		size_t cap = lines->cap ? lines->cap * 2 : 8;
		struct tell_line *list = realloc(lines->list, cap * sizeof(*list));
		if (!list)
			return NULL;
		lines->list = list;
		lines->cap = cap;
	}
	p->n_lines++;
	lines->list[lines->n] = *line;
	return &lines->list[lines->n++];
}

/* An include: read the file's lines in here. 0, -ENOMEM, or -EBADMSG: it failed and the
 * report says why. */
static int include(struct tell_parse *p, const char *name, const struct tell_spot *at,
	const struct place *where)
{
	if (!name) {
		tell_report_error(p->report, at, "name a file", "no file to include");
		return -EBADMSG;
	}
	if (where->depth >= TELL_LEVELS_MAX || where->level >= TELL_LEVELS_MAX) {
		tell_report_error(p->report, at, "does a file include itself?",
			"files are included more than %d deep", TELL_LEVELS_MAX - 1);
		return -EBADMSG;
	}
	if (++p->n_files > TELL_FILES_MAX) {
		tell_report_error(p->report, at, "does a file include itself?",
			"more than %d files are included", TELL_FILES_MAX);
		return -EBADMSG;
	}
	struct tell_text file;
	int r = p->find(p->arg, name, at, &file);
	if (r == -ENOMEM)
		return r;
	return r < 0 ? -EBADMSG : parse_file(p, &file, where);
}

static void report_control(struct tell_parse *p, struct tell_line *line,
	const struct tell_token *control, const struct tell_control_fault *fault)
{
	char fix[96] = "write [value=action ...] as in [success=done default=ignore]";
	if (fault->near)
		(void)snprintf(fix, sizeof(fix), "did you mean '%s'?", fault->near);
	else if (fault->is_word)
		(void)snprintf(fix, sizeof(fix), "%s",
			"write required, requisite, sufficient or optional");
	struct tell_spot at = control->at;
	at.column += (unsigned)fault->at + control->bracket;
	tell_report_error(p->report, &at, fix, "%s '%s'", fault->what, fault->word);
	line->wrong = true;
}

#define NO_TYPE (TELL_CHAIN_ANY + 1)

/* The first word; TELL_CHAIN_ANY: `@include`. */
static unsigned type_of(const char *word)
{
	if (tell_word_same("@include", word))
		return TELL_CHAIN_ANY;
	for (unsigned type = 0; type < TELL_N_CHAINS; type++) {
		if (tell_word_same(type_words[type], word))
			return type;
	}
	return NO_TYPE;
}

static void report_type(
	struct tell_parse *p, struct tell_line *line, const struct tell_token *token)
{
	const char *word = token->text + line->silent;
	const char *near = tell_nearest_of(word, type_words);
	char fix[64] = "the types are enrich filter queue redact sink ...";
	if (near)
		(void)snprintf(fix, sizeof(fix), "did you mean '%s'?", near);
	tell_report_error(p->report, &token->at, fix, "unknown type '%s'", word);
	line->wrong = true;
}

static void report_open_bracket(
	struct tell_parse *p, struct tell_line *line, const struct tell_token *token)
{
	if (!token->text || token->closed)
		return;
	tell_report_error(
		p->report, &token->at, "close it with ']'", "'[' is never closed");
	line->wrong = true;
}

static int parse_args(struct tell_parse *p, const struct tell_lex *lex,
	struct tell_logical *text, struct tell_line *line)
{
	/* Behind each token but the last there is a separator. */
	size_t most = 1;
	for (const char *s = text->next; s && *s; s++)
		most += *s == ' ' || *s == '\t' || *s == ']';
	line->args = tell_pool_get(p->pool, most * sizeof(*line->args));
	if (!line->args)
		return -ENOMEM;
	struct tell_token token;
	for (tell_lex_token(lex, text, &token); token.text;
		tell_lex_token(lex, text, &token)) {
		report_open_bracket(p, line, &token);
		line->args[line->n_args++] = (struct tell_arg){ .text = token.text,
			.at = token.at };
	}
	return 0;
}

static int must_fail(
	struct tell_parse *p, enum tell_chain_type type, struct tell_line *line)
{
	line->rule.kind = TELL_RULE_MUST_FAIL;
	line->wrong = true;
	return add_line(p, type, line) ? 0 : -ENOMEM;
}

/* type include NAME, type substack NAME. */
static int parse_include(struct tell_parse *p, enum tell_chain_type type, bool substack,
	struct tell_line *line, const struct tell_token *name, const struct place *where)
{
	struct place inside = { .wanted = type,
		.depth = where->depth + 1,
		.level = where->level + substack };
	if (substack) {
		struct tell_line frame = *line;
		frame.rule.kind = TELL_RULE_FRAME;
		if (!add_line(p, type, &frame))
			return -ENOMEM;
	}
	int r = include(p, name->text, &name->at, &inside);
	return r == -EBADMSG ? must_fail(p, type, line) : r;
}

/* @include NAME: lines of all types, or of the one type that is asked for here. */
static int parse_at_include(struct tell_parse *p, struct tell_line *line,
	const struct tell_token *name, const struct place *where)
{
	struct place inside = *where;
	inside.depth++;
	int r = include(p, name->text, &name->at, &inside);
	if (r != -EBADMSG || where->wanted == TELL_CHAIN_ANY)
		return r;
	tell_control_fill(line->rule.actions, TELL_ACTION_BAD);
	return must_fail(p, where->wanted, line);
}

/* A whole further line within this one is hardly meant: a '\' too many. */
static void warn_swallowed(
	struct tell_parse *p, const struct tell_lex *lex, const struct tell_logical *text)
{
	for (size_t i = 1; i < text->n_pieces; i++) {
		const struct tell_piece *piece = &text->pieces[i];
		const char *start = text->text + piece->at, *word = start;
		word += strspn(word, " \t");
		struct tell_spot at = tell_lex_spot(
			lex, text, piece->at + (size_t)(word - start));
		word += *word == '-';
		size_t n = strcspn(word, " \t");
		for (const char *const *type = type_words; *type; type++) {
			if (!tell_word_is(*type, word, n))
				continue;
			tell_report_warning(p->report, &at,
				"remove the '\\' at the end of the line before",
				"this line is read as arguments of the one before");
		}
	}
}

/* type control module args: the words behind the type. */
static int parse_rest(struct tell_parse *p, const struct tell_lex *lex,
	struct tell_logical *text, enum tell_chain_type type, struct tell_line *line,
	const struct place *where)
{
	struct tell_token token;
	tell_lex_token(lex, text, &token);
	report_open_bracket(p, line, &token);
	if (!token.text) {
		tell_report_error(p->report, &token.at,
			"write: type control module, as in: sink required journald",
			"the control word is missing");
		tell_control_fill(line->rule.actions, TELL_ACTION_BAD);
		return must_fail(p, type, line);
	}
	struct tell_control_fault fault;
	enum tell_control control = tell_control_parse(
		line->rule.actions, token.text, &fault);
	line->control = token.text;
	if (fault.what)
		report_control(p, line, &token, &fault);

	tell_lex_token(lex, text, &token);
	report_open_bracket(p, line, &token);
	line->module_at = token.at;
	if (control != TELL_CONTROL_ACTIONS)
		return parse_include(
			p, type, control == TELL_CONTROL_SUBSTACK, line, &token, where);
	if (!token.text) {
		tell_report_error(p->report, &token.at, "name a module of this type",
			"the module is missing");
		return must_fail(p, type, line);
	}
	line->module = token.text;
	if (parse_args(p, lex, text, line) < 0 || !add_line(p, type, line))
		return -ENOMEM;
	return 0;
}

static int parse_line(struct tell_parse *p, const struct tell_lex *lex,
	struct tell_logical *text, const struct place *where)
{
	struct tell_token token;
	tell_lex_token(lex, text, &token);
	struct tell_line line = { .control = "",
		.module = "",
		.silent = *token.text == '-',
		.at = token.at,
		.module_at = token.at };
	line.rule.level = (uint8_t)where->level;

	unsigned type = type_of(token.text + line.silent);
	/* Lines of other types are somebody else's, with their faults. */
	if (where->wanted != TELL_CHAIN_ANY && type < TELL_N_CHAINS &&
		type != where->wanted)
		return 0;
	warn_swallowed(p, lex, text);
	report_open_bracket(p, &line, &token);
	if (type == TELL_CHAIN_ANY) {
		tell_lex_token(lex, text, &token);
		return parse_at_include(p, &line, &token, where);
	}
	if (type == NO_TYPE) {
		report_type(p, &line, &token);
		line.rule.kind = TELL_RULE_MUST_FAIL;
		type = where->wanted == TELL_CHAIN_ANY ? TELL_CHAIN_REDACT
						       : where->wanted;
	}
	return parse_rest(p, lex, text, (enum tell_chain_type)type, &line, where);
}

static int parse_file(
	struct tell_parse *p, const struct tell_text *file, const struct place *where)
{
	struct tell_lex lex;
	struct tell_logical text;
	tell_lex_init(&lex, file->path, file->text, file->len, p->pool);
	for (;;) {
		switch (tell_lex_next(&lex, &text)) {
		case TELL_LEXED_END:
			return 0;
		case TELL_LEXED_NOMEM:
			return -ENOMEM;
		case TELL_LEXED_DANGLING: {
			struct tell_spot at = tell_lex_spot(&lex, &text, text.len);
			tell_report_error(p->report, &at, "remove the '\\'",
				"the file ends behind a '\\'");
			return -EBADMSG;
		}
		case TELL_LEXED_LINE:
			break;
		}
		if (p->n_lines >= TELL_LINES_MAX) {
			struct tell_spot at = tell_lex_spot(&lex, &text, 0);
			tell_report_error(p->report, &at, "use fewer",
				"more than %d lines", TELL_LINES_MAX);
			return -EBADMSG;
		}
		int r = parse_line(p, &lex, &text, where);
		if (r < 0)
			return r;
	}
}

int tell_parse_text(struct tell_parse *p, const struct tell_text *file)
{
	const char *nul = file->len ? memchr(file->text, '\0', file->len) : NULL;
	if (nul) {
		unsigned line = 1;
		for (const char *s = file->text; s < nul; s++)
			line += *s == '\n';
		struct tell_spot at = { .file = file->path, .line = line };
		tell_report_error(p->report, &at, "is this a stack file?", "a NUL byte");
		return -EBADMSG;
	}
	struct place top = { .wanted = TELL_CHAIN_ANY };
	return parse_file(p, file, &top);
}

void tell_parse_done(struct tell_parse *p)
{
	for (size_t i = 0; i < TELL_N_CHAINS; i++)
		free(p->lines[i].list);
	memset(p->lines, 0, sizeof(p->lines));
}
