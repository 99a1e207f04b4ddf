#include "tool/redact_json.h"
#include <stdio.h>
#include <string.h>
#include <telltale/field.h>
#include "base/number.h"
#include "base/utf8.h"
#include "record/record.h"
#include "decode/json_read.h"
#include "tool/redact_pem.h"

/* telltale redact: JSON. */

/* What a value is asked about under. */
struct name {
	char text[TELL_REDACT_NAME_MAX]; /* by tell_secret_fold(): humps are words */
	bool secret;			 /* all that is below it is masked */
};

static void walk(struct tell_redact_json *j, const struct tell_json_span *in,
	const struct name *name);

static void fold(struct name *ret, const char *text, size_t len)
{
	size_t n = tell_secret_fold(ret->text, text, len);
	ret->text[n] = '\0';
	ret->secret = false;
}

static void copy_to(struct tell_redact_json *j, const char *end)
{
	tell_buf_put(j->to, j->copied, (size_t)(end - j->copied));
	j->copied = end;
}

/* The string's content, in j->plain. */
static void decode(struct tell_redact_json *j, const struct tell_json_span *string)
{
	tell_buf_clear(&j->plain);
	tell_json_decode(&j->plain, string);
}

static void put_text(struct tell_redact_json *j, const struct tell_json_span *at,
	const char *masked, size_t n)
{
	bool string = at->kind == TELL_JSON_STRING;
	struct tell_buf none = { 0 };
	copy_to(j, at->text);
	tell_buf_putc(j->to, '"');
	if (string)
		tell_redact_json_splice(
			j->to, at->text + 1, at->len - 2, &j->plain, masked, n);
	else
		tell_redact_json_splice(j->to, "", 0, &none, masked, n);
	tell_buf_putc(j->to, '"');
	j->copied = at->text + at->len;
}

/* Write what became of a value. */
static void replace(struct tell_redact_json *j, const struct tell_json_span *at,
	const struct tell_value *v)
{
	static const char secret[] = "[REDACTED]";
	if (v->type == TELL_TYPE_NULL) {
		copy_to(j, at->text);
		tell_buf_puts(j->to, "null");
		j->copied = at->text + at->len;
		return;
	}
	const char *text = v->type == TELL_TYPE_SECRET ? secret : v->data;
	size_t n = v->type == TELL_TYPE_SECRET ? sizeof(secret) - 1 : v->len;
	if (at->kind == TELL_JSON_STRING)
		tell_redactor_count(j->rules, j->plain.data, j->plain.len, text, n);
	else
		tell_redactor_count(j->rules, "", 0, text, n);
	put_text(j, at, text, n);
}

static struct tell_field number_field(const char *name, const struct tell_json_span *at)
{
	int64_t i;
	uint64_t u;
	double d;
	if (tell_parse_i64(at->text, at->len, &i))
		return tell_i64(name, i);
	if (tell_parse_u64(at->text, at->len, &u))
		return tell_u64(name, u);
	if (memchr(at->text, '.', at->len) || memchr(at->text, 'e', at->len) ||
		memchr(at->text, 'E', at->len))
		return tell_f64(name, tell_parse_f64(at->text, at->len, &d) ? d : 0);
	return tell_strn(name, at->text, at->len); /* longer than any integer of ours */
}

static struct tell_field field_of(
	struct tell_redact_json *j, const char *name, const struct tell_json_span *at)
{
	switch (at->kind) {
	case TELL_JSON_STRING:
		decode(j, at);
		return tell_strn(name, j->plain.data ? j->plain.data : "", j->plain.len);
	case TELL_JSON_TRUE:
	case TELL_JSON_FALSE:
		return tell_bool(name, at->kind == TELL_JSON_TRUE);
	case TELL_JSON_NUMBER:
		return number_field(name, at);
	case TELL_JSON_NULL:
	case TELL_JSON_ARRAY:
	case TELL_JSON_OBJECT:
		break;
	}
	return tell_null(name);
}

/* {"log":"-----BEGIN ..."} and its next lines, each in a JSON line of its own, under the
 * same name. True: the string in j->plain is one of them. */
static bool is_of_key(struct tell_redact_json *j, const char *name)
{
	const char *text = j->plain.data ? j->plain.data : "";
	size_t n = j->plain.len;
	if (!j->key_open) {
		if (!tell_pem_opens(text, n))
			return false;
		j->key_open = j->key_seen = true;
		(void)snprintf(j->key_name, sizeof(j->key_name), "%s", name);
		return false; /* the rules see where it begins */
	}
	if (strcmp(j->key_name, name) != 0 || !tell_pem_goes_on(text, n))
		return false;
	j->key_seen = true;
	j->key_open = !tell_pem_ends(text, n);
	return n > 0;
}

