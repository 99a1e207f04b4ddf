#include "record/expr_lex.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "base/ascii.h"
#include "base/word.h"

#define QUOTE_FIX "put text into quotes: \"...\""

int tell_lexer_refuse(
	struct tell_lexer *l, unsigned at, const char *fix, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	l->error->column = at + 1;
	/* both are cut to their room */
	(void)vsnprintf(l->error->what, sizeof(l->error->what), fmt, ap);
	(void)snprintf(l->error->fix, sizeof(l->error->fix), "%s", fix);
	va_end(ap);
	return -EINVAL;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name(char c)
{
	return is_name_start(c) || tell_is_digit(c) || c == '.';
}

static void skip_blanks(struct tell_lexer *l)
{
	while (is_blank(l->text[l->at]))
		l->at++;
}

/* Keep n bytes as the token's text. */
static void take_text(struct tell_lexer *l, const char *s, size_t n)
{
	memcpy(l->room, s, n);
	l->room[n] = '\0';
	l->now.text = l->room;
	l->now.len = (uint32_t)n;
	l->room += n + 1;
}

bool tell_expr_number(const char *s, size_t n, struct tell_number *ret)
{
	if (tell_parse_i64(s, n, &ret->i64)) {
		ret->kind = TELL_NUMBER_I64;
		return true;
	}
	if (tell_parse_u64(s, n, &ret->u64)) {
		ret->kind = TELL_NUMBER_U64;
		return true;
	}
	ret->kind = TELL_NUMBER_NONE;
	size_t digits = n > 0 && s[0] == '-';
	while (digits < n && tell_is_digit(s[digits]))
		digits++;
	if (digits == n || !tell_parse_f64(s, n, &ret->f64))
		return false;
	ret->kind = TELL_NUMBER_F64;
	return true;
}

static int lex_number(struct tell_lexer *l)
{
	const char *s = l->text + l->at;
	size_t n = 0;
	while (tell_is_digit(s[n]) || s[n] == '.')
		n++;
	if (s[n] == 'e' || s[n] == 'E') {
		size_t sign = s[n + 1] == '+' || s[n + 1] == '-';
		if (tell_is_digit(s[n + 1 + sign]))
			n += 1 + sign;
		while (tell_is_digit(s[n]))
			n++;
	}
	if (is_name(s[n]) || !tell_expr_number(s, n, &l->now.number)) {
		while (is_name(s[n]))
			n++;
		return tell_lexer_refuse(l, l->at,
			"write it plain, 0.05 or 300; " QUOTE_FIX,
			"'%.*s' is not a number", (int)(n < 40 ? n : 40), s);
	}
	l->now.kind = TELL_TOKEN_NUMBER;
	l->at += (unsigned)n;
	return 0;
}

static int lex_quoted(struct tell_lexer *l)
{
	const char *s = l->text + l->at;
	char quote = *s++, *to = l->room;
	for (; *s != quote; s++) {
		if (*s == '\0')
			return tell_lexer_refuse(l, l->at, "close it with the same quote",
				"text without its second %c", quote);
		char next = *s == '\\' ? s[1] : '\0';
		bool escape = next && strchr("\"'\\nt", next);
		s += escape;
		*to++ = !escape ? *s : next == 'n' ? '\n' : next == 't' ? '\t' : next;
	}
	l->now.kind = TELL_TOKEN_TEXT;
	l->now.text = l->room;
	l->now.len = (uint32_t)(to - l->room);
	*to++ = '\0';
	l->room = to;
	l->at = (unsigned)(s + 1 - l->text);
	return 0;
}

static enum tell_token_kind keyword(const char *s, size_t n)
{
	if (tell_word_is("and", s, n))
		return TELL_TOKEN_AND;
	if (tell_word_is("or", s, n))
		return TELL_TOKEN_OR;
	if (tell_word_is("not", s, n))
		return TELL_TOKEN_NOT;
	return TELL_TOKEN_NAME;
}

/* How long {...} at s is, quoted braces aside; 0: it has no end. */
static size_t braces(const char *s)
{
	char quote = '\0';
	for (size_t n = 1; s[n]; n++) {
		if (quote && s[n] == '\\' && s[n + 1])
			n++;
		else if (quote)
			quote = s[n] == quote ? '\0' : quote;
		else if (s[n] == '"' || s[n] == '\'')
			quote = s[n];
		else if (s[n] == '}')
			return n + 1;
	}
	return 0;
}

/* A keyword or a name, which becomes lower case with '_' for '.'. */
static int lex_name(struct tell_lexer *l)
{
	const char *s = l->text + l->at;
	size_t n = 1, more = 0;
	while (is_name(s[n]))
		n++;
	if (n > TELL_NAME_MAX)
		return tell_lexer_refuse(l, l->at, "names have at most 64 characters",
			"'%.20s...' is too long for a name", s);
	if (l->labels && s[n] == '{' && (more = braces(s + n)) == 0)
		return tell_lexer_refuse(l, l->at + (unsigned)n,
			"write } behind the labels", "a { without its }");
	l->now.kind = more ? TELL_TOKEN_NAME : keyword(s, n);
	take_text(l, s, n + more);
	for (char *p = l->room - (n + more) - 1, *end = p + n; p < end; p++) {
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
		else if (*p == '.')
			*p = '_';
	}
	l->at += (unsigned)(n + more);
	return 0;
}

/* The operator at s, longest first. */
static bool lex_operator(struct tell_lexer *l)
{
	static const struct {
		char text[3];
		enum tell_expr_op op;
	} operators[] = { { "!=", TELL_OP_NE }, { "!~", TELL_OP_UNMATCH },
		{ "<=", TELL_OP_LE }, { ">=", TELL_OP_GE }, { "=", TELL_OP_EQ },
		{ "<", TELL_OP_LT }, { ">", TELL_OP_GT }, { "~", TELL_OP_MATCH } };
	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		size_t n = strlen(operators[i].text);
		if (strncmp(l->text + l->at, operators[i].text, n) != 0)
			continue;
		l->now.kind = TELL_TOKEN_COMPARE;
		l->now.op = operators[i].op;
		l->at += (unsigned)n;
		return true;
	}
	return false;
}

