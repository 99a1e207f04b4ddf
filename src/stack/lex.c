#include "stack/lex.h"

#include <string.h>

void tell_lex_init(struct tell_lex *lex, const char *file, const char *text, size_t len,
	struct tell_pool *pool)
{
	*lex = (struct tell_lex){
		.file = file, .text = text, .len = len, .line = 1, .pool = pool
	};
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* One line of the file without comment and end. */
struct physical {
	const char *start;
	size_t len;
	unsigned line;
	bool joins; /* ended in '\', which does not count in len */
	bool empty; /* blanks or a comment only */
};

static bool next_physical(struct tell_lex *lex, struct physical *ret)
{
	if (lex->pos >= lex->len)
		return false;
	const char *start = lex->text + lex->pos;
	size_t left = lex->len - lex->pos;
	const char *end = memchr(start, '\n', left);
	lex->pos += end ? (size_t)(end - start) + 1 : left;
	if (!end)
		end = start + left;
	*ret = (struct physical){ .start = start, .line = lex->line++ };
	if (end > start && end[-1] == '\r')
		end--;

	/* Blanks stay where they are: those in brackets are part of the token. */
	const char *s = start;
	while (s < end && is_blank(*s))
		s++;
	const char *hash = memchr(s, '#', (size_t)(end - s));
	const char *stop = hash ? hash : end;
	while (stop > s && is_blank(stop[-1]))
		stop--;
	/* A '\' before a comment is a token like any other, as in libpam. */
	if (stop > s && stop[-1] == '\\' && !hash) {
		ret->joins = true;
		stop--;
	}
	ret->empty = stop == s && !ret->joins;
	ret->len = (size_t)(stop - start);
	return true;
}

/* How much memory the logical line that starts at pos may need. */
static void measure(struct tell_lex lex, size_t *ret_bytes, size_t *ret_pieces)
{
	struct physical p;
	*ret_bytes = 1;
	*ret_pieces = 0;
	while (next_physical(&lex, &p)) {
		if (p.empty)
			continue;
		*ret_bytes += p.len + 1;
		++*ret_pieces;
		if (!p.joins)
			return;
	}
}

enum tell_lexed tell_lex_next(struct tell_lex *lex, struct tell_logical *ret)
{
	size_t bytes, pieces;
	measure(*lex, &bytes, &pieces);
	if (pieces == 0) {
		lex->pos = lex->len;
		return TELL_LEXED_END;
	}
	*ret = (struct tell_logical){ .text = tell_pool_get(lex->pool, bytes),
		.pieces = tell_pool_get(lex->pool, pieces * sizeof(*ret->pieces)) };
	if (!ret->text || !ret->pieces)
		return TELL_LEXED_NOMEM;
	ret->next = ret->text;

	struct physical p;
	while (next_physical(lex, &p)) {
		if (p.empty)
			continue;
		ret->pieces[ret->n_pieces++] = (struct tell_piece){
			.at = ret->len, .line = p.line, .column = 1, .source = p.start
		};
		memcpy(ret->text + ret->len, p.start, p.len);
		ret->len += p.len;
		if (!p.joins)
			return TELL_LEXED_LINE;
		ret->text[ret->len++] = ' ';
	}
	return TELL_LEXED_DANGLING;
}

struct tell_spot tell_lex_spot(
	const struct tell_lex *lex, const struct tell_logical *line, size_t at)
{
	size_t i = line->n_pieces - 1;
	while (i > 0 && line->pieces[i].at > at)
		i--;
	const struct tell_piece *p = &line->pieces[i];
	return (struct tell_spot){ .file = lex->file,
		.line = p->line,
		.column = p->column + (unsigned)(at - p->at),
		.source = p->source };
}

/* Take what stands between '[' and ']' at from; "\]" shrinks to "]". Returns the end: the
 * ']' or the NUL. */
static char *unbracket(char *from)
{
	char *to = from, *end = from;
	for (; *end && *end != ']'; to++, end++) {
		if (*end == '\\' && end[1] == ']')
			end++;
		*to = *end;
	}
	if (to != end)
		*to = '\0';
	return end;
}

void tell_lex_token(
	const struct tell_lex *lex, struct tell_logical *line, struct tell_token *ret)
{
	char *from = line->next;
	*ret = (struct tell_token){ .closed = true };
	while (from && is_blank(*from))
		from++;
	if (!from || !*from) {
		line->next = NULL;
		ret->at = tell_lex_spot(lex, line, line->len);
		return;
	}
	ret->at = tell_lex_spot(lex, line, (size_t)(from - line->text));

	char *end;
	if (*from == '[') {
		end = unbracket(++from);
		ret->bracket = true;
		ret->closed = *end == ']';
	} else {
		for (end = from; *end && !is_blank(*end); end++)
			;
	}
	if (*end)
		*end++ = '\0';
	line->next = *end ? end : NULL;
	ret->text = from;
}

void tell_lex_put(struct tell_buf *out, const char *word)
{
	if (!strpbrk(word, " \t[]#\\")) {
		tell_buf_printf(out, " %s", word);
		return;
	}
	tell_buf_puts(out, " [");
	for (; *word; word++) {
		if (*word == ']')
			tell_buf_putc(out, '\\');
		tell_buf_putc(out, *word);
	}
	tell_buf_putc(out, ']');
}