/* What became of a scalar; NULL: nothing. */
static const struct tell_value *ask(struct tell_redact_json *j,
	const struct tell_json_span *at, const struct name *name)
{
	static const struct tell_value key = {
		.type = TELL_TYPE_STR, .data = "[REDACTED:pem]", .len = 14
	};
	static const struct tell_value failed = {
		.type = TELL_TYPE_STR, .data = "[REDACTED:error]", .len = 16
	};
	const struct tell_field field = field_of(j, name->text, at);
	if (at->kind == TELL_JSON_STRING && j->plain.cut)
		return &failed; /* no memory: nobody has seen all of it */
	if (at->kind == TELL_JSON_STRING && is_of_key(j, name->text))
		return &key;
	return tell_redactor_value(j->rules, &field);
}

/* A value under a name. */
static void value(struct tell_redact_json *j, const struct tell_json_span *at,
	const struct name *name)
{
	if (at->kind == TELL_JSON_NULL)
		return;
	if (at->kind == TELL_JSON_OBJECT || at->kind == TELL_JSON_ARRAY) {
		struct name below = *name;
		below.secret = name->secret || tell_redactor_name(j->rules, name->text);
		walk(j, at, &below);
		return;
	}
	const struct tell_value *v = ask(j, at, name);
	if (v)
		replace(j, at, v);
}

/* ---- what stands beside each other ---- */

struct word {
	uint8_t len;
	const char text[14];
};
#define WORD(text)                                                                       \
	{                                                                                \
		sizeof(text) - 1, text                                                   \
	}

/* Is a key one of those words? The last is empty. */
static bool key_is_one_of(const struct tell_json_span *key, const struct word *words)
{
	for (; words->len; words++)
		if (key->len == words->len + 2u &&
			memcmp(key->text + 1, words->text, words->len) == 0)
			return true;
	return false;
}

/* {"name":"Authorization","value":"..."}: the member that names the other. */
static bool named_inside(
	struct tell_redact_json *j, const struct tell_json_span *in, struct name *ret)
{
	static const struct word names[] = { WORD("name"), WORD("Name"), WORD("key"),
		WORD("Key"), WORD("header"), WORD("field"), WORD("param"),
		WORD("parameter"), WORD("variable"), WORD("var"), WORD("k"), { 0 } };
	struct tell_json_span key, v;
	for (size_t pos = 0; tell_json_next(in, &pos, &key, &v);) {
		if (v.kind != TELL_JSON_STRING || v.len > TELL_SECRET_NAME_MAX ||
			!key_is_one_of(&key, names))
			continue;
		decode(j, &v);
		fold(ret, j->plain.data ? j->plain.data : "", j->plain.len);
		return *ret->text;
	}
	return false;
}

/* ["--password","x"] and ["Authorization","Basic x"], as one text. True: the second is
 * masked, and in `to`. */
static bool pair(struct tell_redact_json *j, const struct tell_json_span *first,
	const struct tell_json_span *second, bool option)
{
	struct tell_buf *text = &j->joined;
	tell_buf_clear(text);
	tell_json_decode(text, first);
	tell_buf_puts(text, option ? " " : ": ");
	size_t begin = text->len;
	decode(j, second);
	tell_buf_put(text, j->plain.data, j->plain.len);
	const struct tell_field field = tell_strn("args", text->data, text->len);
	const struct tell_value *v = tell_redactor_value(j->rules, &field);
	if (!v || v->type == TELL_TYPE_SECRET || v->len <= begin ||
		memcmp(v->data, text->data, begin) != 0)
		return false;
	tell_redactor_count(j->rules, j->plain.data, j->plain.len,
		(const char *)v->data + begin, v->len - begin);
	put_text(j, second, (const char *)v->data + begin, v->len - begin);
	return true;
}

static bool is_option(const struct tell_json_span *s)
{
	return s->kind == TELL_JSON_STRING && s->len > 3 && s->text[1] == '-' &&
		!memchr(s->text, '=', s->len) && !memchr(s->text, ' ', s->len);
}

/* ["Authorization","Basic x"], not ["password","email"]: a list of two names. */
static bool is_header(
	const struct tell_json_span *name, const struct tell_json_span *value)
{
	if (name->kind != TELL_JSON_STRING || value->kind != TELL_JSON_STRING)
		return false;
	for (size_t i = 1; i + 1 < value->len; i++) {
		char c = value->text[i];
		if (!(c >= 'a' && c <= 'z') && c != '_' && c != '-')
			return true;
	}
	return false;
}

