#include "tool/print.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/utf8.h"
#include "encode/encode.h"
#include "record/key.h"
#include "decode/json_read.h"

bool tell_print_format(struct tell_print *p, const char *word)
{
	size_t n = strlen(word);
	if (strcmp(word, "text") == 0)
		word = "short"; /* what our sinks call it */
	for (const char *w = TELL_PRINT_FORMATS; *w; w += strspn(w, " ")) {
		size_t len = strcspn(w, " ");
		if (len == n && memcmp(w, word, n) == 0) {
			p->format = word;
			return true;
		}
		w += len;
	}
	return false;
}

int tell_print_fields(struct tell_print *p, const char *list)
{
	char *text = strdup(list);
	if (!text)
		return -ENOMEM;
	free(p->fields_memory);
	p->fields_memory = text;
	p->n_fields = 0;
	for (char *rest = text, *name; (name = strsep(&rest, ",")) != NULL;) {
		if (!*name || strlen(name) > TELL_NAME_MAX)
			return -EINVAL;
		if (p->n_fields == TELL_PRINT_FIELDS_MAX)
			return -E2BIG;
		for (char *c = name; *c; c++)
			*c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
		p->fields[p->n_fields++] = name;
	}
	return p->n_fields ? 0 : -EINVAL;
}

void tell_print_done(struct tell_print *p)
{
	tell_buf_done(&p->line);
	tell_buf_done(&p->work);
	free(p->fields_memory);
	p->fields_memory = NULL;
}

bool tell_print_wants(const struct tell_print *p, const char *name, size_t len)
{
	for (size_t i = 0; i < p->n_fields; i++)
		if (strlen(p->fields[i]) == len &&
			strncasecmp(p->fields[i], name, len) == 0)
			return true;
	return p->n_fields == 0;
}

static void put_break(struct tell_buf *out, bool pretty, int depth)
{
	if (!pretty)
		return;
	tell_buf_putc(out, '\n');
	for (int i = 0; i < depth; i++)
		tell_buf_puts(out, "  ");
}

/* A value over several lines, members indented. */
static void put_pretty(struct tell_buf *out, const struct tell_json_span *in, int depth)
{
	struct tell_json_span key, value;
	bool object = in->kind == TELL_JSON_OBJECT;
	if (!object && in->kind != TELL_JSON_ARRAY) {
		tell_buf_put(out, in->text, in->len);
		return;
	}
	size_t n = 0;
	tell_buf_putc(out, object ? '{' : '[');
	for (size_t pos = 0; tell_json_next(in, &pos, &key, &value); n++) {
		if (n)
			tell_buf_putc(out, ',');
		put_break(out, true, depth + 1);
		tell_buf_put(out, key.text, key.len);
		if (object)
			tell_buf_puts(out, ": ");
		put_pretty(out, &value, depth + 1);
	}
	if (n)
		put_break(out, true, depth);
	tell_buf_putc(out, object ? '}' : ']');
}

/* The members asked for, or all. */
static void put_members(
	struct tell_print *p, struct tell_buf *out, const struct tell_json_span *line)
{
	struct tell_json_span key, value;
	bool pretty = strcmp(p->format, "json-pretty") == 0;
	size_t n = 0;
	tell_buf_putc(out, '{');
	for (size_t pos = 0; tell_json_next(line, &pos, &key, &value);) {
		if (!tell_print_wants(p, key.text + 1, key.len - 2) &&
			!tell_json_key_is(&key, "timestamp"))
			continue;
		if (n++)
			tell_buf_putc(out, ',');
		put_break(out, pretty, 1);
		tell_buf_put(out, key.text, key.len);
		tell_buf_puts(out, pretty ? ": " : ":");
		if (pretty)
			put_pretty(out, &value, 1);
		else
			tell_buf_put(out, value.text, value.len);
	}
	put_break(out, pretty, 0);
	tell_buf_putc(out, '}');
}

static void print_json(
	struct tell_print *p, const struct tell_entry *e, struct tell_buf *out)
{
	struct tell_layout layout = { .who = &e->who, .work = &p->work };
	struct tell_json_span line;
	tell_buf_clear(&p->line);
	tell_encode_json(&p->line, &e->record, &layout);
	bool whole = p->n_fields == 0 && strcmp(p->format, "json") == 0;
	if (!whole && tell_json_check(tell_buf_cstr(&p->line), p->line.len, &line))
		put_members(p, out, &line);
	else
		tell_buf_put(out, p->line.data, p->line.len);
	tell_buf_putc(out, '\n');
}

/* Past one name=value, whose value may be quoted. */
static size_t pair_len(const char *text, size_t len)
{
	size_t i = 0;
	while (i < len && text[i] != '=' && text[i] != ' ')
		i++;
	if (i + 1 >= len || text[i] == ' ')
		return i;
	if (text[++i] != '"') {
		const char *blank = memchr(text + i, ' ', len - i);
		return blank ? (size_t)(blank - text) : len;
	}
	for (i++; i < len && text[i] != '"'; i++)
		i += text[i] == '\\';
	return i < len ? i + 1 : len;
}

static void print_logfmt(
	struct tell_print *p, const struct tell_entry *e, struct tell_buf *out)
{
	struct tell_layout layout = { .who = &e->who, .work = &p->work };
	tell_buf_clear(&p->line);
	tell_encode_logfmt(&p->line, &e->record, &layout);
	bool first = true;
	for (size_t i = 0, n; i < p->line.len; i += n + (i + n < p->line.len)) {
		const char *pair = p->line.data + i;
		n = pair_len(pair, p->line.len - i);
		const char *equals = memchr(pair, '=', n);
		if (equals && !tell_print_wants(p, pair, (size_t)(equals - pair)) &&
			strncmp(pair, "timestamp=", 10) != 0)
			continue;
		if (!first)
			tell_buf_putc(out, ' ');
		first = false;
		tell_buf_put(out, pair, n);
	}
	tell_buf_putc(out, '\n');
}

void tell_print_entry(
	struct tell_print *p, const struct tell_entry *e, struct tell_buf *out)
{
	if (strncmp(p->format, "json", 4) == 0)
		print_json(p, e, out);
	else if (strcmp(p->format, "logfmt") == 0)
		print_logfmt(p, e, out);
	else if (strcmp(p->format, "export") == 0)
		tell_print_export(p, e, out);
	else if (strcmp(p->format, "verbose") == 0)
		tell_print_verbose(p, e, out);
	else if (strcmp(p->format, "cat") == 0)
		tell_print_cat(p, e, out);
	else
		tell_print_short(p, e, out);
}
