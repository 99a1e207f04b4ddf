#include "stack/parse.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/nearest.h"
#include "stack/control.h"
#include "stack/lex.h"

static const char *const type_words[] = {"enrich", "filter", "queue", "redact", "sink",
	"metric", "health", "alert", "source", "service", NULL};

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
	char fix[96];
	struct tell_buf text;
	tell_buf_init(&text, sizeof(fix));
	if (fault->near)
		tell_buf_printf(&text, "did you mean '%s'?", fault->near);
	else if (fault->is_word)
		tell_buf_puts(&text, "write required, requisite, sufficient or optional");
	else
		tell_buf_puts(&text, "write [value=action ...] as in [success=done "
				     "default=ignore]");
	struct tell_spot at = control->at;
	at.column += (unsigned)fault->at + control->bracket;
	tell_report_error(p->report, &at, tell_buf_cstr(&text), "%s '%s'", fault->what,
		fault->word);
	tell_buf_done(&text);
	line->wrong = true;
}

/* The first word. TELL_CHAIN_ANY: `@include`. */
static enum tell_chain_type parse_type(struct tell_parse *p, struct tell_line *line,
	const struct tell_token *token, const struct place *where)
{
	const char *word = token->text;
	if (*word == '-') {
		line->silent = true;
		word++;
	}
	if (strcasecmp(word, "@include") == 0)
		return TELL_CHAIN_ANY;
	for (unsigned type = 0; type < TELL_N_CHAINS; type++) {
		if (strcasecmp(word, type_words[type]) == 0)
			return (enum tell_chain_type)type;
	}
	char fix[64] = "the types are enrich filter queue redact sink ...";
	const char *near = tell_nearest_of(word, type_words);
	struct tell_buf text;
	tell_buf_init(&text, sizeof(fix));
	if (near)
		tell_buf_printf(&text, "did you mean '%s'?", near);
	else
		tell_buf_puts(&text, fix);
	tell_report_error(p->report, &token->at, tell_buf_cstr(&text),
		"unknown type '%s'", word);
	tell_buf_done(&text);
	line->wrong = true;
	line->rule.kind = TELL_RULE_MUST_FAIL;
	return where->wanted == TELL_CHAIN_ANY ? TELL_CHAIN_REDACT : where->wanted;
}

static void report_open_bracket(
	struct tell_parse *p, struct tell_line *line, const struct tell_token *token)
{
	if (!token->text || token->closed)
		return;
	tell_report_error(p->report, &token->at, "close it with ']'", "'[' is never closed");
	line->wrong = true;
}

static int parse_args(struct tell_parse *p, const struct tell_lex *lex,
	struct tell_logical *text, struct tell_line *line)
{
	struct tell_logical count = *text;
	/* Tokens are cut in place: count separators first, there are at most as many. */
	size_t most = 1;
	for (const char *s = count.next; s && *s; s++)
		most += *s == ' ' || *s == '\t' || *s == ']';
	line->args = tell_pool_get(p->pool, most * sizeof(*line->args));
	if (!line->args)
		return -ENOMEM;
	struct tell_token token;
	for (tell_lex_token(lex, text, &token); token.text;
		tell_lex_token(lex, text, &token)) {
		report_open_bracket(p, line, &token);
		line->args[line->n_args++] =
			(struct tell_arg){.text = token.text, .at = token.at};
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
	struct place inside = {.wanted = type,
		.depth = where->depth + 1,
		.level = where->level + substack};
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
			if (strlen(*type) != n || strncasecmp(*type, word, n) != 0)
				continue;
			tell_report_warning(p->report, &at,
				"remove the '\\' at the end of the line before",
				"this line is read as arguments of the one before");
		}
	}
}

static int parse_line(struct tell_parse *p, const struct tell_lex *lex,
	struct tell_logical *text, const struct place *where)
{
	struct tell_line line = {.control = "", .module = ""};
	struct tell_token token;
	line.rule.level = (uint8_t)where->level;
	warn_swallowed(p, lex, text);

	tell_lex_token(lex, text, &token);
	line.at = token.at;
	line.module_at = token.at;
	struct tell_token type_token = token;
	if (where->wanted != TELL_CHAIN_ANY) {
		/* Lines of other types are somebody else's, with their faults. */
		struct tell_line probe = line;
		struct tell_parse quiet = {0};
		enum tell_chain_type type = parse_type(&quiet, &probe, &token, where);
		if (type != TELL_CHAIN_ANY && type != where->wanted)
			return 0;
	}
	enum tell_chain_type type = parse_type(p, &line, &type_token, where);
	report_open_bracket(p, &line, &type_token);
	tell_lex_token(lex, text, &token);
	report_open_bracket(p, &line, &token);
	if (type == TELL_CHAIN_ANY)
		return parse_at_include(p, &line, &token, where);

	enum tell_control control = TELL_CONTROL_ACTIONS;
	if (!token.text) {
		tell_report_error(p->report, &token.at,
			"write: type control module, as in: sink required journald",
			"the control word is missing");
		tell_control_fill(line.rule.actions, TELL_ACTION_BAD);
		return must_fail(p, type, &line);
	}
	struct tell_control_fault fault;
	control = tell_control_parse(line.rule.actions, token.text, &fault);
	line.control = token.text;
	if (fault.what)
		report_control(p, &line, &token, &fault);

	tell_lex_token(lex, text, &token);
	report_open_bracket(p, &line, &token);
	line.module_at = token.at;
	if (control != TELL_CONTROL_ACTIONS)
		return parse_include(p, type, control == TELL_CONTROL_SUBSTACK, &line,
			&token, where);
	if (!token.text) {
		tell_report_error(p->report, &token.at, "name a module of this type",
			"the module is missing");
		return must_fail(p, type, &line);
	}
	line.module = token.text;
	if (parse_args(p, lex, text, &line) < 0 || !add_line(p, type, &line))
		return -ENOMEM;
	return 0;
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
		struct tell_spot at = {.file = file->path, .line = line};
		tell_report_error(p->report, &at, "is this a stack file?", "a NUL byte");
		return -EBADMSG;
	}
	struct place top = {.wanted = TELL_CHAIN_ANY};
	return parse_file(p, file, &top);
}

void tell_parse_done(struct tell_parse *p)
{
	for (size_t i = 0; i < TELL_N_CHAINS; i++)
		free(p->lines[i].list);
	memset(p->lines, 0, sizeof(p->lines));
}
