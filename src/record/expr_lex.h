#pragma once
#include "record/expr_node.h"

/* The words of an expression. */
enum tell_token_kind {
	TELL_TOKEN_END,
	TELL_TOKEN_NUMBER,
	TELL_TOKEN_TEXT,
	TELL_TOKEN_NAME,
	TELL_TOKEN_COMPARE,
	TELL_TOKEN_SIGN, /* sign: + - * / ( ) */
	TELL_TOKEN_AND,
	TELL_TOKEN_OR,
	TELL_TOKEN_NOT
};

struct tell_token {
	enum tell_token_kind kind;
	enum tell_expr_op op;
	char sign;
	bool bare;    /* text without quotes */
	unsigned at;  /* where it begins, from 0 */
	uint32_t len; /* of text */
	const char *text;
	struct tell_number number;
};

struct tell_lexer {
	const char *text;
	unsigned at; /* behind now */
	char *room;  /* for the tokens' text: twice the text's bytes are enough */
	bool labels; /* a name may have {...} behind it, which is part of its text */
	struct tell_token now;
	struct tell_expr_error *error;
};

/* Fill the error, give -EINVAL. */
int tell_lexer_refuse(struct tell_lexer *l, unsigned at, const char *fix, const char *fmt,
	...) __attribute__((format(printf, 4, 5)));

/* Read the next token into now. 0 or -EINVAL. */
int tell_lexer_next(struct tell_lexer *l);

/* The same right of a comparison, where a word alone is text. */
int tell_lexer_value(struct tell_lexer *l);

/* The same right of ~ and !~: any word is text, until a blank or an unmatched ')'. */
int tell_lexer_pattern(struct tell_lexer *l);
