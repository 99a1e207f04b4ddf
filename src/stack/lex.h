#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/pool.h"
#include "stack/report.h"

/* A stack file's text as logical lines and tokens.
 *
 * Rules:   '#' ends a line, wherever it stands. A '\' as last thing of a line is a blank and
 *          takes in the next line that is not empty and not only a comment. Tokens end at
 *          blanks; '[' at the start of a token takes all up to the next ']', "\]" in it
 *          is a ']'. CR LF is an end of line too.
 * Threads: one owner at a time.
 * Source:  pam.conf(5); where that is silent, what libpam 1.5.2 does. */
struct tell_lex {
	const char *file, *text;
	size_t len, pos;
	unsigned line; /* of pos, from 1 */
	struct tell_pool *pool;
};

/* A piece of a logical line: from where in the file it came. */
struct tell_piece {
	size_t at; /* offset in the logical line */
	unsigned line, column;
	const char *source; /* the line of the file */
};

struct tell_logical {
	char *text; /* the pool's; cut into tokens in place */
	size_t len;
	struct tell_piece *pieces;
	size_t n_pieces; /* more than one: joined by '\' */
	char *next;	 /* where the next token begins; NULL: none */
};

enum tell_lexed {
	TELL_LEXED_LINE,
	TELL_LEXED_END,
	TELL_LEXED_DANGLING, /* the text ends behind a '\': libpam aborts */
	TELL_LEXED_NOMEM
};

void tell_lex_init(struct tell_lex *lex, const char *file, const char *text, size_t len,
	struct tell_pool *pool);

/* The next logical line that holds anything. ret is set for LINE and DANGLING. */
enum tell_lexed tell_lex_next(struct tell_lex *lex, struct tell_logical *ret);

struct tell_token {
	const char *text; /* NULL: no more */
	bool bracket;	  /* was written in [ ] */
	bool closed;	  /* false: the ']' is missing */
	struct tell_spot at;
};

/* The next token of the line; ret->text is NULL at its end, where `at` is still right. */
void tell_lex_token(
	const struct tell_lex *lex, struct tell_logical *line, struct tell_token *ret);

/* Where the byte at text + at came from. */
struct tell_spot tell_lex_spot(
	const struct tell_lex *lex, const struct tell_logical *line, size_t at);

/* Append a blank and a word that is read back as it is: in brackets, when there is anything that
 * would end one. It may hold no line feed. */
struct tell_buf;
void tell_lex_put(struct tell_buf *out, const char *word);
