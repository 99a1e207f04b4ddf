#include "enrich/parsed.h"
#include <string.h>
#include <strings.h>
#include "decode/json_field.h"
#include "decode/logfmt.h"
#include "decode/role.h"
#include "decode/typed.h"
#include "record/record.h"
#include "record/slot.h"

#define AGAIN "parsed_" /* in front of a name that the record had before */

void tell_parsed_begin(struct tell_parsed *p, const char *prefix)
{
	const struct tell_head *h = p->record->head;
	p->level = -1;
	p->message = NULL;
	p->message_len = p->n = 0;
	p->over = false;
	p->size = h->size;
	p->n_slots = h->n_slots;
	p->flags = h->flags;
	p->prefix_len = p->path_len = strlen(prefix); /* the line checked it */
	memcpy(p->path, prefix, p->path_len);
}

/* Nothing that was there was touched: what was added lies behind it. */
void tell_parsed_back(struct tell_parsed *p)
{
	struct tell_head *h = p->record->head;
	h->size = p->size;
	h->n_slots = (uint16_t)p->n_slots;
	h->flags = p->flags;
}

/* ---- a field ---- */

static bool had(const struct tell_parsed *p, const struct tell_key *key)
{
	struct tell_value v;
	return p->record->names & tell_key_bit(key->id) &&
		tell_record_get(p->record, key->name, key->len, &v) && v.at < p->size;
}

/* The name of a spelling, in the dictionary or, when that is full, in *made. */
static const struct tell_key *key_of(const char *name, size_t len, struct tell_key *made)
{
	const struct tell_key *key = tell_key_of(name, len);
	if (!key) {
		(void)tell_key_make(made, name, len); /* counted there */
		key = made;
	}
	return key;
}

static void add(
	struct tell_parsed *p, const char *name, size_t len, const struct tell_field *f)
{
	struct tell_key made;
	char again[sizeof(AGAIN) + TELL_NAME_MAX];
	const struct tell_key *key = key_of(name, len, &made);
	if (had(p, key)) {
		len = sizeof(AGAIN) - 1 + key->len;
		memcpy(again, AGAIN, sizeof(AGAIN) - 1);
		memcpy(again + sizeof(AGAIN) - 1, key->name, key->len);
		name = again;
		key = key_of(name, len, &made);
		p->over |= had(p, key);
	}
	if (p->over || p->n == TELL_PARSED_MAX) {
		p->over = true;
		return;
	}
	struct tell_field field = *f;
	field.key = name;
	field.key_len = (uint16_t)len;
	tell_record_add(p->record, &field, 1, 0, &key->id);
	p->n++;
	p->over |= (p->record->head->flags & ~p->flags & TELL_RECORD_CUT) != 0;
}

/* ---- what a name stands for ---- */

static bool is_one_of(const char *words, const char *name, size_t len)
{
	for (; *words; words += strspn(words, ",")) {
		size_t n = strcspn(words, ",");
		if (n == len && memcmp(words, name, len) == 0)
			return true;
		words += n;
	}
	return false;
}

static bool is_message(
	struct tell_parsed *p, const char *name, size_t len, const struct tell_field *f)
{
	if (p->message || f->type != TELL_TYPE_STR ||
		!is_one_of(p->message_names, name, len))
		return false;
	p->message = f->v.ptr;
	p->message_len = f->len;
	return true;
}

static bool is_level(
	struct tell_parsed *p, const char *name, size_t len, const struct tell_field *f)
{
	char digit[2];
	if (!p->take_level || p->level >= 0 || tell_role_of(name, len) != TELL_ROLE_LEVEL)
		return false;
	if (f->type == TELL_TYPE_STR) {
		p->level = tell_role_level(f->v.ptr, f->len);
	} else if (f->type == TELL_TYPE_I64 && f->v.i64 >= 0 && f->v.i64 <= 60) {
		digit[0] = (char)('0' + f->v.i64 / 10);
		digit[1] = (char)('0' + f->v.i64 % 10);
		size_t skip = f->v.i64 < 10;
		p->level = tell_role_level(digit + skip, 2 - skip);
	}
	return p->level >= 0;
}

/* As OpenTelemetry's own logs and many others have them: traceId, spanID. By our names they are
 * found together with the others' (receivers make a link of them). */
static bool is_trace(
	struct tell_parsed *p, const char *name, size_t len, const struct tell_field *f)
{
	if (len == 7 && strncasecmp(name, "traceid", len) == 0)
		add(p, "trace_id", 8, f);
	else if (len == 6 && strncasecmp(name, "spanid", len) == 0)
		add(p, "span_id", 7, f);
	else
		return false;
	return true;
}

