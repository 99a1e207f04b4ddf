#include "tool/unit_exec.h"
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define BLANKS " \t\n\r"

/* A word as it was written. */
struct word {
	const char *p;
	size_t n;
};

static bool is_blank(char c)
{
	return c != '\0' && strchr(BLANKS, c) != NULL;
}

/* The next word at *p, which moves behind it. 1, 0 at the end, -EINVAL. */
static int next_word(const char **p, const char *end, struct word *ret)
{
	const char *s = *p;
	char quote = '\0';
	while (s < end && is_blank(*s))
		s++;
	ret->p = s;
	for (; s < end && (quote || !is_blank(*s)); s++) {
		if (*s == '\\' && s + 1 < end)
			s++;
		else if (*s == quote)
			quote = '\0';
		else if (!quote && (*s == '"' || *s == '\''))
			quote = *s;
	}
	ret->n = (size_t)(s - ret->p);
	*p = s;
	return quote ? -EINVAL : ret->n > 0;
}

static bool is(struct word w, const char *text)
{
	return strlen(text) == w.n && memcmp(w.p, text, w.n) == 0;
}

/* Does the path, quotes aside, end in /name or is it name? */
static bool is_program(struct word w, const char *name)
{
	size_t n = strlen(name);
	while (w.n && (w.p[w.n - 1] == '"' || w.p[w.n - 1] == '\''))
		w.n--;
	if (w.n < n || memcmp(w.p + w.n - n, name, n) != 0)
		return false;
	return w.n == n || strchr("/\"'", w.p[w.n - n - 1]) != NULL;
}

/* One word of ours, in quotes that systemd takes off again where it has to be. In a command
 * with ':' in front '$' is a byte like any other. */
static void put_word(struct tell_buf *out, const char *word, bool variables)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_=.,:/@+-";
	if (*word && word[strspn(word, plain)] == '\0') {
		tell_buf_puts(out, word);
		return;
	}
	tell_buf_putc(out, '"');
	for (; *word; word++) {
		if (*word == '"' || *word == '\\')
			tell_buf_putc(out, '\\');
		if (*word == '%' || (*word == '$' && variables))
			tell_buf_putc(out, *word);
		if (*word == '\n')
			tell_buf_puts(out, "\\n");
		else
			tell_buf_putc(out, *word);
	}
	tell_buf_putc(out, '"');
}

static void put_path(struct tell_buf *out, char quote, struct word path, bool variables)
{
	tell_buf_putc(out, ' ');
	if (quote)
		tell_buf_putc(out, quote);
	for (size_t i = 0; i < path.n; i++) {
		if (path.p[i] == '$' && variables)
			tell_buf_putc(out, '$');
		tell_buf_putc(out, path.p[i]);
	}
}

/* The command's first word: what stands in front of the path. An opening quote stays with
 * the path. */
struct front {
	char prefixes[16]; /* without the '@' */
	bool own_name, variables;
	char quote;
	struct word path;
};

static int read_front(struct front *f, struct word first)
{
	size_t n = 0;
	*f = (struct front){ .variables = true };
	if (first.n && (*first.p == '"' || *first.p == '\'')) {
		f->quote = *first.p++;
		first.n--;
	}
	for (; first.n && strchr("@-:+!|", *first.p); first.p++, first.n--) {
		f->own_name |= *first.p == '@';
		f->variables &= *first.p != ':';
		if (*first.p != '@' && n + 1 < sizeof(f->prefixes))
			f->prefixes[n++] = *first.p;
	}
	f->path = first;
	return first.n > (f->quote != '\0') ? 0 : -EINVAL;
}

static bool ends_command(struct word w)
{
	return is(w, ";");
}

/* One command from *p on; 1, 0 when there is none, or a negative errno. */
static int wrap_one(struct tell_buf *out, const char **p, const char *end,
	const struct tell_unit_wrap *wrap)
{
	struct word word, name = { 0 };
	struct front f;
	int r = next_word(p, end, &word);
	if (r <= 0)
		return r;
	r = ends_command(word) ? -EINVAL : read_front(&f, word);
	if (r == 0 && f.own_name && next_word(p, end, &name) <= 0)
		r = -EINVAL;
	if (r < 0)
		return r;

	tell_buf_puts(out, "ExecStart=");
	tell_buf_puts(out, f.prefixes);
	put_word(out, wrap->program, f.variables);
	tell_buf_puts(out, " cat");
	for (const char *const *option = wrap->options; *option; option++) {
		tell_buf_putc(out, ' ');
		put_word(out, *option, f.variables);
	}
	if (f.own_name) {
		tell_buf_puts(out, " --argv0 ");
		tell_buf_put(out, name.p, name.n);
	}
	tell_buf_puts(out, " --");
	put_path(out, f.quote, f.path, f.variables);
	for (bool first = true; (r = next_word(p, end, &word)) > 0 && !ends_command(word);
		first = false) {
		if (first && is_program(f.path, "telltale") && is(word, "cat"))
			return -EALREADY;
		tell_buf_putc(out, ' ');
		tell_buf_put(out, word.p, word.n);
	}
	tell_buf_putc(out, '\n');
	return r < 0 ? r : 1;
}

int tell_unit_wrap(struct tell_buf *out, const char *value, size_t len,
	const struct tell_unit_wrap *wrap)
{
	const char *p = value, *end = value + len;
	int n = 0, r;
	while ((r = wrap_one(out, &p, end, wrap)) > 0)
		n++;
	return r < 0 ? r : n;
}