/* True: it was a text in bytes, and is done with. */
static bool bytes(struct tell_redact_json *j, const struct tell_json_span *in,
	const struct name *name)
{
	tell_buf_clear(&j->joined);
	if (!tell_redact_json_bytes(in, &j->joined))
		return false;
	const struct tell_field field = tell_strn(
		name->text, j->joined.data, j->joined.len);
	const struct tell_value *v = tell_redactor_value(j->rules, &field);
	if (v && v->type == TELL_TYPE_STR) {
		tell_redactor_count(
			j->rules, j->joined.data, j->joined.len, v->data, v->len);
		copy_to(j, in->text);
		tell_redact_json_put_bytes(j->to, v->data, v->len);
		j->copied = in->text + in->len;
	} else if (v) {
		replace(j, in, v);
	}
	return true;
}

static void array(struct tell_redact_json *j, const struct tell_json_span *in,
	const struct name *name)
{
	struct tell_json_span none, e, last = { 0 };
	size_t n = 0;
	if (bytes(j, in, name))
		return;
	for (size_t pos = 0; tell_json_next(in, &pos, &none, &e); n++) {
		bool text = e.kind == TELL_JSON_STRING && !name->secret;
		bool option = text && is_option(&last);
		size_t look = pos;
		struct tell_json_span more;
		bool header = text && n == 1 && is_header(&last, &e) &&
			!tell_json_next(in, &look, &none, &more);
		if (!(option || header) || !pair(j, &last, &e, option))
			value(j, &e, name);
		last = e;
	}
}

/* ---- objects ---- */

/* Cannot hold a secret: it has letters and little else. */
static bool is_plain_key(const struct tell_json_span *key)
{
	for (size_t i = 1; i + 1 < key->len; i++) {
		char c = key->text[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && c != '_' &&
			c != '-')
			return false;
	}
	return key->len <= 34;
}

static void look_at_key(struct tell_redact_json *j, const struct tell_json_span *key)
{
	if (is_plain_key(key))
		return;
	decode(j, key);
	const struct tell_field field = tell_strn(
		"key", j->plain.data ? j->plain.data : "", j->plain.len);
	const struct tell_value *v = tell_redactor_value(j->rules, &field);
	if (v && v->type != TELL_TYPE_NULL)
		replace(j, key, v);
}

/* The name that a key gives; a mask is none, although it ends with a word such as "jwt". */
static void own_name(
	struct tell_redact_json *j, const struct tell_json_span *key, struct name *ret)
{
	static const char mask[] = "[REDACTED";
	decode(j, key);
	if (memchr(key->text, '[', key->len) &&
		memmem(key->text, key->len, mask, sizeof(mask) - 1))
		fold(ret, "value", 5);
	else
		fold(ret, j->plain.data ? j->plain.data : "", j->plain.len);
}

static void object(struct tell_redact_json *j, const struct tell_json_span *in,
	const struct name *above)
{
	static const struct word values[] = { WORD("value"), WORD("Value"), WORD("val"),
		WORD("v"), WORD("values"), WORD("data"), WORD("content"),
		WORD("stringValue"), { 0 } };
	struct name named, own;
	bool is_named = !above->secret && named_inside(j, in, &named);
	struct tell_json_span key, v;
	for (size_t pos = 0; tell_json_next(in, &pos, &key, &v);) {
		look_at_key(j, &key);
		own_name(j, &key, &own);
		const struct name *name = above->secret ? above : &own;
		if (is_named && key_is_one_of(&key, values) &&
			!tell_redactor_name(j->rules, own.text))
			name = &named;
		value(j, &v, name);
	}
}

static void walk(struct tell_redact_json *j, const struct tell_json_span *in,
	const struct name *name)
{
	if (in->kind == TELL_JSON_OBJECT)
		object(j, in, name);
	else
		array(j, in, name);
}

static bool look(struct tell_redact_json *j, const char *line, size_t len)
{
	static const struct name top = { .text = "value" };
	struct tell_json_span all;
	size_t at = 0;
	while (at < len && (line[at] == ' ' || line[at] == '\t'))
		at++;
	if (at == len || (line[at] != '{' && line[at] != '[') ||
		!tell_json_check(line, len, &all))
		return false;
	j->copied = line;
	j->key_seen = false;
	walk(j, &all, &top);
	j->key_open &= j->key_seen;
	copy_to(j, line + len);
	return true;
}

/* What is no UTF-8 is U+FFFD in what was replaced, another text: it is looked at, too. */
bool tell_redact_json(struct tell_redact_json *j, const char *line, size_t len)
{
	struct tell_buf first = { 0 };
	size_t begin = j->to->len;
	if (!look(j, line, len))
		return false;
	if (tell_utf8_valid(line, len) < len && !j->to->cut)
		tell_buf_put(&first, j->to->data + begin, j->to->len - begin);
	if (first.len && !first.cut) {
		j->to->len = begin;
		(void)look(j, first.data, first.len);
	}
	tell_buf_done(&first);
	return true;
}

void tell_redact_json_done(struct tell_redact_json *j)
{
	tell_buf_done(&j->plain);
	tell_buf_done(&j->joined);
}