/* The name in the text, with the objects it is in, behind the line's prefix. */
void tell_parsed_add(struct tell_parsed *p, const char *key, size_t key_len,
	const struct tell_field *f)
{
	if (p->over || key_len > sizeof(p->path) - p->path_len) {
		p->over = true;
		return;
	}
	memcpy(p->path + p->path_len, key, key_len);
	const char *own = p->path + p->prefix_len;
	size_t own_len = p->path_len + key_len - p->prefix_len;
	if (!is_message(p, own, own_len, f) && !is_level(p, own, own_len, f) &&
		!is_trace(p, own, own_len, f))
		add(p, p->path, p->path_len + key_len, f);
}

size_t tell_parsed_enter(struct tell_parsed *p, const char *key, size_t key_len)
{
	size_t before = p->path_len;
	if (key_len + 1 > sizeof(p->path) - before) {
		p->over = true;
		return before;
	}
	memcpy(p->path + before, key, key_len);
	p->path[before + key_len] = '.';
	p->path_len = before + key_len + 1;
	return before;
}

void tell_parsed_leave(struct tell_parsed *p, size_t before)
{
	p->path_len = before;
}

/* ---- JSON ---- */

static bool is_empty(const struct tell_json_span *object)
{
	struct tell_json_span key, value;
	size_t pos = 0;
	return !tell_json_next(object, &pos, &key, &value);
}

/* A key's bytes: in the text where nothing is to be decoded. */
static const char *key_text(
	struct tell_parsed *p, const struct tell_json_span *key, size_t *ret_len)
{
	if (!memchr(key->text, '\\', key->len)) {
		*ret_len = key->len - 2;
		return key->text + 1;
	}
	struct tell_field f = tell_json_field(p->text, key);
	*ret_len = f.len;
	return f.v.ptr;
}

/* Behind the objects that it is in: "user.password". */
static bool is_hidden(struct tell_parsed *p, const char *key, size_t key_len)
{
	if (!p->run->hides || key_len > sizeof(p->path) - p->path_len)
		return false;
	memcpy(p->path + p->path_len, key, key_len);
	return p->run->hides(p->run->redact, p->path, p->path_len + key_len);
}

/* Recursion as deep as the text, which was checked: up to TELL_JSON_DEPTH_MAX. */
static void add_members(struct tell_parsed *p, const struct tell_json_span *object)
{
	struct tell_json_span key, value;
	for (size_t pos = 0; !p->over && tell_json_next(object, &pos, &key, &value);) {
		size_t len;
		const char *name = key_text(p, &key, &len);
		if (value.kind == TELL_JSON_OBJECT && !is_empty(&value) &&
			!is_hidden(p, name, len)) {
			size_t before = tell_parsed_enter(p, name, len);
			add_members(p, &value);
			tell_parsed_leave(p, before);
			continue;
		}
		struct tell_field f = tell_json_field(p->text, &value);
		tell_parsed_add(p, name, len, &f);
	}
}

bool tell_parsed_json(struct tell_parsed *p, const char *text, size_t len)
{
	struct tell_json_span object;
	if (!tell_json_check(text, len, &object) || object.kind != TELL_JSON_OBJECT)
		return false;
	add_members(p, &object);
	return true;
}

/* ---- logfmt ---- */

static void add_pair(struct tell_parsed *p, const struct tell_logfmt_pair *pair)
{
	size_t len = pair->value_len;
	const char *text = pair->quoted ? tell_logfmt_unquote(p->text, pair, &len)
					: pair->value;
	struct tell_field f = pair->quoted ? tell_strn("", text, len)
					   : tell_field_typed("", text, len);
	tell_parsed_add(p, pair->key, pair->key_len, &f);
}

/* Looked at before anything is added: a name would stay in the dictionary. NULL: it is none. */
static const char *pairs_of(const char *text, const char *end, bool words)
{
	if (words)
		return tell_logfmt_tail(text, end);
	const char *p = text;
	struct tell_logfmt_pair pair;
	for (size_t n = 0; tell_logfmt_next(&p, end, &pair); n++)
		if (p == end)
			return n > 0 ? text : NULL;
	return NULL;
}

bool tell_parsed_logfmt(struct tell_parsed *p, const char *text, size_t len, bool words)
{
	const char *end = text + len;
	while (end > text && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	if (!memchr(text, '=', len) || memchr(text, '\n', len))
		return false;
	const char *at = pairs_of(text, end, words);
	if (!at)
		return false;
	size_t front = (size_t)(at - text);
	while (front > 0 && (text[front - 1] == ' ' || text[front - 1] == '\t'))
		front--;
	if (front > 0) {
		p->message = text;
		p->message_len = front;
	}
	for (struct tell_logfmt_pair pair; at < end && tell_logfmt_next(&at, end, &pair);)
		add_pair(p, &pair);
	return true;
}