/* Operators of other languages: say what ours is. */
static int refuse_foreign(struct tell_lexer *l)
{
	static const struct {
		char text[3];
		const char *fix;
	} foreign[] = { { "==", "write = for equal" }, { "=~", "write ~ for a pattern" },
		{ "<>", "write != for not equal" }, { "=<", "write <=" },
		{ "=>", "write >=" }, { "&&", "write and" }, { "||", "write or" } };
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		if (strncmp(l->text + l->at, foreign[i].text, 2) == 0)
			return tell_lexer_refuse(l, l->at, foreign[i].fix,
				"'%s' is not an operator here", foreign[i].text);
	return 0;
}

static int refuse_byte(struct tell_lexer *l)
{
	char c = l->text[l->at];
	if (c == '!')
		return tell_lexer_refuse(
			l, l->at, "write not, or != or !~", "'!' stands alone");
	if (c > ' ' && c < 0x7f)
		return tell_lexer_refuse(
			l, l->at, QUOTE_FIX, "'%c' has no meaning here", c);
	return tell_lexer_refuse(l, l->at, QUOTE_FIX, "byte 0x%02x has no meaning here",
		(unsigned)(unsigned char)c);
}

int tell_lexer_next(struct tell_lexer *l)
{
	skip_blanks(l);
	l->now = (struct tell_token){ .kind = TELL_TOKEN_END, .at = l->at };
	char c = l->text[l->at];
	if (c == '\0')
		return 0;
	if (c == '"' || c == '\'')
		return lex_quoted(l);
	if (tell_is_digit(c) || (c == '.' && tell_is_digit(l->text[l->at + 1])))
		return lex_number(l);
	if (is_name_start(c))
		return lex_name(l);
	if (strchr("+-*/()", c)) {
		l->now.kind = TELL_TOKEN_SIGN;
		l->now.sign = c;
		l->at++;
		return 0;
	}
	int r = refuse_foreign(l);
	if (r < 0)
		return r;
	return lex_operator(l) ? 0 : refuse_byte(l);
}

/* A word right of a comparison, n bytes: a number or text. */
static int take_word(struct tell_lexer *l, size_t n)
{
	const char *s = l->text + l->at;
	l->now =
		(struct tell_token){ .kind = TELL_TOKEN_TEXT, .bare = true, .at = l->at };
	if (keyword(s, n) != TELL_TOKEN_NAME)
		return tell_lexer_refuse(l, l->at, "give the value; " QUOTE_FIX,
			"'%.*s' where a value belongs", (int)n, s);
	if (tell_expr_number(s, n, &l->now.number))
		l->now.kind = TELL_TOKEN_NUMBER;
	else
		take_text(l, s, n);
	l->at += (unsigned)n;
	return 0;
}

int tell_lexer_value(struct tell_lexer *l)
{
	skip_blanks(l);
	const char *s = l->text + l->at;
	size_t n = strcspn(s, " \t\r\n()\"'=<>!~*");
	if (n == 0 || (n == 1 && (*s == '-' || *s == '+')))
		return tell_lexer_next(l);
	size_t behind = n + strspn(s + n, " \t\r\n");
	if (s[behind] && strchr("+-*/", s[behind]))
		return tell_lexer_next(l); /* arithmetic: names are fields */
	return take_word(l, n);
}

int tell_lexer_pattern(struct tell_lexer *l)
{
	skip_blanks(l);
	const char *s = l->text + l->at;
	if (*s == '"' || *s == '\'' || *s == '\0')
		return tell_lexer_next(l);
	size_t n = 0;
	for (int depth = 0; s[n] && !is_blank(s[n]); n++) {
		depth += (s[n] == '(') - (s[n] == ')');
		if (depth < 0)
			break;
	}
	if (n == 0)
		return tell_lexer_next(l);
	l->now =
		(struct tell_token){ .kind = TELL_TOKEN_TEXT, .bare = true, .at = l->at };
	take_text(l, s, n);
	l->at += (unsigned)n;
	return 0;
}
